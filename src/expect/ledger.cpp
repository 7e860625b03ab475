#include "expect/ledger.h"

#include <algorithm>
#include <span>
#include <utility>

#include "program/told_apart.h"

namespace sagalab::expect {

using trace::RecordKind;

Ledger::Ledger(const program::Program& program)
    : program_(program),
      layout_(layout_of(program)),
      counts_(program.deliveries.size()),
      loads_(program.loads.size()) {}

std::shared_ptr<const Ledger::Layout> Ledger::layout_of(const program::Program& program) {
    Layout layout;
    layout.counted.resize(program.operations.size());
    for (std::uint32_t i = 0; i < program.deliveries.size(); ++i) {
        const program::Delivery& delivery = program.deliveries[i];
        layout.counted[delivery.operation.value].push_back({delivery.service, i});
    }
    layout.told_apart = program::counts_told_apart(program);
    return std::make_shared<const Layout>(std::move(layout));
}

void Ledger::delivered(const world::Reaction& reaction) {
    if (!reaction.handled) return;
    for (const Counted& counted : layout_->counted[reaction.operation.value]) {
        if (counted.service != reaction.service) continue;
        ++counts_[counted.delivery];
        const std::vector<std::uint32_t>& sequence = program_.expect.sequence;
        if (sequence_done_ < sequence.size() && sequence[sequence_done_] == counted.delivery) {
            ++sequence_done_;
        }
    }
}

void Ledger::take(const trace::Record& record) {
    switch (record.kind) {
        case RecordKind::replied: replied(record); break;
        case RecordKind::passed:
            passed_.resize(program_.points.size());
            ++passed_[record.step];
            break;
        case RecordKind::assertion: assertions_.push_back(record); break;
        case RecordKind::dead_letter: ++dead_letters_; break;
        default: break;
    }
}

void Ledger::replied(const trace::Record& record) {
    replies_.put(record.key, record.value);
    if (!record.instruction) return;
    const std::uint32_t load = program_[record.instruction].call;
    if (load < loads_.size()) loads_[load].ended(record.time, record.at, record.outcome);
}

Hash128 Ledger::hash128(Hash128 start) const {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        start = start.with(std::min(counts_[i], layout_->told_apart[i]));
    }
    return start.with(sequence_done_).with(assertions_.size()).with(replies_.fingerprint());
}

Value Ledger::load() const {
    std::vector<MapEntry> entries;
    for (std::size_t i = 0; i < loads_.size(); ++i) {
        entries.push_back({Value(program_.loads[i]), loads_[i].figures()});
    }
    return Value::map(std::span(entries));
}

}  // namespace sagalab::expect

#include "expect/ledger.h"

#include <span>

namespace sagalab::expect {

using trace::RecordKind;

Ledger::Ledger(const program::Program& program)
    : program_(program), counts_(program.deliveries.size()), loads_(program.loads.size()) {
    counted_.resize(program.operations.size());
    for (std::uint32_t i = 0; i < program.deliveries.size(); ++i) {
        const program::Delivery& delivery = program.deliveries[i];
        counted_[delivery.operation.value].push_back({delivery.service, i});
    }
}

void Ledger::delivered(const world::Reaction& reaction) {
    if (!reaction.handled) return;
    for (const Counted& counted : counted_[reaction.operation.value]) {
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
    for (std::uint64_t count : counts_) start = start.with(count);
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

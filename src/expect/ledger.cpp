#include "expect/ledger.h"

namespace sagalab::expect {

using trace::RecordKind;

Ledger::Ledger(const program::Program& program)
    : program_(program), counts_(program.deliveries.size()) {
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
        case RecordKind::replied: replies_.put(record.key, record.value); break;
        case RecordKind::assertion: assertions_.push_back(record); break;
        case RecordKind::dead_letter:
            dead_letters_.push_back(
                Value::map({{"type", program_[record.operation].name},
                            {"to", program_[record.service].name},
                            {"id", record.message.hex()},
                            {"data", record.value},
                            {"reason", record.code},
                            {"attempts", static_cast<std::int64_t>(record.attempt)}}));
            break;
        default: break;
    }
}

}  // namespace sagalab::expect

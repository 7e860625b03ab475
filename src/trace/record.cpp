#include "trace/record.h"

namespace sagalab::trace {

const char* saga_note_name(SagaNote note) {
    switch (note) {
        case SagaNote::none: break;
        case SagaNote::started: return "started";
        case SagaNote::succeeded: return "succeeded";
        case SagaNote::rejected: return "rejected";
        case SagaNote::failed: return "failed";
        case SagaNote::unknown: return "unknown";
        case SagaNote::undo_started: return "undo started";
        case SagaNote::undo_finished: return "undo finished";
        case SagaNote::undo_failed: return "undo failed";
        case SagaNote::running: return "running";
        case SagaNote::compensating: return "compensating";
        case SagaNote::completed: return "completed";
        case SagaNote::compensated: return "compensated";
        case SagaNote::parked: return "parked";
        case SagaNote::deadline: return "deadline";
        case SagaNote::resumed: return "resumed";
    }
    return "";
}

}  // namespace sagalab::trace

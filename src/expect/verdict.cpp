#include "expect/verdict.h"

namespace sagalab::expect {

const char* kind_name(Kind kind) {
    switch (kind) {
        case Kind::always: return "always";
        case Kind::finally: return "finally";
        case Kind::sometimes: return "sometimes";
        case Kind::replies: return "replies";
        case Kind::sequence: return "sequence";
        case Kind::counts: return "counts";
        case Kind::fault_fired: return "fault";
        case Kind::settles: return "liveness";
        case Kind::assertion: break;
    }
    return "assert";
}

}  // namespace sagalab::expect

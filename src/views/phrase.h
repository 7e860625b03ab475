// What a record of the trace says, as sentences of a story: "OrderService" "takes CreateOrder from
// client". No record kind is left without words except those that another record tells.
#pragma once

#include <string>
#include <vector>

#include "program/program.h"
#include "trace/record.h"
#include "views/style.h"

namespace sagalab::views {

struct Phrase {
    std::vector<std::string> lines;  // empty: nothing to tell; printable, not cut
    Tone tone = Tone::plain;
    bool enters = false;  // it begins something: its time and its service are shown again
};

Phrase phrase(const program::Program& program, const trace::Record& record);

// What people call a service; "the bus" where there is none.
std::string display_name(const program::Program& program, ServiceId service);

// `value` as text: strings without quotes.
std::string plain_text(const Value& value);

}  // namespace sagalab::views

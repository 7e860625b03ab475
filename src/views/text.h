// The text view: a run as a story that can be read aloud, in aligned columns.
//
//        1ms  OrderService  takes CreateOrder from client
//                           orders['o-1']: (none) -> {"status": "pending"}
//
// Time and service are shown where a handling begins or goes on after others. A line that is
// too long goes on once, and is cut to the width where even that is too short; names and payloads
// cannot steer a terminal.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "drivers/run.h"
#include "program/program.h"
#include "trace/record.h"
#include "views/output.h"
#include "views/phrase.h"
#include "views/style.h"

namespace sagalab::views {

struct TextOptions {
    bool color = false;
    bool verbose = false;     // nothing is cut
    bool live = false;        // every line is handed over at once
    std::size_t width = 100;  // columns
};

class TextStory : public trace::Sink {
public:
    TextStory(const program::Program& program, Output& output, const TextOptions& options);
    // Title and `about`, before the run.
    void begin();
    void take(const trace::Record& record) override;
    // The stores as they ended, and whatever is still in the buffer.
    void finish(const drivers::RunResult& result);
    // Hands over whatever is still in the buffer.
    void flush();

private:
    // Whose handling a line belongs to.
    struct Group {
        Hash128 cause;
        ServiceId service;
        Nanos at = -1;
        friend bool operator==(const Group&, const Group&) = default;
    };

    void tell(const trace::Record& record, const Phrase& phrase);
    void tell_about(const trace::Record& record);
    void go_back_to(const trace::Record& record);
    void line(std::string_view time, std::string_view service, Tone tone, std::string_view text,
              std::string_view correlation);
    // The second and later records of one publish, one for each subscriber.
    bool is_echo(const trace::Record& record);
    [[nodiscard]] std::string correlation_of(const trace::Record& record) const;

    const program::Program& program_;
    Output& output_;
    TextOptions options_;
    Paint paint_;
    std::size_t time_width_;
    std::size_t service_width_;
    bool several_correlations_;
    Group group_;
    bool struck_ = false;  // the last line was a fault
    trace::Record published_;
    std::map<Hash128, OperationId> handling_;  // what each open handling is about
    std::vector<bool> introduced_;             // by HandlerId: its `about` was shown
    std::string buffer_;
};

}  // namespace sagalab::views

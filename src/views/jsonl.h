// The trace as JSON Lines: one CloudEvent (CloudEvents 1.0, JSON format) a line.
//
// First line sagalab.run.started, last line sagalab.run.finished, so a truncated file is known by
// its end. `time` counts from 2000-01-01T00:00:00Z; the exact virtual nanoseconds are `data.at`.
// `sequence`, `correlationid` and `causationid` are the official extensions of those names; ids are
// structural: MESSAGE/RECEIVER for a message on its way, CAUSE/TIME/N for what its handling did,
// and `causationid` names the message whose handling it was. Bytes are the same for any number of
// threads, on any machine.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "drivers/run.h"
#include "program/program.h"
#include "trace/record.h"
#include "views/moment.h"
#include "views/output.h"

namespace sagalab::views {

class JsonLines : public trace::Sink {
public:
    // `file` is the scenario's path as given. Writes the first line.
    JsonLines(const program::Program& program, Output& output, const std::string& file);
    void take(const trace::Record& record) override;
    // The last line. Nothing may be taken after it.
    void finish(const drivers::RunResult& result);
    // Hands over every line at once; for a paced run that is watched.
    void set_live(bool live) { live_ = live; }

private:
    void begin_line(std::string_view source, std::string_view type);
    void append_id(const trace::Record& record);
    void append_cause(const trace::Record& record);
    void append_subject(const trace::Record& record);
    void append_message_id(const Hash128& message, ServiceId receiver);
    [[nodiscard]] const Value* answer_status(const trace::Record& record) const;
    void append_data(const trace::Record& record);
    void append_parties(const trace::Record& record);
    void end_line();
    std::uint32_t next_of(const trace::Record& record);

    const program::Program& program_;
    Output& output_;
    std::string run_;                      // begins every id: tells the runs of one file apart
    std::vector<std::string> sources_;     // by ServiceId: "/OrderService" as JSON
    std::vector<std::string> names_;       // by ServiceId: as JSON
    std::vector<std::string> operations_;  // by OperationId: as JSON
    MomentWriter moment_;
    std::uint64_t sequence_ = 0;
    Nanos instant_ = -1;
    Hash128 cause_;  // of the last line that was numbered, and the next one's number
    std::uint32_t next_ = 0;
    std::map<Hash128, std::uint32_t> used_;  // the same of other causes in this instant
    bool live_ = false;
    std::string buffer_;
};

}  // namespace sagalab::views

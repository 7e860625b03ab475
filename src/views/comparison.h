// One case under several presets of compensation, side by side: a line for each preset, then the
// rows and replies that are not the same under all of them.
//
//     preset         verdict  saga         undone  tries  time
//     camunda8-like  broken   compensated  1       1      55ms
//     seata-like     holds    compensated  2       2      57ms
//
//     payments['o-1'] of PaymentService
//       camunda8-like  {"amount": 4200}
//       seata-like     (no row)
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "drivers/run.h"
#include "program/program.h"
#include "trace/record.h"
#include "views/text.h"

namespace sagalab::views {

// Counts what sagas undo.
class UndoCounter : public trace::Sink {
public:
    void take(const trace::Record& record) override;
    [[nodiscard]] std::uint64_t undone() const { return undone_; }
    [[nodiscard]] std::uint64_t tries() const { return tries_; }

private:
    std::uint64_t undone_ = 0;
    std::uint64_t tries_ = 0;
};

struct PresetRun {
    std::string preset;
    drivers::RunResult result;
    std::uint64_t undone = 0;  // compensations that have succeeded
    std::uint64_t tries = 0;   // and all that began
};

// Every line ends with a newline. At most `rows_shown` differences unless all were asked for.
std::string comparison(const program::Program& program, std::span<const PresetRun> runs,
                       const TextOptions& options);

}  // namespace sagalab::views

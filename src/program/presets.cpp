#include "program/presets.h"

#include <algorithm>
#include <string>

namespace sagalab::program {
namespace {

// The policy of the preset, made once. No policy of a scenario has a name with blanks.
PolicyId retry_of(Program& program, const CompensationPreset& preset) {
    const std::string name = "of " + std::string(preset.name);
    const auto found = std::find_if(program.retries.begin(), program.retries.end(),
                                    [&](const Retry& retry) { return retry.name == name; });
    if (found != program.retries.end()) {
        return PolicyId(static_cast<std::size_t>(found - program.retries.begin()));
    }
    Retry retry;
    retry.name = name;
    retry.max_attempts = preset.max_attempts;
    retry.delay = preset.delay;
    retry.backoff_millionths = preset.backoff_millionths;
    retry.max_delay = preset.max_delay;
    if (preset.even_rejected) {
        for (const Outcome outcome : {Outcome::unknown, Outcome::failed, Outcome::rejected}) {
            retry.on.push_back({outcome, Value()});
        }
    }
    program.retries.push_back(std::move(retry));
    return PolicyId(program.retries.size() - 1);
}

}  // namespace

const CompensationPreset* find_preset(std::string_view name) {
    const auto* found =
        std::find_if(compensation_presets.begin(), compensation_presets.end(),
                     [&](const CompensationPreset& preset) { return preset.name == name; });
    return found == compensation_presets.end() ? nullptr : found;
}

void use_preset(Program& program, Saga& saga, const CompensationPreset& preset) {
    saga.scope = preset.scope;
    saga.order = preset.order;
    saga.on_failure = preset.on_failure;
    if (preset.on_failure == UndoFailure::retry_then_park) {
        saga.undo_retry = retry_of(program, preset);
    }
}

}  // namespace sagalab::program

#include "language/pivots.h"

namespace sagalab::language {

namespace {

using program::StepKind;

std::string quoted(const program::Saga& saga, std::uint32_t step) {
    return "\"" + saga.steps[step].name + "\"";
}

}  // namespace

std::optional<std::string> Pivots::pass(const program::Saga& saga, std::uint32_t step,
                                        bool compensates) {
    const StepKind kind = saga.steps[step].kind;
    const std::string name = quoted(saga, step);
    std::optional<std::string> against;
    if (!pivots.empty()) {
        const std::string before = quoted(saga, *pivots.begin());
        if (kind == StepKind::pivot) {
            against = name + " is a second pivot after " + before +
                      ": a path through a saga has at most one";
        } else if (kind == StepKind::compensatable) {
            against =
                name + " stands after the pivot " + before + " and must be \"kind\": \"retriable\"";
        } else if (compensates) {
            against = name + " stands after the pivot " + before +
                      " and is never undone: it takes no \"compensate\"";
        }
    } else if (kind == StepKind::pivot && !retriable.empty()) {
        against = "the pivot " + name + " stands after the retriable step " +
                  quoted(saga, *retriable.begin()) + ": before a pivot every step is compensatable";
    }
    if (kind == StepKind::pivot) pivots = {step};
    if (kind == StepKind::retriable && pivots.empty()) retriable.insert(step);
    return against;
}

}  // namespace sagalab::language

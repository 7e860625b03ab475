#include "drivers/limits.h"

#include <algorithm>

namespace sagalab::drivers {
namespace {

constexpr std::size_t remembered = 8192;

}  // namespace

bool Limits::reached(const world::Reaction& reaction) {
    ++events_;
    time_ = reaction.time;
    round_ = reaction.round;
    cost_ += reaction.cost;
    if (!reaction.timer) cost_ -= static_cast<std::int64_t>(world::message_cost);
    if (near()) remember(reaction);
    const program::Limits& limits = program_.limits;
    if (reaction.time > limits.virtual_time) {
        message_ = "the virtual time limit of " + format_time(limits.virtual_time) + " was reached";
    } else if (round_ > rounds_max) {
        message_ = "time stands still at " + format_time(time_) + ": " +
                   std::to_string(rounds_max) + " causes within one instant";
    } else if (events_ >= limits.events) {
        message_ = "the limit of " + std::to_string(limits.events) + " events was reached at " +
                   format_time(time_);
    } else if (cost_ > static_cast<std::int64_t>(limits.memory)) {
        message_ = "the memory limit of " + std::to_string(limits.memory) +
                   " bytes was reached at " + format_time(time_);
    } else {
        return false;
    }
    message_ += cycle();
    return true;
}

bool Limits::near() const {
    const program::Limits& limits = program_.limits;
    return events_ + remembered > limits.events || round_ > rounds_max - remembered ||
           time_ > limits.virtual_time - limits.virtual_time / 10 ||
           cost_ > static_cast<std::int64_t>(limits.memory - limits.memory / 10);
}

void Limits::remember(const world::Reaction& reaction) {
    Step step{
        reaction.id, reaction.cause, {reaction.operation, reaction.service}, reaction.handled};
    if (recent_.size() < remembered) {
        recent_.push_back(step);
        return;
    }
    recent_[oldest_] = step;
    oldest_ = (oldest_ + 1) % remembered;
}

// From the last item back along its causes, until a delivery comes for the second time.
std::string Limits::cycle() const {
    if (recent_.empty()) return "";
    std::vector<Step> sorted = recent_;
    std::sort(sorted.begin(), sorted.end(),
              [](const Step& a, const Step& b) { return a.id < b.id; });
    std::size_t last = (oldest_ + recent_.size() - 1) % recent_.size();
    const Step* step = &recent_[last];
    std::vector<program::Delivery> chain;
    for (std::size_t n = 0; step && n < recent_.size(); ++n) {
        if (step->handled) {
            auto again = std::find(chain.begin(), chain.end(), step->delivery);
            if (again != chain.end()) {
                std::string text = "; it goes round: " + program_.label(step->delivery);
                for (auto at = chain.end(); at != again;) text += ", " + program_.label(*--at);
                return text;
            }
            chain.push_back(step->delivery);
        }
        auto cause = std::lower_bound(sorted.begin(), sorted.end(), step->cause,
                                      [](const Step& a, const Hash128& id) { return a.id < id; });
        step = cause != sorted.end() && cause->id == step->cause ? &*cause : nullptr;
    }
    return "";
}

}  // namespace sagalab::drivers

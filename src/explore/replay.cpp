#include "explore/replay.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "drivers/conclude.h"
#include "drivers/limits.h"
#include "explore/adversary.h"
#include "explore/names.h"
#include "explore/prepare.h"

namespace sagalab::explore {
namespace {

using drivers::RunOptions;
using drivers::RunResult;
using program::Adversity;
using program::Program;
using world::Item;

// Everything may strike everywhere; which codes are meant stands in the pins.
program::Exploration all_of(const Program& program) {
    program::Exploration bounds;
    for (program::Budget& budget : bounds.budgets) budget.max = program::budget_max;
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        program::Site site;
        site.operation = OperationId(i);
        bounds.only.push_back(std::move(site));
    }
    for (std::size_t i = 0; i < program.services.size(); ++i) {
        program::Site site;
        site.service = ServiceId(i);
        bounds.only.push_back(std::move(site));
    }
    bounds.budget(Adversity::crash).restart = program.explore.budget(Adversity::crash).restart;
    for (Adversity kind : {Adversity::reject, Adversity::fail, Adversity::fail_store}) {
        std::vector<Value>& codes = bounds.budget(kind).with;
        for (const std::string& pin : program.schedule) {
            const std::string word = " with ";
            const std::string struck = pin.substr(0, pin.rfind(choosing));
            std::size_t at = struck.rfind(word);
            if (at == std::string::npos) continue;
            Value code(struck.substr(at + word.size()));
            if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
        }
    }
    return bounds;
}

// Judges and passes on.
class Watch : public trace::Sink {
public:
    Watch(expect::Check& check, trace::Sink* sink) : check_(check), sink_(sink) {}
    void take(const trace::Record& record) override {
        check_.take(record);
        if (sink_) sink_->take(record);
    }

private:
    expect::Check& check_;
    trace::Sink* sink_;
};

class Replay {
public:
    Replay(const Program& program, const RunOptions& options)
        : program_(prepared(program)),
          bounds_(all_of(program)),
          options_(options),
          adversary_(program_, bounds_),
          check_(program_),
          watch_(check_, options.sink),
          limits_(program_),
          node_(adversary_.start()) {}

    RunResult go() {
        for (std::size_t at = 0; at < program_.schedule.size() && !ended_; ++at) pin(at);
        while (!ended_ && go_on(program_.schedule.size())) {
        }
        result_.virtual_time = time_;
        result_.events = limits_.events();
        drivers::conclude(program_, check_, node_.world, result_);
        return std::move(result_);
    }

private:
    void end(drivers::Ending ending, std::string message) {
        ended_ = true;
        result_.ending = ending;
        result_.message = std::move(message);
    }

    void take(const Step& step) {
        world::Reaction reaction;
        if (!adversary_.replay(node_, step, &watch_, &reaction)) {
            return end(drivers::Ending::limit, "a step of the schedule cannot be carried out");
        }
        node_.left = Left(bounds_);
        time_ = std::max(time_, reaction.time);
        if (reaction.handled) ++result_.messages;
        check_.delivered(reaction);
        limits_.placed();
        if (limits_.reached(reaction)) end(drivers::Ending::limit, limits_.message());
        if (options_.stop && options_.stop->load())
            end(drivers::Ending::interrupted, "interrupted");
        if (check_.asserted()) end(drivers::Ending::assertion, "an assert is false");
    }

    void pin(std::size_t at) {
        const std::string& wanted = program_.schedule[at];
        std::string instead;  // what there was when it was first looked for
        while (!ended_) {
            if (std::optional<Step> step = step_named(adversary_, node_, wanted)) {
                return take(*step);
            }
            if (instead.empty()) instead = nearest(wanted);
            if (!go_on(at)) return does_not_fit(at, instead);
        }
    }

    void does_not_fit(std::size_t at, const std::string& instead) {
        const std::string step = "step " + std::to_string(at + 1) + " of the schedule ";
        const std::string pin = "\"" + program_.schedule[at] + "\"" + instead;
        if (options_.loose) {
            result_.skipped.push_back(step + "fits nowhere and is skipped: " + pin);
            return;
        }
        end(drivers::Ending::limit,
            step + "does not fit: " + pin + " (--loose goes on without it, in canonical order)");
    }

    // The first in canonical order that no later pin is about; false where there is none.
    bool go_on(std::size_t pins) {
        const std::vector<Item> items = adversary_.items(node_);
        for (std::uint32_t at = 0; at < items.size(); ++at) {
            if (!items[at].enabled) continue;
            const std::string name = item_name(program_, node_.world, items[at]);
            bool pinned = std::any_of(program_.schedule.begin() + static_cast<std::ptrdiff_t>(pins),
                                      program_.schedule.end(),
                                      [&](const std::string& pin) { return is_about(pin, name); });
            if (pinned) continue;
            Step step;
            step.item = at;
            take(step);
            return true;
        }
        return false;
    }

    std::string nearest(const std::string& wanted) {
        const std::vector<Item> items = adversary_.items(node_);
        std::string best;
        std::size_t distance = 0;
        for (std::uint32_t at = 0; at < items.size(); ++at) {
            if (!items[at].enabled) continue;
            Step step;
            step.item = at;
            std::string name = step_name(adversary_, node_, items, step);
            std::size_t own = edit_distance(wanted, name);
            if (!best.empty() && own >= distance) continue;
            best = std::move(name);
            distance = own;
        }
        return best.empty() ? "; nothing can happen any more" : "; the nearest is \"" + best + "\"";
    }

    Program program_;
    program::Exploration bounds_;
    const RunOptions& options_;
    Adversary adversary_;
    expect::Check check_;
    Watch watch_;
    drivers::Limits limits_;
    Node node_;
    Nanos time_ = 0;
    bool ended_ = false;
    RunResult result_;
};

}  // namespace

RunResult run(const Program& program, const RunOptions& options) {
    if (program.schedule.empty()) return drivers::run(program, options);
    return Replay(program, options).go();
}

}  // namespace sagalab::explore

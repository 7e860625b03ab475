#include "drivers/run.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "drivers/actor.h"
#include "drivers/agenda.h"
#include "drivers/conclude.h"
#include "drivers/limits.h"
#include "drivers/pace.h"
#include "drivers/strands.h"
#include "expect/check.h"
#include "world/world.h"

namespace sagalab::drivers {
namespace {

using world::Reaction;

bool has_loop(const program::Program& program, const program::Handler& handler) {
    for (std::size_t at = handler.entry.value; program.code[at].op != program::Op::end; ++at) {
        if (program.code[at].op == program::Op::for_begin) return true;
    }
    return false;
}

world::Interest interest_of(const expect::Check& check, const RunOptions& options) {
    world::Interest interest = check.interest(options.sink != nullptr);
    interest.points = interest.points || options.points;
    interest.coverage = options.coverage;
    return interest;
}

// One run: windows of virtual time, until nothing can be taken up any more.
class Run : public world::Outlet {
public:
    Run(const program::Program& program, const RunOptions& options)
        : program_(program),
          options_(options),
          check_(program),
          interest_(interest_of(check_, options)),
          world_(world::initial_world(program)),
          agenda_(program.services.size()),
          limits_(program),
          pace_(options.pace),
          window_(program.lookahead()),
          lookahead_(program) {
        for (std::size_t i = 0; i < world_.services.size(); ++i) {
            actors_.push_back(std::make_unique<Actor>(world_.services[i]));
            touched_.push_back(false);
            touch(ServiceId(i));
        }
        for (const program::Handler& handler : program.handlers) {
            if (has_loop(program, handler)) actors_[handler.service.value]->has_loops();
        }
        if (options.threads > 1) strands_.emplace(options.threads, actors_.size());
    }

    RunResult go() {
        update_agenda();
        while (!result_ended_ && !agenda_.empty()) {
            pace_.until(agenda_.next(agenda_.first()).time, options_.stop);
            if (options_.stop && options_.stop->load()) {
                end(Ending::interrupted, "interrupted");
                break;
            }
            window();
        }
        return finish();
    }

    void place(world::Message&& message, world::Lane&& lane) override {
        limits_.placed();
        ServiceId to = message.to;
        actors_[to.value]->receive(std::move(message), std::move(lane));
        touch(to);
    }

    void take(const trace::Record& record) override {
        check_.take(record);
        if (record.kind == trace::RecordKind::passed && !options_.points) return;
        if (options_.sink) options_.sink->take(record);
    }

private:
    // Every service whose next item lies in it does its share; what they did is settled in the
    // canonical order of items.
    void window() {
        Bound bound = bound_of(agenda_.next(agenda_.first()));
        std::vector<ServiceId> active;
        bool single = bound.inclusive && bound.timer;
        while (!agenda_.empty() && bound.holds(agenda_.next(agenda_.first()))) {
            active.push_back(agenda_.first());
            agenda_.remove(agenda_.first());
            if (single) break;
        }
        parallel_ = strands_ && worth_posting(active);
        for (ServiceId service : active) {
            Actor& actor = *actors_[service.value];
            actor.open(bound);
            launch(service);
        }
        merge(active);
        for (ServiceId service : active) {
            actors_[service.value]->close();
            touch(service);
        }
        update_agenda();
    }

    // Handing work to another thread costs more than a few short handlers: it pays where two
    // services have much to do, or where one has long handlers.
    [[nodiscard]] bool worth_posting(const std::vector<ServiceId>& active) const {
        std::size_t busy = 0;
        for (ServiceId service : active) {
            const Actor& actor = *actors_[service.value];
            if (actor.busy()) ++busy;
            if (busy == 2 || actor.heavy()) return true;
        }
        return false;
    }

    [[nodiscard]] Bound bound_of(const world::Service::Next& first) const {
        if (window_ > 0) return {add_saturating(first.time, window_), false, false, 0};
        return {first.time, true, first.timer, first.round};
    }

    // Runs the actor's next batch: here, or on its strand.
    void launch(ServiceId service) {
        Actor& actor = *actors_[service.value];
        actor.following().ready.store(false, std::memory_order_relaxed);
        if (parallel_) {
            strands_->post(service, [this, &actor] { actor.run(program_, interest_, lookahead_); });
        } else {
            actor.run(program_, interest_, lookahead_);
        }
    }

    // Makes the batch that was launched the current one; with strands, launches the one after.
    void await(ServiceId service) {
        Actor& actor = *actors_[service.value];
        if (parallel_) strands_->help_until(actor.following().ready);
        actor.turn();
        if (parallel_ && actor.current().more) launch(service);
    }

    // True if the actor has a reaction to settle; fetches its next batch at need.
    bool refill(ServiceId service) {
        Actor& actor = *actors_[service.value];
        while (actor.current().finished()) {
            if (!actor.current().more) return false;
            if (!parallel_) launch(service);
            await(service);
        }
        return true;
    }

    void merge(const std::vector<ServiceId>& active) {
        auto later = [this](ServiceId a, ServiceId b) {
            return actors_[b.value]->current().head().before(actors_[a.value]->current().head());
        };
        std::vector<ServiceId> heads;
        for (ServiceId service : active) {
            await(service);
            if (refill(service)) heads.push_back(service);
        }
        std::make_heap(heads.begin(), heads.end(), later);
        while (!heads.empty() && !result_ended_) {
            std::pop_heap(heads.begin(), heads.end(), later);
            ServiceId service = heads.back();
            // As long as it stays first, without a heap in between.
            bool has_more = true;
            do {
                settle_next(actors_[service.value]->current());
                has_more = !result_ended_ && refill(service);
            } while (has_more && (heads.size() == 1 || !later(service, heads.front())));
            if (has_more) {
                std::push_heap(heads.begin(), heads.end(), later);
            } else {
                heads.pop_back();
            }
        }
        if (result_ended_) drain(active);
    }

    // Ended early: lets batches that still run come to their end.
    void drain(const std::vector<ServiceId>& active) {
        for (ServiceId service : active) {
            Actor& actor = *actors_[service.value];
            if (parallel_ && actor.current().more) strands_->help_until(actor.following().ready);
        }
    }

    void settle_next(Batch& batch) {
        std::size_t at = batch.settled++;
        const Reaction& reaction = batch.reactions[at];
        std::uint32_t sends = at == 0 ? 0 : batch.reactions[at - 1].sends_end;
        std::uint32_t records = at == 0 ? 0 : batch.reactions[at - 1].records_end;
        time_ = std::max(time_, reaction.time);
        if (reaction.handled) ++messages_;
        check_.delivered(reaction);
        world::settle(program_, interest_, batch.effects, sends, records, reaction, *this);
        if (limits_.reached(reaction)) end(Ending::limit, limits_.message());
        if (check_.asserted()) end(Ending::assertion, "an assert is false");
    }

    void touch(ServiceId service) {
        if (touched_[service.value]) return;
        touched_[service.value] = true;
        touched_list_.push_back(service);
    }

    void update_agenda() {
        for (ServiceId service : touched_list_) {
            touched_[service.value] = false;
            agenda_.set(service, actors_[service.value]->next());
        }
        touched_list_.clear();
    }

    void end(Ending ending, const std::string& message) {
        if (result_ended_) return;
        result_ended_ = true;
        result_.ending = ending;
        result_.message = message;
    }

    RunResult finish() {
        result_.virtual_time = time_;
        result_.events = limits_.events();
        result_.messages = messages_;
        if (options_.coverage) {
            for (const std::unique_ptr<Actor>& actor : actors_) {
                actor->add_reached(result_.coverage);
            }
        }
        conclude(program_, check_, world_, result_);
        return std::move(result_);
    }

    const program::Program& program_;
    const RunOptions& options_;
    expect::Check check_;
    world::Interest interest_;
    world::World world_;
    std::vector<std::unique_ptr<Actor>> actors_;  // by ServiceId
    Agenda agenda_;
    Limits limits_;
    Pace pace_;
    Nanos window_;  // the width of one; 0: one instant
    world::Lookahead lookahead_;
    std::optional<Strands> strands_;
    bool parallel_ = false;  // in this window
    std::vector<bool> touched_;
    std::vector<ServiceId> touched_list_;
    Nanos time_ = 0;
    std::uint64_t messages_ = 0;
    bool result_ended_ = false;
    RunResult result_;
};

}  // namespace

RunResult run(const program::Program& program, const RunOptions& options) {
    return Run(program, options).go();
}

}  // namespace sagalab::drivers

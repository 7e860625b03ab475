// Lint dual-write: on some way through a handler it writes to its store and sends a message, and
// its service has no outbox.
//
// A way is what may have been done so far: nothing, a write, a message. Ways are followed through
// branches, loops and handlers of errors, so what stands in two branches is no dual write.
#include <array>
#include <string>

#include "base/text.h"
#include "language/lint_rules.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

// For each of "nothing", "a write", "a message": whether some way comes here with just that, and
// the name that its step works on. A way with both has been told of.
struct Ways {
    std::array<bool, 3> open{};
    std::array<const Node*, 3> name{};

    void join(const Ways& other) {
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (!open[i]) name[i] = other.name[i];
            open[i] = open[i] || other.open[i];
        }
    }
    [[nodiscard]] bool any() const { return open[0] || open[1] || open[2]; }
};
enum Done : std::size_t { nothing, write, message };

const Node* name_of(const Node& step, std::initializer_list<const char*> verbs) {
    for (const char* verb : verbs) {
        if (const Node* name = string_at(step, verb)) return name;
    }
    return nullptr;
}

class HandlerWalk {
public:
    HandlerWalk(const LintContext& context, const program::Handler& handler)
        : context_(context), handler_(handler) {}

    void run(const Node& steps) {
        Ways ways;
        ways.open[nothing] = true;
        block(steps, ways);
    }

private:
    Ways block(const Node& steps, Ways ways) {
        if (steps.is(Node::Kind::object)) return step(steps, ways);
        for (const Node& item : steps.items) {
            if (!ways.any()) break;
            ways = step(item, ways);
        }
        return ways;
    }

    Ways step(const Node& step, const Ways& before) {
        if (step.find("if") && !step.find("await")) return branch(step, before);
        Ways after = before;
        if (const Node* table = name_of(step, {"insert", "update", "upsert", "delete"})) {
            after = done(before, write, *table);
        } else if (const Node* sent = name_of(step, {"publish", "send"})) {
            after = done(before, message, *sent);
        } else if (const Node* body = step.find("do")) {
            after = loop(*body, before);
        } else if (const Node* branches = object_at(step, "parallel")) {
            for (const Member& each : branches->members) after.join(block(each.value, before));
        } else if (is_ending(step)) {
            return {};
        }
        if (const Node* handlers = step.find("onError")) after.join(errors(*handlers, before));
        return after;
    }

    Ways branch(const Node& step, const Ways& before) {
        Ways after;
        if (const Node* then = array_at(step, "then")) after = block(*then, before);
        const Node* otherwise = array_at(step, "else");
        after.join(otherwise ? block(*otherwise, before) : before);
        return after;
    }

    // Twice: the second round begins with what the first one did.
    Ways loop(const Node& body, const Ways& before) {
        Ways after = before;
        after.join(block(body, before));
        after.join(block(body, after));
        return after;
    }

    // The step that went wrong has done nothing.
    Ways errors(const Node& handlers, const Ways& before) {
        if (handlers.is(Node::Kind::array)) return block(handlers, before);
        Ways after;  // what no arm names ends the handler
        for (const Member& arm : handlers.members) after.join(block(arm.value, before));
        return after;
    }

    static bool is_ending(const Node& step) {
        return step.find("reply") || step.find("reject") || step.find("fail") || step.find("stop");
    }

    Ways done(const Ways& before, Done what, const Node& name) {
        const Done other = what == write ? message : write;
        if (before.open[other]) tell(name, *before.name[other], what == write);
        Ways after;
        after.open[what] = before.open[nothing] || before.open[what];
        after.name[what] = before.open[what] ? before.name[what] : &name;
        return after;
    }

    void tell(const Node& second, const Node& first, bool write_is_second) {
        if (told_) return;
        told_ = true;
        const std::string table = printable(write_is_second ? second.text : first.text);
        const std::string sent = printable(write_is_second ? first.text : second.text);
        context_.report.warn(Lint::dual_write, second.place,
                             "\"" + printable(handler_.name) + "\" writes to \"" + table +
                                 "\" and sends \"" + sent +
                                 "\" without an outbox: a crash can fall between the two");
    }

    const LintContext& context_;
    const program::Handler& handler_;
    bool told_ = false;
};

}  // namespace

void lint_dual_writes(const LintContext& context) {
    for (const PendingHandler& pending : context.load.names.handlers) {
        const program::Handler& handler = context.program[pending.handler];
        const program::Service& service = context.program[handler.service];
        const bool is_meant = service.kind == program::ServiceKind::service && !service.outbox &&
                              handler.kind != program::HandlerKind::saga;
        if (is_meant && pending.steps) HandlerWalk(context, handler).run(*pending.steps);
    }
}

}  // namespace sagalab::language

// The names that a handler binds, and where each of them is certain to be bound.
//
// A name has one slot throughout its handler. A `Way` is what holds at a point of the code: whether
// the point can be reached, which names are bound on every path to it, and what a saga's pivot rule
// needs. Where paths meet, names are intersected; a path that has ended takes no part.
#pragma once

#include <map>
#include <set>
#include <string>

#include "language/pivots.h"
#include "language/scope.h"

namespace sagalab::language {

struct Way {
    bool ended = false;
    std::set<std::string> bound;
    Pivots pivots;

    // This way, or the other one.
    void join(const Way& other);
};

class Locals {
public:
    // Slots before `first` are taken: by `msg`, and what else the outer scope shows.
    explicit Locals(const Scope& outer, std::uint32_t first = 1) : scope_(&outer), slots_(first) {}

    [[nodiscard]] const Scope& scope() const { return scope_; }
    [[nodiscard]] const Way& way() const { return way_; }
    [[nodiscard]] std::uint32_t slots() const { return slots_; }
    [[nodiscard]] bool is_bound(const std::string& name) const {
        return way_.bound.count(name) != 0;
    }
    struct Local {
        std::uint32_t slot = 0;
        std::uint32_t extra = 0;  // slots kept free behind it
        Type type = Type::any;
        std::string why;  // what to tell whoever uses it where it is not bound
    };
    using Snapshot = std::map<std::string, Local>;
    // Every name that has been bound on some way so far.
    [[nodiscard]] const Snapshot& ever_bound() const { return locals_; }
    // Go on where each of these is bound, to null if need be, and nothing else is.
    void take_all(const Snapshot& names);

    // Go on from here.
    void take(Way way);
    void end() { way_.ended = true; }
    void pass(const Pivots& pivots) { way_.pivots = pivots; }

    // The name's slot; it is bound from here on.
    std::uint32_t bind(const std::string& name, Type type = Type::any, std::uint32_t extra = 0,
                       std::string why = "it is not bound on every way that leads here");
    void unbind(const std::string& name);
    // Names of the language's own (`row`, `error`): shown and hidden by whoever needs them.
    std::uint32_t new_slot() { return slots_++; }
    void show_own(const std::string& name, std::uint32_t slot);
    void hide_own(const std::string& name, std::string why);

private:
    void show(const std::string& name, const Local& local);

    Scope scope_;
    Way way_;
    std::map<std::string, Local> locals_;
    std::uint32_t slots_;
};

}  // namespace sagalab::language

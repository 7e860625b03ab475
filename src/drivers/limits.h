// Limits: where a run that does not come to rest is ended, and which cycle it was in.
//
// All figures are counted in canonical order and estimated alike on every machine, so the same
// scenario ends at the same item everywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "program/program.h"
#include "world/effect.h"
#include "world/service.h"

namespace sagalab::drivers {

class Limits {
public:
    explicit Limits(const program::Program& program) : program_(program) {}

    // An item was settled. True: a limit is reached, and `message` says which.
    bool reached(const world::Reaction& reaction);
    // A message was put in flight; they leave with the reaction that takes them up.
    void placed() { cost_ += static_cast<std::int64_t>(world::message_cost); }

    [[nodiscard]] std::uint64_t events() const { return events_; }
    [[nodiscard]] const std::string& message() const { return message_; }

private:
    static constexpr std::uint32_t rounds_max = 100'000;  // causes within one instant

    struct Step {
        Hash128 id;
        Hash128 cause;
        program::Delivery delivery;
        bool handled = false;
    };

    [[nodiscard]] bool near() const;
    void remember(const world::Reaction& reaction);
    [[nodiscard]] std::string cycle() const;

    const program::Program& program_;
    std::uint64_t events_ = 0;
    std::int64_t cost_ = 0;
    Nanos time_ = 0;
    std::uint32_t round_ = 0;
    std::vector<Step> recent_;  // the last ones, once a limit is near; a ring
    std::size_t oldest_ = 0;
    std::string message_;
};

}  // namespace sagalab::drivers

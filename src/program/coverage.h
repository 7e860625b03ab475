// Coverage: what of a program was reached, as a set of numbers that is cheap to fill and to unite.
//
// A CoverageMap numbers the spots of one program, once: handlers, branches, outcomes of calls,
// compensations, points. A Coverage is a set of such numbers, by whoever ran it: reactions add to
// world::Effects::reached where world::Interest::coverage is a map. Seeds do not change the map, so
// coverages of one program under any seed can be united. What clients do is no spot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "program/program.h"

namespace sagalab::program {

enum class SpotKind : std::uint8_t {
    handler,       // began
    condition,     // of an `if`; number 0: it was true, 1: it was false
    option,        // of a `choose` whose list has a known length; number: which
    arm,           // of an `onError`; number: which, in Catch::arms
    fallback,      // of a call
    outcome,       // with which a call has ended, after all its attempts; number: an Outcome
    compensation,  // of a saga's step, begun; number: in Saga::steps
    point,         // passed; number: in Program::points
    strike         // a fault struck at the point
};

struct Spot {
    SpotKind kind = SpotKind::handler;
    HandlerId handler;          // in which it is
    InstructionId instruction;  // condition, option, arm, fallback, outcome
    std::uint32_t number = 0;
};

// A set of spots, by number.
class Coverage {
public:
    void add(std::uint32_t spot) {
        const std::size_t word = spot / bits;
        if (word >= words_.size()) words_.resize(word + 1);
        words_[word] |= std::uint64_t{1} << spot % bits;
    }
    [[nodiscard]] bool has(std::uint32_t spot) const {
        const std::size_t word = spot / bits;
        return word < words_.size() && (words_[word] >> spot % bits & 1U) != 0;
    }
    // Adds all of `other`; true if there was something new in it.
    bool unite(const Coverage& other);
    [[nodiscard]] std::size_t size() const;

private:
    static constexpr std::size_t bits = 64;
    std::vector<std::uint64_t> words_;
};

// The numbers of a program's spots. Of what has none `absent` is told, and nothing need be added.
class CoverageMap {
public:
    static constexpr std::uint32_t absent = Index<void>::absent;

    explicit CoverageMap(const Program& program);

    [[nodiscard]] const std::vector<Spot>& spots() const { return spots_; }  // by number
    [[nodiscard]] std::uint32_t handler(HandlerId id) const { return handlers_[id.value]; }
    // The first of the instruction's own: its conditions, its options, or its outcomes by Outcome.
    [[nodiscard]] std::uint32_t own(InstructionId id) const { return own_[id.value]; }
    [[nodiscard]] std::uint32_t fallback(InstructionId id) const;
    [[nodiscard]] std::uint32_t first_arm(InstructionId id) const { return arms_[id.value]; }
    [[nodiscard]] std::uint32_t compensation(SagaId saga, std::uint32_t step) const {
        return undos_[saga.value][step];
    }
    [[nodiscard]] std::uint32_t point(std::uint32_t number) const { return points_ + 2 * number; }
    [[nodiscard]] std::uint32_t strike(std::uint32_t number) const { return point(number) + 1; }

private:
    void number_instruction(const Program& program, InstructionId id, HandlerId handler);
    std::uint32_t add(SpotKind kind, HandlerId handler, InstructionId instruction,
                      std::uint32_t number);

    std::vector<Spot> spots_;
    std::vector<std::uint32_t> handlers_;            // by HandlerId
    std::vector<std::uint32_t> own_;                 // by InstructionId
    std::vector<std::uint32_t> arms_;                // by InstructionId
    std::vector<std::vector<std::uint32_t>> undos_;  // by SagaId, and step
    std::uint32_t points_ = 0;
};

// The options of a `choose`, where their number is known; else 0.
std::size_t options_of(const Program& program, const Instruction& choose);

}  // namespace sagalab::program

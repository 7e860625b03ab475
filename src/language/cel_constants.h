// The constants of a program, each once: where an expression finds its keys and values.
#pragma once

#include <cstdint>
#include <span>

#include "base/hash.h"
#include "base/keyed_map.h"
#include "base/value.h"
#include "program/program.h"

namespace sagalab::language {

class ConstantPool {
public:
    explicit ConstantPool(program::Program& program) : program_(program) {}

    // Position in Program::constants.
    std::uint32_t one(const Value& value) { return run({&value, 1}); }
    // Position of the first of the values, which stand side by side.
    std::uint32_t run(std::span<const Value> values);

private:
    program::Program& program_;
    KeyedMap<std::uint32_t, Hash128> known_;  // positions by the hash of the values
};

}  // namespace sagalab::language

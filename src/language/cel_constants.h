// The constants of a program, each once: where an expression finds its keys and values.
#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "base/hash.h"
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
    std::map<Hash128, std::uint32_t> known_;
};

}  // namespace sagalab::language

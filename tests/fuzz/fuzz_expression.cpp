// libFuzzer: whatever an expression says, `sagalab eval` answers with a value or an error.
//
// An input is an expression; what follows a zero byte, if there is one, is the JSON of its names.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "language/eval_command.h"

namespace {

constexpr std::string_view names = R"({"msg": {"id": "o-1", "lines": [{"qty": 2}, {"qty": 3}]},
"row": {"status": "paid", "total": 7}, "params": {"n": 3, "text": "a-b"}, "x": [1, 2, 3]})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t zero = text.find('\0');
    const bool own = zero != std::string_view::npos;
    sagalab::language::evaluate_text(text.substr(0, zero), own ? text.substr(zero + 1) : names);
    return 0;
}

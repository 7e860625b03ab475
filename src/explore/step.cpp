#include "explore/step.h"

namespace sagalab::explore {

std::uint64_t pack(const Step& step) {
    std::uint64_t word = std::uint64_t(step.deed);
    word |= std::uint64_t{step.item & 0x3fffU} << 3U;
    word |= std::uint64_t{step.variant} << 17U;
    word |= std::uint64_t{step.duplicate ? 1U : 0U} << 21U;
    word |= std::uint64_t{step.at & 0x3fffU} << 22U;
    word |= std::uint64_t{step.options.size()} << 36U;
    for (std::size_t i = 0; i < step.options.size(); ++i) {
        word |= std::uint64_t{step.options[i]} << (39U + 4U * i);
    }
    return word;
}

Step unpack(std::uint64_t word) {
    Step step;
    step.deed = static_cast<Deed>(word & 7U);
    step.item = static_cast<std::uint32_t>(word >> 3U) & 0x3fffU;
    step.variant = static_cast<std::uint8_t>(word >> 17U) & 15U;
    step.duplicate = ((word >> 21U) & 1U) != 0;
    step.at = static_cast<std::uint32_t>(word >> 22U) & 0x3fffU;
    step.options.resize((word >> 36U) & 7U);
    for (std::size_t i = 0; i < step.options.size(); ++i) {
        step.options[i] = static_cast<std::uint8_t>((word >> (39U + 4U * i)) & 15U);
    }
    return step;
}

}  // namespace sagalab::explore

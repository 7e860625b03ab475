// Typed indices: what a name becomes once a scenario is loaded.
//
// An `Index<Tag>` is a position in one array of the program; a different tag is a different type,
// so a table cannot be looked up with a service's number. `none` marks absence.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace sagalab {

template <class Tag>
struct Index {
    static constexpr std::uint32_t absent = 0xffffffffU;
    std::uint32_t value = absent;

    constexpr Index() = default;
    constexpr explicit Index(std::uint32_t position) : value(position) {}
    constexpr explicit Index(std::size_t position) : value(static_cast<std::uint32_t>(position)) {}

    [[nodiscard]] constexpr bool valid() const { return value != absent; }
    constexpr explicit operator bool() const { return valid(); }
    friend constexpr auto operator<=>(Index, Index) = default;
};

using ServiceId = Index<struct ServiceTag>;
using OperationId = Index<struct OperationTag>;
using HandlerId = Index<struct HandlerTag>;
using TableId = Index<struct TableTag>;
using SagaId = Index<struct SagaTag>;
using ExpressionId = Index<struct ExpressionTag>;
using InstructionId = Index<struct InstructionTag>;
using CatchId = Index<struct CatchTag>;
using FaultId = Index<struct FaultTag>;
using PolicyId = Index<struct PolicyTag>;
using SourceId = Index<struct SourceTag>;

}  // namespace sagalab

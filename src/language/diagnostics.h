// What is wrong with a scenario file: all of it at once, each with its place.
//
//     order.json:12:14: error: unknown service "Paymnt" (did you mean "Payment"?)
//        12 |   "call": "Paymnt.Charge"
//           |            ^~~~~~~~~~~~~~
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "language/lint.h"
#include "language/source.h"

namespace sagalab::language {

enum class Severity : std::uint8_t { error, warning };

struct Diagnostic {
    Severity severity = Severity::error;
    Place place;
    std::string message;
    std::optional<Lint> lint = std::nullopt;  // of a warning: shown behind the message
};

class Diagnostics {
public:
    void error(const Place& place, std::string message);
    void warning(Lint lint, const Place& place, std::string message);
    void add(Diagnostic diagnostic);
    // error: unknown <kind> "<name>" (did you mean "..."?)
    void unknown_name(const Place& place, std::string_view kind, std::string_view name,
                      std::span<const std::string> candidates);
    [[nodiscard]] bool has_errors() const { return errors_ > 0; }
    [[nodiscard]] std::size_t error_count() const { return errors_; }
    // Sorted by file and position, the same message at the same place once.
    [[nodiscard]] std::vector<Diagnostic> sorted() const;

private:
    std::vector<Diagnostic> all_;
    std::size_t errors_ = 0;
};

struct RenderOptions {
    bool color = false;
    std::size_t most = 50;    // further ones are only counted
    std::size_t width = 100;  // long lines are cut around the place
};

std::string render(const Diagnostics& diagnostics, const Sources& sources,
                   const RenderOptions& options = {});

}  // namespace sagalab::language

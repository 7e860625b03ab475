// What the lints found in the cases of one file, until all cases are there.
//
// Lints that hold in every case are told only if they hold in each case that has their place.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "language/diagnostics.h"
#include "language/lint.h"
#include "language/lint_allow.h"

namespace sagalab::language {

class LintReport {
public:
    explicit LintReport(bool several_cases) : several_cases_(several_cases) {}

    // The case that the following is about; null between cases.
    void begin_case(const AllowedLints* allowed) { allowed_ = allowed; }
    void warn(Lint lint, const Place& place, std::string message);
    // There is nothing to say of this place in this case.
    void fine(Lint lint, const Place& place);
    // Whether `fine` makes a difference: there are other cases.
    [[nodiscard]] bool wants_fine() const { return several_cases_; }
    // Hands over what is left.
    void tell(Diagnostics& diagnostics) const;

private:
    struct Entry {
        bool fine = false;
        std::string message;  // the first; empty: none
        Place place;
    };
    using Key = std::tuple<Lint, std::uint32_t, std::uint32_t>;
    static Key key_of(Lint lint, const Place& place) { return {lint, place.file, place.begin}; }

    bool several_cases_;
    const AllowedLints* allowed_ = nullptr;
    std::map<Key, Entry> entries_;
};

}  // namespace sagalab::language

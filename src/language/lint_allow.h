// Which lints are silenced where: `"allow": ["dual-write"]`.
//
// On an object it covers everything inside it, and the key that the object stands under. At the top
// of the scenario, or of a case, it covers everything; at the top of an included part, that file.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "language/json.h"
#include "language/lint.h"
#include "language/shape.h"
#include "language/source.h"

namespace sagalab::language {

class AllowedLints {
public:
    // Of a merged case whose structure has been checked.
    AllowedLints(const Node& root, const Sources& sources);

    [[nodiscard]] bool covers(Lint lint, const Place& place) const;

private:
    void look(const Node& node, const shape::Shape& shape, const Place& key);
    void look(const Node& node, const shape::Object& object, const Place& key);
    void cover(Lint lint, const Node& node);
    void cover(Lint lint, const Place& token);

    std::vector<std::pair<Lint, std::uint32_t>> whole_;  // lint, file of the `allow`
    // Tokens that are covered: lint, file, begin -> end.
    std::map<std::tuple<Lint, std::uint32_t, std::uint32_t>, std::uint32_t> tokens_;
};

}  // namespace sagalab::language

#include "cli/explore_reduction.h"

#include <vector>

#include "explore/explain.h"

namespace sagalab::cli {
namespace {

std::vector<explore::Cost> broad_costs(const Explored& explored, const ExploreSettings& settings) {
    if (!settings.reduce) return {};
    std::vector<explore::Cost> costs = explore::costs_of(*explored.program);
    std::erase_if(costs, [](const explore::Cost& cost) { return !cost.broad; });
    return costs;
}

}  // namespace

std::string reduction_text(const Explored& explored, const ExploreSettings& settings) {
    std::string text;
    for (const explore::Cost& cost : broad_costs(explored, settings)) {
        text += "reduction: " + explore::cost_line(cost) + "\n";
    }
    return text;
}

std::string reduction_json(const Explored& explored, const ExploreSettings& settings) {
    std::vector<std::string> rows;
    for (const explore::Cost& cost : broad_costs(explored, settings)) {
        std::vector<Value> places;
        for (const std::string& place : cost.places) places.emplace_back(place);
        const Value entry =
            Value::map({{"what", Value(cost.what)}, {"places", Value::list(std::span(places))}});
        rows.push_back(entry.json());
    }
    return json_rows(rows);
}

}  // namespace sagalab::cli

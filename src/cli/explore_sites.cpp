#include "cli/explore_sites.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "views/layout.h"

namespace sagalab::cli {
namespace {

using explore::SiteOutcome;

// Nothing first, then what matters.
constexpr std::array<std::string_view, 5> words{"unreachable", "not reached", "violating",
                                                "harmless", "harmless so far"};

std::string_view word_of(const SiteOutcome& site, bool whole) {
    if (site.fired == 0) return whole ? words[0] : words[1];
    if (site.violates) return words[2];
    return whole ? words[3] : words[4];
}

}  // namespace

bool is_whole(const Explored& explored, const ExploreSettings& settings) {
    const explore::SearchResult& result = explored.result;
    const bool ended_early =
        !result.violations.empty() && !settings.keep_going && explored.bounds.breaks.empty();
    return result.why.empty() && !ended_early && settings.shards == 1;
}

std::string sites_text(const Explored& explored, bool whole, bool verbose) {
    std::string counts;
    views::Table table;
    for (std::string_view word : words) {
        std::size_t count = 0;
        for (const SiteOutcome& site : explored.result.sites) {
            if (word_of(site, whole) != word) continue;
            ++count;
            table.add({std::string(word), printable(site.name)});
        }
        if (count == 0) continue;
        counts += (counts.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(word);
    }
    if (counts.empty()) return "";
    std::string text = "fault sites: " + counts + "\n";
    if (!verbose) return text;
    for (const std::string& line : table.lines()) text += "  " + line + "\n";
    return text;
}

std::string sites_json(const Explored& explored, bool whole) {
    std::vector<std::string> rows;
    for (const SiteOutcome& site : explored.result.sites) {
        rows.push_back("{\"site\": " + Value(site.name).json() +
                       ", \"fired\": " + std::to_string(site.fired) +
                       ", \"outcome\": " + Value(word_of(site, whole)).json() + "}");
    }
    return json_rows(rows);
}

}  // namespace sagalab::cli

#include "views/coverage.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "program/points.h"
#include "views/layout.h"

namespace sagalab::views {
namespace {

using program::Program;
using program::Spot;
using program::SpotKind;

// What is counted together and listed under one word.
struct Group {
    std::string_view name;
    std::string_view word;
    std::array<SpotKind, 4> kinds;  // filled up with the last one
};

constexpr std::array<Group, 5> groups{{
    {"handlers",
     "never begun",
     {SpotKind::handler, SpotKind::handler, SpotKind::handler, SpotKind::handler}},
    {"branches",
     "never taken",
     {SpotKind::condition, SpotKind::option, SpotKind::arm, SpotKind::fallback}},
    {"outcomes",
     "never came",
     {SpotKind::outcome, SpotKind::outcome, SpotKind::outcome, SpotKind::outcome}},
    {"compensations",
     "never run",
     {SpotKind::compensation, SpotKind::compensation, SpotKind::compensation,
      SpotKind::compensation}},
    {"points",
     "never passed",
     {SpotKind::point, SpotKind::point, SpotKind::point, SpotKind::point}},
}};

bool is_in(const Group& group, SpotKind kind) {
    return std::find(group.kinds.begin(), group.kinds.end(), kind) != group.kinds.end();
}

// "order.json:12", without the column.
std::string line_of(const Program& program, SourceId source) {
    if (!source) return "";
    const program::Source& at = program[source];
    return printable(program.files[at.file]) + ":" + std::to_string(at.line);
}

// A step as points name it: "insert orders#2".
std::string step_name(const Program& program, InstructionId id) {
    program::Point point;
    point.kind = program::PointKind::after_step;
    point.instruction = id;
    constexpr std::string_view after = "after ";
    return program::point_name(program, point).substr(after.size());
}

std::string arm_name(const Program& program, const Spot& spot) {
    const program::CatchArm& arm = program[program[spot.instruction].on_error].arms[spot.number];
    switch (arm.match) {
        case program::CatchArm::Match::code: return std::string(arm.code.text());
        case program::CatchArm::Match::outcome: return program::outcome_name(arm.outcome);
        case program::CatchArm::Match::any: break;
    }
    return "any error";
}

// A plain option as it is written; others have no text of their own.
std::string option_name(const Program& program, const Spot& spot) {
    const program::Expression& list = program[program[spot.instruction].data];
    if (list.code.back().op == program::ExpressionOp::constant) {
        return program.constants[list.code.back().operand].items()[spot.number].json();
    }
    return "option " + std::to_string(spot.number + 1);
}

std::pair<std::string, std::string> name_spot(const Program& program, const Spot& spot) {
    switch (spot.kind) {
        case SpotKind::handler: break;
        case SpotKind::condition:
            return {"if " + program[program[spot.instruction].key].text,
                    spot.number == 0 ? "true" : "false"};
        case SpotKind::option: return {"choose", option_name(program, spot)};
        case SpotKind::arm:
            return {"onError of " + step_name(program, spot.instruction), arm_name(program, spot)};
        case SpotKind::fallback: return {"fallback of " + step_name(program, spot.instruction), ""};
        case SpotKind::outcome:
            return {step_name(program, spot.instruction),
                    program::outcome_name(static_cast<program::Outcome>(spot.number))};
        case SpotKind::compensation:
            return {"compensate " + program[program[spot.handler].saga].steps[spot.number].name,
                    ""};
        case SpotKind::point:
        case SpotKind::strike:
            return {"", program::point_name(program, program.points[spot.number])};
    }
    return {};
}

SourceId source_of(const Program& program, const Spot& spot) {
    if (spot.instruction) return program[spot.instruction].source;
    if (spot.kind == SpotKind::compensation) {
        const InstructionId undo = program[program[spot.handler].saga].steps[spot.number].undo;
        return program[undo].source;
    }
    return program[spot.handler].source;
}

}  // namespace

void CoverageReport::add(const Program& program, const program::CoverageMap& map,
                         const program::Coverage& coverage) {
    const std::vector<Spot>& spots = map.spots();
    for (std::uint32_t i = 0; i < spots.size(); ++i) {
        const bool is_point = spots[i].kind == SpotKind::point;
        if (is_point && !can_be_passed(program, program.points[spots[i].number])) continue;
        const program::Handler& handler = program[spots[i].handler];
        Entry entry;
        entry.kind = spots[i].kind;
        entry.place = line_of(program, source_of(program, spots[i]));
        entry.owner = printable(program[handler.service].name + "." + handler.name);
        auto [subject, item] = name_spot(program, spots[i]);
        entry.subject = printable(subject);
        entry.item = printable(item);
        const std::string key = std::to_string(static_cast<int>(entry.kind)) + "\n" + entry.place +
                                "\n" + entry.owner + "\n" + entry.subject + "\n" + entry.item;
        const bool reached = coverage.has(i);
        if (entry.kind == SpotKind::handler) begun_[entry.owner] |= reached;
        const auto [known, added] = known_.emplace(key, entries_.size());
        if (added) entries_.push_back(std::move(entry));
        entries_[known->second].reached |= reached;
    }
}

std::string CoverageReport::totals() const {
    std::string out;
    for (const Group& group : groups) {
        std::size_t total = 0;
        std::size_t reached = 0;
        for (const Entry& entry : entries_) {
            if (!is_in(group, entry.kind)) continue;
            ++total;
            reached += entry.reached ? 1 : 0;
        }
        if (total == 0) continue;
        if (!out.empty()) out += ", ";
        out +=
            std::string(group.name) + " " + std::to_string(reached) + "/" + std::to_string(total);
    }
    const auto struck = std::count_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
        return entry.kind == SpotKind::strike && entry.reached;
    });
    if (struck > 0) out += " (" + std::to_string(struck) + " struck by faults)";
    return out.empty() ? "nothing to reach" : out;
}

bool CoverageReport::is_listed(const Entry& entry) const {
    if (entry.reached) return false;
    return entry.kind == SpotKind::handler || begun_.at(entry.owner);
}

// What is one of several of the same subject shares its line with the others that are missing.
std::vector<CoverageReport::Row> CoverageReport::rows() const {
    std::vector<Row> rows;
    const Entry* before = nullptr;
    for (const Group& group : groups) {
        for (const Entry& entry : entries_) {
            if (!is_in(group, entry.kind) || !is_listed(entry)) continue;
            const bool more = before && before->kind == entry.kind &&
                              before->place == entry.place && before->owner == entry.owner &&
                              before->subject == entry.subject;
            before = &entry;
            if (more) {
                rows.back().text += ", " + entry.item;
                continue;
            }
            std::string text = entry.owner;
            if (!entry.subject.empty()) text += ": " + entry.subject;
            if (!entry.item.empty()) text += ": " + entry.item;
            rows.push_back({std::string(group.word), entry.place, std::move(text)});
        }
    }
    return rows;
}

std::string CoverageReport::lines(const TextOptions& options) const {
    constexpr std::size_t word_width = 12;  // "never passed"
    constexpr std::size_t narrowest = 30;
    const std::vector<Row> found = rows();
    std::size_t place_width = 0;
    for (const Row& row : found) place_width = std::max(place_width, display_width(row.place));
    const std::size_t indent = 2 + word_width + 2 + place_width + 2;
    const bool wraps = !options.verbose && options.width > indent + narrowest;
    std::string out;
    for (const Row& row : found) {
        out += "  " + Paint(options.color)(Tone::warning, pad_right(row.word, word_width)) + "  " +
               pad_right(row.place, place_width) + "  ";
        std::vector<std::string> texts{row.text};
        if (wraps) texts = wrap(row.text, options.width - indent);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            out += (i == 0 ? "" : std::string(indent, ' ')) + texts[i] + "\n";
        }
    }
    return out;
}

}  // namespace sagalab::views

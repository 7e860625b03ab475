#include "views/schedules.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/text.h"
#include "program/retry.h"
#include "program/retry_nesting.h"
#include "views/layout.h"
#include "views/stores.h"
#include "views/style.h"

namespace sagalab::views {
namespace {

using program::HandlerKind;
using program::Program;
using program::Repeat;
using program::Retry;
using program::RetryUse;
using program::Schedule;
using program::Try;

constexpr std::size_t uses_shown = 5;
constexpr std::size_t tries_shown = 12;
constexpr std::size_t few_tries_shown = 6;  // of what nobody asked for

std::string handler_name(const Program& program, HandlerId id) {
    const program::Handler& handler = program[id];
    const std::string service = display_name(program, handler.service);
    const std::string name = printable(handler.name);
    switch (handler.kind) {
        case HandlerKind::client: return service + " (" + name + ")";
        case HandlerKind::event: return service + " on " + name;
        case HandlerKind::route: return service + ", " + name;
        default: return service + "." + name;
    }
}

std::string operation_name(const Program& program, OperationId id) {
    return id ? printable(program[id].label) : "a request";
}

std::string step_name(const Program& program, HandlerId handler, std::uint32_t step) {
    return "\"" + printable(program[program[handler].saga].steps[step].name) + "\"";
}

std::string range(Nanos least, Nanos most) {
    if (least == most) return format_time(least);
    return format_time(least) + " to " + format_time(most);
}

std::string until(Nanos time) { return time == never ? "no end" : format_time(time); }

std::string tries(std::uint64_t count) {
    if (count == 0) return "tries without end";
    return count == 1 ? "1 try" : "up to " + std::to_string(count) + " tries";
}

// "2", "1.5"
std::string factor_text(std::int64_t millionths) {
    constexpr std::int64_t million = 1'000'000;
    std::string digits = std::to_string(millionths % million);
    digits.insert(0, 6 - digits.size(), '0');
    digits.erase(digits.find_last_not_of('0') + 1);
    const std::string whole = std::to_string(millionths / million);
    return digits.empty() ? whole : whole + "." + digits;
}

// "delay 50ms, times 2, at most 1s, full jitter, begun within 10s"
std::string rules_of(const Retry& retry) {
    std::string out = "delay " + format_time(retry.delay);
    if (retry.backoff_millionths != 1'000'000 && retry.delay < retry.max_delay) {
        out += ", times " + factor_text(retry.backoff_millionths) + ", at most " +
               format_time(retry.max_delay);
    }
    if (retry.jitter) out += ", full jitter";
    if (retry.max_elapsed != never) {
        out += ", none begins later than " + format_time(retry.max_elapsed);
    }
    out += "; after ";
    if (retry.on.empty()) return out + "unknown, failed";
    for (std::size_t i = 0; i < retry.on.size(); ++i) {
        out += (i > 0 ? ", " : "") + std::string(program::outcome_name(retry.on[i].outcome));
        if (!retry.on[i].code.is_null()) out += ":" + plain_text(retry.on[i].code);
    }
    return out;
}

std::vector<std::string> cells_of(const Try& one, bool first) {
    std::string wait = first ? "-" : range(one.least_wait, one.most_wait);
    std::string begins = range(one.least_begin, one.most_begin);
    if (!one.certain) begins += ", if at all";
    return {"  " + pad_left(std::to_string(one.number), 3), wait, begins, until(one.most_end)};
}

std::string schedule_lines(const Retry& retry, Nanos timeout) {
    const Schedule schedule =
        program::schedule_of(retry, timeout, retry.unasked ? few_tries_shown : tries_shown);
    Table table;
    table.add({"  try", "waits", "begins at", "ends by"});
    for (const Try& one : schedule.tries) table.add(cells_of(one, one.number == 1));
    const std::uint64_t shown = schedule.tries.back().number;
    if (schedule.last && schedule.last->number > shown + 1) table.add({"  ..."});
    if (schedule.last) table.add(cells_of(*schedule.last, false));
    std::string out;
    for (const std::string& line : table.lines()) {
        out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return schedule.count == 0 ? out + "  ... and so on, without end\n" : out;
}

std::string use_line(const Program& program, const RetryUse& use) {
    const std::string handler = handler_name(program, use.handler);
    switch (use.kind) {
        case RetryUse::Kind::call:
            return handler + " calls " + operation_name(program, use.operation);
        case RetryUse::Kind::undo:
            return handler + " undoes " + step_name(program, use.handler, use.step);
        case RetryUse::Kind::step: break;
    }
    return handler + " does " + step_name(program, use.handler, use.step) + " until it succeeds";
}

// The uses of one policy with one timeout have one schedule.
struct Group {
    PolicyId retry;
    Nanos timeout;
    std::vector<RetryUse> uses;
};

std::vector<Group> groups_of(const Program& program) {
    std::vector<Group> groups;
    for (const RetryUse& use : program::retry_uses(program)) {
        auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
            return group.retry == use.retry && group.timeout == use.timeout;
        });
        if (found == groups.end()) {
            groups.push_back({use.retry, use.timeout, {}});
            found = groups.end() - 1;
        }
        found->uses.push_back(use);
    }
    return groups;
}

std::string group_lines(const Program& program, const Group& group, const TextOptions& options) {
    const Paint paint(options.color);
    const Retry& retry = program.retries[group.retry.value];
    const std::uint64_t count = program::schedule_of(retry, group.timeout, 0).count;
    std::string name = retry.name.empty() ? "written out" : "\"" + printable(retry.name) + "\"";
    if (retry.name.find(' ') != std::string::npos) name = retry.name;
    std::string out =
        paint(Tone::title, "Retry " + name) + ": " + tries(count) + ", " + rules_of(retry) + "\n";
    const std::size_t shown =
        options.verbose ? group.uses.size() : std::min(group.uses.size(), uses_shown);
    for (std::size_t i = 0; i < shown; ++i) {
        const RetryUse& use = group.uses[i];
        out += "  " + use_line(program, use) +
               paint(Tone::dim, " (" + printable(program.place(use.source)) + ")") + "\n";
    }
    if (shown < group.uses.size()) {
        out += "  ... and " + std::to_string(group.uses.size() - shown) + " more\n";
    }
    out += group.timeout == never ? "  a try may last for ever\n"
                                  : "  a try lasts " + format_time(group.timeout) + " at most\n";
    return out + schedule_lines(retry, group.timeout);
}

std::string repeat_text(const Program& program, const Repeat& repeat) {
    const std::string count = repeat.count == 0 ? "any number of" : std::to_string(repeat.count);
    const std::string who = handler_name(program, repeat.handler);
    switch (repeat.kind) {
        case Repeat::Kind::deliveries:
            return count + " deliveries of " + operation_name(program, repeat.operation) + " to " +
                   display_name(program, program[repeat.handler].service);
        case Repeat::Kind::tries:
            return count + " tries of " + operation_name(program, repeat.operation) + " by " + who;
        case Repeat::Kind::undos:
            return count + " undos of " + step_name(program, repeat.handler, repeat.step) + " by " +
                   who;
        case Repeat::Kind::steps: break;
    }
    return count + " tries of " + step_name(program, repeat.handler, repeat.step) + " by " + who;
}

std::string nesting_lines(const Program& program, const TextOptions& options) {
    const std::vector<program::Nesting> nestings = program::nested_retries(program);
    if (nestings.empty()) return "";
    std::string out = "\n" + Paint(options.color)(Tone::title, "Retries within retries") + "\n";
    const std::size_t shown =
        options.verbose ? nestings.size() : std::min(nestings.size(), rows_shown);
    for (std::size_t i = 0; i < shown; ++i) {
        const program::Nesting& nesting = nestings[i];
        out +=
            "  " + handler_name(program, nesting.handler) + " may run " +
            (nesting.product == 0 ? "without end" : "up to " + counted(nesting.product, "time")) +
            ":\n";
        for (std::size_t part = 0; part < nesting.repeats.size(); ++part) {
            out += (part == 0 ? "      " : "    x ") + repeat_text(program, nesting.repeats[part]) +
                   "\n";
        }
    }
    if (shown < nestings.size()) {
        out += "  ... and " + std::to_string(nestings.size() - shown) + " more\n";
    }
    return out;
}

std::string warning_line(const Program& program, const program::ShortTimeout& found,
                         const Paint& paint) {
    const std::string called = operation_name(program, found.operation);
    std::string out = paint(Tone::warning, "warning:") + " ";
    out += found.caller ? handler_name(program, found.caller) + " waits " : called + " has ";
    out += format_time(found.timeout);
    if (found.caller) out += " for " + called;
    out += ", where " + use_line(program, found.within) + " and may go on for ";
    out += found.most_end == never ? "ever" : format_time(found.most_end);
    return out + paint(Tone::dim, " (" + printable(program.place(found.source)) + ")") + "\n";
}

std::string warning_lines(const Program& program, const TextOptions& options) {
    const Paint paint(options.color);
    std::vector<std::string> lines;
    for (const program::ShortTimeout& found : program::short_timeouts(program)) {
        std::string line = warning_line(program, found, paint);
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) {
            lines.push_back(std::move(line));
        }
    }
    std::string out = lines.empty() ? "" : "\n";
    const std::size_t shown = options.verbose ? lines.size() : std::min(lines.size(), rows_shown);
    for (std::size_t i = 0; i < shown; ++i) out += lines[i];
    if (shown < lines.size()) {
        out += "... and " + std::to_string(lines.size() - shown) + " more\n";
    }
    return out;
}

}  // namespace

std::string retry_schedules(const Program& program, const TextOptions& options) {
    std::string out;
    for (const Group& group : groups_of(program)) {
        out += (out.empty() ? "" : "\n") + group_lines(program, group, options);
    }
    if (out.empty()) out = "nothing is tried again but by the bus\n";
    return out + nesting_lines(program, options) + warning_lines(program, options);
}

}  // namespace sagalab::views

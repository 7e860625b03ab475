#include "cli/explore_settings.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "cli/errors.h"
#include "cli/scenario_files.h"
#include "explore/prepare.h"
#include "program/points.h"

namespace sagalab::cli {
namespace {

using program::Adversity;
using program::Program;
using program::Site;

constexpr unsigned threads_max = 1024;

// "60s": of the wall clock.
Nanos to_time(const std::string& text) {
    auto time = parse_duration(text);
    if (!time || *time == 0) {
        throw UsageError("--time takes a duration such as \"60s\" or \"5m\", not \"" +
                         printable(text) + "\"");
    }
    return *time;
}

// "4G", "512M".
std::uint64_t to_bytes(const std::string& text) {
    std::uint64_t factor = 1;
    std::string digits = text;
    if (!digits.empty()) {
        switch (digits.back()) {
            case 'K': factor = 1'000; break;
            case 'M': factor = 1'000'000; break;
            case 'G': factor = 1'000'000'000; break;
            default: break;
        }
        if (factor != 1) digits.pop_back();
    }
    bool number = !digits.empty() && digits.size() < 9 &&
                  std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!number) {
        throw UsageError("--memory takes a size such as \"512M\" or \"4G\", not \"" +
                         printable(text) + "\"");
    }
    return std::stoull(digits) * factor;
}

// "2/8": the second of eight.
void to_shard(const std::string& text, ExploreSettings& settings) {
    std::size_t slash = text.find('/');
    if (slash == std::string::npos) {
        throw UsageError("--shard takes \"K/N\", the K-th of N shards, not \"" + printable(text) +
                         "\"");
    }
    constexpr std::uint64_t most = 1'000'000;
    settings.shards =
        static_cast<std::uint32_t>(to_integer("--shard", text.substr(slash + 1), 1, most));
    settings.shard = static_cast<std::uint32_t>(
                         to_integer("--shard", text.substr(0, slash), 1, settings.shards)) -
                     1;
}

// As the file's "only" names it: a service, an operation, a message, a table or a point.
Site to_site(const Program& program, const std::string& name) {
    Site site;
    std::set<std::string> known;
    auto named = [&](const std::string& each) {
        known.insert(each);
        return each == name;
    };
    for (std::size_t i = 0; i < program.services.size(); ++i) {
        if (program.services[i].kind == program::ServiceKind::client) continue;
        if (named(program.services[i].name)) site.service = ServiceId(i);
    }
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        if (named(program.operations[i].label)) site.operation = OperationId(i);
    }
    for (std::size_t i = 0; i < program.tables.size(); ++i) {
        const program::Table& table = program.tables[i];
        if (named(program[table.service].name + "." + table.name) && !site.operation) {
            site.table = TableId(i);
        }
    }
    for (const program::Point& point : program.points) {
        if (named(program::point_name(program, point))) site.point = name;
    }
    if (known.count(name) == 0) {
        throw UsageError("--only names no service, operation, message, table or point: \"" +
                         printable(name) + "\"" +
                         suggestion(name, std::vector<std::string>(known.begin(), known.end())));
    }
    return site;
}

}  // namespace

program::Exploration ExploreSettings::bounds(const Program& program) const {
    program::Exploration bounds = explore::bounds_of(program);
    // What the command line asks for takes the place of what is only usual.
    if (!bounds.written && (!budgets.empty() || faults)) {
        bounds = program.explore;
        bounds.faults = program::budget_max;
    }
    for (const auto& [kind, most] : budgets) bounds.budget(kind).max = most;
    for (Adversity kind : {Adversity::reject, Adversity::fail, Adversity::fail_store}) {
        if (bounds.budget(kind).with.empty()) bounds.budget(kind).with.emplace_back("Injected");
    }
    if (faults) bounds.faults = *faults;
    if (reorder) bounds.reorder = *reorder;
    if (!only.empty()) {
        bounds.only.clear();
        for (const std::string& name : only) bounds.only.push_back(to_site(program, name));
    }
    return bounds;
}

ExploreSettings explore_settings(const Arguments& arguments) {
    ExploreSettings settings;
    settings.files = arguments.words();
    settings.cases = arguments.values("case");
    settings.load = load_options(arguments);
    struct Row {
        std::string_view option;
        Adversity kind;
    };
    constexpr Row rows[] = {
        {"crash", Adversity::crash},           {"drop", Adversity::drop},
        {"drop-reply", Adversity::drop_reply}, {"duplicate", Adversity::duplicate},
        {"delay", Adversity::delay},           {"stall", Adversity::stall},
        {"pause", Adversity::pause},           {"partition", Adversity::partition},
        {"reject", Adversity::reject},         {"fail", Adversity::fail},
        {"fail-store", Adversity::fail_store}};
    auto count = [&](std::string_view option) -> std::optional<std::uint32_t> {
        std::optional<std::string> value = arguments.value(option);
        if (!value) return std::nullopt;
        return static_cast<std::uint32_t>(
            to_integer("--" + std::string(option), *value, 0, program::budget_max));
    };
    for (const Row& row : rows) {
        if (auto most = count(row.option)) settings.budgets[row.kind] = *most;
    }
    settings.faults = count("faults");
    if (arguments.has("reorder")) settings.reorder = true;
    if (arguments.has("no-reorder")) settings.reorder = false;
    for (const std::string& names : arguments.values("only")) {
        for (std::size_t begin = 0; begin <= names.size();) {
            std::size_t end = std::min(names.find(',', begin), names.size());
            if (end > begin) settings.only.push_back(names.substr(begin, end - begin));
            begin = end + 1;
        }
    }
    if (auto samples = arguments.value("samples")) {
        settings.samples = to_integer("--samples", *samples, 1, 1000);
    }
    settings.keep_going = arguments.has("keep-going");
    settings.reduce = !arguments.has("no-reduction");
    settings.json = arguments.value("format").value_or("text") == "json";
    if (auto threads = arguments.value("threads")) {
        settings.threads = static_cast<unsigned>(to_integer("--threads", *threads, 1, threads_max));
    }
    if (auto time = arguments.value("time")) settings.time = to_time(*time);
    if (auto memory = arguments.value("memory")) settings.memory = to_bytes(*memory);
    if (auto states = arguments.value("states")) {
        settings.states = to_integer("--states", *states, 1, 4'000'000'000ULL);
    }
    if (auto shard = arguments.value("shard")) to_shard(*shard, settings);
    settings.folder = arguments.value("output");
    return settings;
}

}  // namespace sagalab::cli

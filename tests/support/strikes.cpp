#include "support/strikes.h"

#include <set>

#include "program/points.h"

namespace sagalab::test {

using trace::Record;
using trace::RecordKind;

namespace {

std::vector<std::uint32_t> numbers(const program::Program& program, std::string_view service) {
    Records sink;
    drivers::RunOptions options;
    options.sink = &sink;
    options.points = true;
    drivers::run(program, options);
    std::vector<std::uint32_t> found;
    for (const Record& record : sink.all) {
        if (record.kind != RecordKind::passed) continue;
        const program::Handler& handler = program[program.points[record.step].handler];
        CHECK(handler.service == record.service);
        if (service.empty() || program[handler.service].name == service) {
            found.push_back(record.step);
        }
    }
    return found;
}

}  // namespace

std::vector<std::string> passes(const ProgramPtr& program, std::string_view service) {
    std::vector<std::string> names;
    for (const std::uint32_t number : numbers(*program, service)) {
        const program::Point& point = program->points[number];
        names.push_back((*program)[point.handler].name + ": " +
                        program::point_name(*program, point));
    }
    return names;
}

std::vector<std::string> passes(const Scenario& scenario, std::string_view service) {
    return passes(load(scenario), service);
}

std::vector<std::string> strikes(const Scenario& scenario, const std::string& verb,
                                 const std::string& more, std::string_view service) {
    const ProgramPtr program = load(scenario);
    std::vector<std::string> faults;
    std::set<std::uint32_t> seen;
    for (const std::uint32_t number : numbers(*program, service)) {
        const program::Point& point = program->points[number];
        if (verb == "stall" && !program::can_stall_at(point.kind)) continue;
        if (!seen.insert(number).second) continue;
        const program::Handler& handler = (*program)[point.handler];
        faults.push_back("{\"" + verb + "\": \"" + (*program)[handler.service].name +
                         R"(", "point": ")" + program::point_name(*program, point) +
                         R"(", "during": ")" + handler.name + "\"" + more + "}");
    }
    return faults;
}

std::string stores(const Ran& ran) {
    INFO(ran.result.message);
    REQUIRE(ran.result.stores.size() == ran.program->tables.size());
    std::string out;
    for (std::size_t i = 0; i < ran.program->tables.size(); ++i) {
        const program::Table& table = ran.program->tables[i];
        for (const auto* row : ran.result.stores[i].sorted()) {
            const bool saga = table.kind == program::TableKind::saga;
            const Value value = saga ? *row->value.find("state") : row->value;
            out += table.name + " " + std::string(row->key.text()) + " " + value.json() + "\n";
        }
    }
    return out;
}

std::string done_while_down(const Ran& ran) {
    const std::set<RecordKind> work{RecordKind::row_changed, RecordKind::saga_logged,
                                    RecordKind::saga_state,  RecordKind::logged,
                                    RecordKind::appended,    RecordKind::projected,
                                    RecordKind::resumed};
    ServiceId down;
    std::string out;
    for (const Record& record : ran.records) {
        if (record.kind == RecordKind::crashed) down = record.service;
        if (record.kind == RecordKind::restarted && record.service == down) down = {};
        const bool works = down && record.service == down && work.count(record.kind) != 0;
        if (works) out += line(*ran.program, record) + "\n";
    }
    return out;
}

}  // namespace sagalab::test

#include "views/reports.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace sagalab::views {
namespace {

using Json = nlohmann::json;

const Json& part(const Json& object, const char* key) {
    if (!object.is_object() || !object.contains(key)) {
        throw std::runtime_error(std::string("no report of an exploration: it has no \"") + key +
                                 "\"");
    }
    return object.at(key);
}

std::string text(const Json& object, const char* key) {
    const Json& value = part(object, key);
    if (!value.is_string()) throw std::runtime_error(std::string("\"") + key + "\" is no text");
    return value.get<std::string>();
}

std::uint64_t count(const Json& object, const char* key) {
    const Json& value = part(object, key);
    if (!value.is_number_unsigned()) {
        throw std::runtime_error(std::string("\"") + key + "\" is no count");
    }
    return value.get<std::uint64_t>();
}

ReportedViolation violation(const Json& object) {
    ReportedViolation found;
    found.expectation = text(object, "expectation");
    found.kind = text(object, "kind");
    found.faults = count(object, "faultCount");
    for (const Json& step : part(object, "faults")) {
        if (step.is_string()) found.fault_steps.push_back(step.get<std::string>());
    }
    if (part(object, "file").is_string()) found.file = text(object, "file");
    return found;
}

Report report(const std::string& source, const Json& object) {
    Report read;
    read.source = source;
    read.file = text(object, "file");
    read.case_name = text(object, "case");
    read.version = text(object, "version");
    read.verdict = text(object, "verdict");
    if (object.contains("why")) read.why = text(object, "why");
    read.bounds = part(object, "bounds").dump();
    if (object.contains("shard")) {
        read.shard = count(object.at("shard"), "index");
        read.shards = count(object.at("shard"), "of");
    }
    read.states = count(object, "states");
    read.transitions = count(object, "transitions");
    read.placements = count(object, "placements");
    read.depth = count(object, "depth");
    for (const Json& each : part(object, "counterexamples")) {
        read.violations.push_back(violation(each));
    }
    return read;
}

}  // namespace

std::vector<Report> read_reports(const std::string& source, const std::string& text) {
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) throw std::runtime_error("it is no JSON");
    std::vector<Report> reports;
    if (!json.is_array()) {
        reports.push_back(report(source, json));
        return reports;
    }
    for (const Json& each : json) reports.push_back(report(source, each));
    return reports;
}

}  // namespace sagalab::views

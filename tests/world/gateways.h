// Gateways in tests: requests to one, and what came back.
#pragma once

#include <string>
#include <string_view>

#include "support/worlds.h"

namespace sagalab::test {

// The reply to a client's item: "404 {...}", "null null" where the gateway has not answered.
inline std::string answer(const Ran& ran, std::string_view name) {
    for (const trace::Record& record : ran.of(trace::RecordKind::replied)) {
        if (record.key.text() != name) continue;
        return record.value.find("status")->json() + " " + record.value.find("body")->json();
    }
    return "none";
}

inline std::string status(const Ran& ran, std::string_view name) {
    const std::string text = answer(ran, name);
    return text.substr(0, text.find(' '));
}

inline std::string statuses(const Ran& ran) {
    std::string out;
    for (const trace::Record& record : ran.of(trace::RecordKind::replied)) {
        out += (out.empty() ? "" : " ") + record.value.find("status")->json();
    }
    return out;
}

// How many handlings of a service have come to an end.
inline std::size_t ended(const Ran& ran, std::string_view service) {
    std::size_t count = 0;
    for (const trace::Record& record : ran.of(trace::RecordKind::ended)) {
        count += (*ran.program)[record.service].name == service ? 1 : 0;
    }
    return count;
}

inline std::string request(const std::string& at, const std::string& text, const std::string& as,
                           const std::string& more = "") {
    return R"({"at": ")" + at + R"(", "request": ")" + text + R"(", "to": "Gate", "as": ")" + as +
           "\"" + more + "}";
}

// A gateway with these members, in front of a service that answers, rejects and fails.
inline Scenario gate(const std::string& members, const std::string& workload) {
    Scenario scenario;
    scenario.services = R"js(
"Back": {"store": {"seen": {}}, "api": {
  "Do": [{"reply": {"ok": true}}],
  "Reject": [{"reject": "${msg.code}", "data": {"left": 3, "code": "mine"}}],
  "Fail": [{"fail": "Down"}],
  "Slow": [{"wait": "20ms"}, {"insert": "seen", "key": "meta.id", "row": {}}, {"reply": 1}]}},
"Gate": {)js" + members +
                        "}";
    scenario.workload = workload;
    return scenario;
}

}  // namespace sagalab::test

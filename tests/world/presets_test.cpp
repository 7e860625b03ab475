// What sagas do under each preset of compensation: which steps they undo, when, and how often.
#include <string>
#include <vector>

#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::SagaNote;

namespace {

// Three steps of which the last is refused; each has an undo.
Scenario trip(const std::string& preset, const std::string& faults) {
    Scenario scenario;
    scenario.services = R"("S": {"sagas": {"G": {"id": "msg.id", "compensation": ")" + preset +
                        R"(", "steps": [
        {"call": "T.One", "compensate": {"call": "T.UndoOne"}},
        {"call": "T.Two", "timeout": "50ms", "compensate": {"call": "T.UndoTwo"}},
        {"call": "T.Three", "compensate": {"call": "T.UndoThree"}}]}}},
    "T": {"api": {"One": [{"reply": {}}], "Two": [{"reply": {}}], "Three": [{"reply": {}}],
        "UndoOne": [{"reply": {}}], "UndoTwo": [{"reply": {}}], "UndoThree": [{"reply": {}}]}})";
    scenario.workload = R"({"call": "S.G", "data": {"id": "a"}, "as": "r", "timeout": "1h"})";
    scenario.faults = faults;
    return scenario;
}

// "T.Two 0ms, T.One 2ms": what is undone, and when after the first of them.
std::string undos(const Ran& ran) {
    std::string out;
    Nanos first = never;
    for (const trace::Record& record : ran.of(trace::RecordKind::saga_logged)) {
        if (record.note != SagaNote::undo_started) continue;
        if (first == never) first = record.at;
        out += (out.empty() ? "" : ", ") + (*ran.program)[record.saga].steps[record.step].name +
               " " + format_time(record.at - first);
    }
    return out;
}

std::string state(const Ran& ran) { return std::string(ran.row("S.G", "a").find("state")->text()); }

struct Expected {
    const char* preset;
    const char* undos;
    const char* state;
};

void check(const std::vector<Expected>& all, const std::string& faults) {
    for (const Expected& expected : all) {
        INFO(expected.preset);
        const Ran ran = run(trip(expected.preset, faults));
        CHECK(undos(ran) == expected.undos);
        CHECK(state(ran) == expected.state);
    }
}

}  // namespace

TEST_CASE("preset runs: the last step is rejected") {
    check({{"camunda8-like", "T.Two 0ms, T.One 0ms", "compensated"},
           {"eventuate-like", "T.Two 0ms, T.One 2ms", "compensated"},
           {"seata-like", "T.Two 0ms, T.One 2ms", "compensated"},
           {"temporal-like", "T.Three 0ms, T.Two 2ms, T.One 4ms", "compensated"}},
          R"({"reject": "T.Three", "with": "Full"})");
}

TEST_CASE("preset runs: a reply is lost") {
    check({{"camunda8-like", "T.One 0ms", "compensated"},
           {"eventuate-like", "T.One 0ms", "compensated"},
           {"seata-like", "T.Two 0ms, T.One 2ms", "compensated"},
           {"temporal-like", "T.Two 0ms, T.One 2ms", "compensated"}},
          R"({"dropReply": "T.Two"})");
}

TEST_CASE("preset runs: an undo fails three times") {
    check({{"camunda8-like", "T.One 0ms, T.One 2ms, T.One 4ms", "parked"},
           {"eventuate-like", "T.One 0ms", "parked"},
           {"seata-like", "T.One 0ms, T.One 1.002s, T.One 2.004s, T.One 3.006s", "compensated"},
           {"temporal-like", "T.Two 0ms, T.One 2ms, T.One 1.004s, T.One 3.006s, T.One 7.008s",
            "compensated"}},
          R"({"reject": "T.Two", "with": "Full"}, {"fail": "T.UndoOne", "times": 3})");
}

TEST_CASE("preset runs: an undo is rejected once") {
    check({{"camunda8-like", "T.One 0ms", "parked"},
           {"eventuate-like", "T.One 0ms", "parked"},
           {"seata-like", "T.One 0ms, T.One 1.002s", "compensated"},
           {"temporal-like", "T.Two 0ms, T.One 2ms", "parked"}},
          R"({"reject": "T.Two", "with": "Full"},
             {"reject": "T.UndoOne", "with": "No", "times": 1})");
}

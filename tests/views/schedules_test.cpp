#include "views/schedules.h"

#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using namespace sagalab::views;

namespace {

std::string schedules(const std::string& services, const std::string& workload,
                      const std::string& policies = "") {
    return retry_schedules(*load(R"({"scenario": "t", )" + policies + R"("services": {)" +
                                 services + R"(, "G": {"api": {"Charge": [{"reply": {}}]}}},
                                 "workload": [)" +
                                 workload + "]}"),
                           {});
}

}  // namespace

TEST_CASE("schedules: a policy with a budget, its uses, and a product") {
    const std::string text = schedules(
        R"("A": {"on": {"E": [
            {"call": "G.Charge", "timeout": "50ms", "retry": "patient"}]}})",
        R"({"publish": "E"})",
        R"("policies": {"retry": {"patient": {"maxAttempts": 4, "delay": "50ms", "backoff": "1.5",
            "maxDelay": "100ms", "maxElapsed": "200ms", "on": ["unknown", "rejected:Busy"]}}},)");
    CHECK(text ==
          "Retry \"patient\": up to 3 tries, delay 50ms, times 1.5, at most 100ms, none begins "
          "later than 200ms; after unknown, rejected:Busy\n"
          "  A on E calls G.Charge (test.json:3:13)\n"
          "  a try lasts 50ms at most\n"
          "  try  waits  begins at                  ends by\n"
          "    1  -      0ms                        50ms\n"
          "    2  50ms   50ms to 100ms              150ms\n"
          "    3  75ms   125ms to 200ms, if at all  250ms\n"
          "\n"
          "Retries within retries\n"
          "  G.Charge may run up to 15 times:\n"
          "      5 deliveries of E to A\n"
          "    x 3 tries of G.Charge by A on E\n");
}

TEST_CASE("schedules: many tries are cut short, and those without end say so") {
    const std::string many = schedules(
        R"("A": {"api": {"Do": [{"call": "G.Charge", "timeout": "10ms",
            "retry": {"maxAttempts": 100, "delay": "10ms", "backoff": "1"}}]}})",
        R"({"call": "A.Do", "timeout": "1h"})");
    CHECK(many.find("   12  10ms   110ms to 220ms  230ms\n"
                    "  ...\n"
                    "  100  10ms   990ms to 1.98s  1.99s\n") != std::string::npos);
    const std::string endless = schedules(
        R"("A": {"api": {"Do": [{"call": "G.Charge", "retry": {"maxAttempts": "forever"}}]}})",
        R"({"call": "A.Do", "as": "r"})");
    CHECK(endless.find("Retry written out: tries without end, ") == 0);
    CHECK(endless.find("\n  ... and so on, without end\n") != std::string::npos);
    CHECK(
        endless.find("warning: client (r) waits 1s for A.Do, where A.Do calls G.Charge and may go "
                     "on for ever (test.json:") != std::string::npos);
}

TEST_CASE("schedules: jitter is a range") {
    const std::string text = schedules(
        R"("A": {"api": {"Do": [{"call": "G.Charge", "timeout": "10ms",
            "retry": {"delay": "20ms", "jitter": "full"}}]}})",
        R"({"call": "A.Do", "timeout": "1h"})");
    CHECK(text.find("full jitter") != std::string::npos);
    CHECK(text.find("    2  0ms to 20ms  0ms to 30ms  40ms\n"
                    "    3  0ms to 40ms  0ms to 80ms  90ms\n") != std::string::npos);
    CHECK(text.find("warning") == std::string::npos);
}

TEST_CASE("schedules: a file without retries") {
    CHECK(schedules(R"("A": {"api": {"Do": [{"call": "G.Charge"}]}})", R"({"call": "A.Do"})") ==
          "nothing is tried again but by the bus\n");
}

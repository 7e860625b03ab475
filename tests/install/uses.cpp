// A test of somebody else's: loads a scenario through the library and asks what became of it.
#include <sagalab/sagalab.h>

#include <cstdio>

int main(int count, char** words) {
    if (count != 2) return 2;
    int wrong = 0;
    auto check = [&](bool holds, const char* what) {
        if (holds) return;
        std::fprintf(stderr, "wrong: %s\n", what);
        ++wrong;
    };
    sagalab::Scenario scenario = sagalab::Scenario::load(words[1]);
    check(scenario.ok(), scenario.errors().c_str());
    sagalab::RunSettings settings;
    settings.trace = true;
    sagalab::Result result = scenario.run("by one", settings);
    check(result.passed, result.report.c_str());
    check(result.row("Counter.counts", "a") == R"({"n": 1})", "a row of a store");
    check(result.reply("r") == R"({"body": {"n": 1}, "code": null, "outcome": "succeeded"})",
          "a reply");
    check(result.trace.find("sagalab.run.finished") != std::string::npos, "the trace");
    return wrong == 0 ? 0 : 1;
}

#include "views/comparison.h"

#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using namespace sagalab::views;

namespace {

const char* const saga = R"({"scenario": "t", "services": {
    "S": {"sagas": {"G": {"id": "msg.id", "compensation": COMPENSATION,
        "steps": [{"call": "T.Do", "copy": ["id"], "timeout": "50ms",
                   "compensate": {"call": "T.Undo", "copy": ["id"]}}]}}},
    "T": {"store": {"done": {}}, "api": {
        "Do": [{"insert": "done", "key": "msg.id", "row": {}}, {"reply": {}}],
        "Undo": [{"delete": "done", "key": "msg.id"}, {"reply": {}}]}}},
    "workload": [{"call": "S.G", "data": {"id": "a"}, "as": "r"}],
    "faults": [{"dropReply": "T.Do"}],
    "expect": {"finally": {"nothing is left": "size(T.done) == 0"}}})";

PresetRun run_with(const std::string& compensation) {
    std::string text = saga;
    const std::string word = "COMPENSATION";
    text.replace(text.find(word), word.size(), '"' + compensation + '"');
    const ProgramPtr program = load(text);
    UndoCounter undos;
    drivers::RunOptions options;
    options.sink = &undos;
    return {compensation, drivers::run(*program, options), undos.undone(), undos.tries()};
}

ProgramPtr program_of_it() {
    std::string text = saga;
    const std::string word = "COMPENSATION";
    return load(text.replace(text.find(word), word.size(), "{}"));
}

}  // namespace

TEST_CASE("comparison: a line for each preset, and the rows that differ") {
    const std::vector<PresetRun> runs = {run_with("camunda8-like"), run_with("seata-like"),
                                         run_with("temporal-like")};
    CHECK(comparison(*program_of_it(), runs, {}) ==
          "  preset         verdict  saga         undone  tries  time\n"
          "  camunda8-like  broken   compensated  0       0      52ms\n"
          "  seata-like     holds    compensated  1       1      54ms\n"
          "  temporal-like  holds    compensated  1       1      54ms\n"
          "\n"
          "  done['a'] of T\n"
          "    camunda8-like              {}\n"
          "    seata-like, temporal-like  (no row)\n");
}

TEST_CASE("comparison: presets that come to the same") {
    const std::vector<PresetRun> runs = {run_with("seata-like"), run_with("temporal-like")};
    CHECK(comparison(*program_of_it(), runs, {}) ==
          "  preset         verdict  saga         undone  tries  time\n"
          "  seata-like     holds    compensated  1       1      54ms\n"
          "  temporal-like  holds    compensated  1       1      54ms\n"
          "  Stores and replies are the same under all.\n");
    CHECK(comparison(*program_of_it(), {}, {}).empty());
}

TEST_CASE("comparison: a run that reached a limit shows what there is") {
    std::vector<PresetRun> runs = {run_with("seata-like"), run_with("temporal-like")};
    runs[1].result.ending = drivers::Ending::limit;
    runs[1].result.stores.clear();
    const std::string text = comparison(*program_of_it(), runs, {});
    CHECK(text.find("  temporal-like  limit    -            1") != std::string::npos);
    CHECK(text.find("  Not all came to rest: their rows are not compared.\n") != std::string::npos);
    CHECK(text.find("of T") == std::string::npos);
}

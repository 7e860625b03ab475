// Presets of compensation as a file says them.
#include "language/load_support.h"

using namespace sagalab;
using namespace sagalab::test;
using program::CompensationOrder;
using program::CompensationScope;
using program::UndoFailure;

namespace {

const char* const steps = R"({"call": "T.Do", "compensate": {"call": "T.Undo"}})";

std::string with(const std::string& compensation) {
    return with_saga(steps, R"(, "compensation": )" + compensation);
}

// The line of the saga in the listing.
std::string rules(const std::string& compensation) {
    const std::string all = program::dump(*loaded(with(compensation)));
    const std::size_t begin = all.find("saga S.G id");
    return all.substr(begin, all.find('\n', begin) - begin);
}

}  // namespace

TEST_CASE("load_presets: a name, alone or beside other keys") {
    const std::string camunda = "saga S.G id msg.id scope completed order parallel";
    CHECK(rules(R"("camunda8-like")") == camunda + " undo retry of camunda8-like");
    CHECK(rules(R"({"preset": "camunda8-like"})") == camunda + " undo retry of camunda8-like");
    CHECK(rules(R"("eventuate-like")") ==
          "saga S.G id msg.id scope completed on failure stop undo retry of a compensation");
    CHECK(rules(R"("seata-like")") == "saga S.G id msg.id undo retry of seata-like");
    CHECK(rules(R"("temporal-like")") ==
          "saga S.G id msg.id scope started undo retry of temporal-like");
}

TEST_CASE("load_presets: the keys beside a preset win") {
    CHECK(rules(R"({"preset": "camunda8-like", "order": "reverse"})") ==
          "saga S.G id msg.id scope completed undo retry of camunda8-like");
    CHECK(rules(R"({"order": "reverse", "scope": "completed-or-unknown",
                    "preset": "camunda8-like"})") ==
          "saga S.G id msg.id undo retry of camunda8-like");
    CHECK(rules(R"({"preset": "temporal-like", "onFailure": "continue", "scope": "completed"})") ==
          "saga S.G id msg.id scope completed on failure continue undo retry of temporal-like");
    CHECK(rules(R"({"preset": "seata-like", "retry": {"maxAttempts": 2}})").find("undo retry #") !=
          std::string::npos);
    CHECK(rules(R"({"preset": "eventuate-like", "onFailure": "retry-then-park"})") ==
          "saga S.G id msg.id scope completed undo retry of a compensation");
}

TEST_CASE("load_presets: a param may name it") {
    const std::string text = with(R"("${params.engine}")");
    const std::string file =
        R"({"params": {"engine": "seata-like"}, )" + text.substr(text.find('{') + 1);
    CHECK(messages(file).empty());
    CHECK(program::dump(*loaded(file)).find("undo retry of seata-like") != std::string::npos);
}

TEST_CASE("load_presets: a misspelt name is told with the one that is meant") {
    CHECK(messages(with(R"("camunda-like")")) ==
          R"(4:20: "compensation" must be "camunda8-like", "eventuate-like", "seata-like" or )"
          R"("temporal-like" or an object, not "camunda-like" (did you mean "camunda8-like"?)
)");
    CHECK(messages(with(R"({"preset": "temporal"})")) ==
          R"(4:31: "preset" must be "camunda8-like", "eventuate-like", "seata-like" or )"
          R"("temporal-like", not "temporal"
)");
    CHECK(messages(with("true")).find("\"compensation\" must be") != std::string::npos);
}

// What expressions can tell apart of a saga's log and of counts, from how they are written.
#include "program/told_apart.h"

#include <string>

#include "language/load.h"
#include "support/catch.h"

using namespace sagalab;
using program::LogUse;

namespace {

std::shared_ptr<const program::Program> program_with(const std::string& claim) {
    const std::string text = R"({ "scenario": "s", "services": {
        "S": { "store": { "orders": {} }, "sagas": { "Book": { "id": "msg.id",
                 "steps": [ { "call": "T.Do" } ] } },
               "on": { "Seen": [ { "upsert": "orders", "key": "'k'", "set": {} } ] } },
        "T": { "api": { "Do": [ { "reply": {} } ] } } },
      "workload": [ { "call": "S.Book", "data": { "id": "b" } } ],
      "expect": { "finally": { "claim": ")" +
                             claim + R"(" } } })";
    language::Loaded loaded = language::load_text("s.json", text);
    INFO(claim);
    if (loaded.diagnostics.has_errors()) {
        for (const auto& each : loaded.diagnostics.sorted()) UNSCOPED_INFO(each.message);
    }
    REQUIRE(loaded.cases.size() == 1);
    return loaded.cases[0];
}

}  // namespace

TEST_CASE("what a claim looks at of a saga's log") {
    struct Row {
        const char* claim;
        LogUse use;
    };
    const Row rows[] = {
        {"true", LogUse::nothing},
        {"S.Book['b'].state == 'completed'", LogUse::nothing},
        {"'b' in S.Book && S.Book['b'].epoch == 1 && !has(S.Book['b'].left)", LogUse::nothing},
        {"size(S.Book) == 1", LogUse::nothing},
        {"S.Book.all(id, b, b.state == 'completed')", LogUse::nothing},
        {"S.Book.all(id, id != '')", LogUse::nothing},
        {"size(S.Book['b'].log) == 4", LogUse::records},
        {"S.Book['b'].log.exists(l, l.record == 'failed')", LogUse::records},
        {"size(S.Book['b'].log.filter(l, l.step == 'T.Do')) == 2", LogUse::records},
        {"S.Book['b'].log.map(l, l.record) == ['started']", LogUse::records},
        {"S.Book.all(id, b, b.log.exists(l, l.record == 'failed'))", LogUse::records},
        {"S.Book.exists(id, b, size(b.log) > 3)", LogUse::records},
        {"get(S.Book, 'b', {'state': ''}).state == ''", LogUse::nothing},
        {"get(S.Book, 'b', {'log': []}).log == []", LogUse::everything},
        // One of them is enough.
        {"S.Book['b'].state == '' || size(S.Book['b'].log) == 1", LogUse::records},
        {"S.Book['b'].log.all(l, has(l.attempt))", LogUse::everything},
        {"S.Book['b'].log.all(l, l.attempt < 4)", LogUse::everything},
        {"S.Book['b'].log.filter(l, l.record == '') == []", LogUse::everything},
        {"S.Book['b'].log.exists(l, l == {'step': 'T.Do'})", LogUse::everything},
        {"S.Book['b'].log == []", LogUse::everything},
        {"S.Book['b'].log[0].step == 'T.Do'", LogUse::everything},
        {"S.Book['b']['log'] == []", LogUse::everything},
        {"S.Book['b'] == {}", LogUse::everything},
        {"(size(S.orders) == 0 ? S.Book['b'] : S.Book['c']).state == ''", LogUse::everything},
        {"S.Book == {}", LogUse::everything},
        {"S.Book.all(id, b, b == {})", LogUse::everything},
        {"S.Book.all(id, b, b.log.all(l, l.attempt < 4))", LogUse::everything},
        // Of another table.
        {"S.orders.all(id, o, o == {}) && S.orders['k'] == {}", LogUse::nothing},
    };
    for (const Row& row : rows) {
        INFO(row.claim);
        const auto program = program_with(row.claim);
        CHECK(int(program::log_use(*program, program->sagas[0])) == int(row.use));
    }
}

TEST_CASE("beyond which count a claim sees no difference") {
    struct Row {
        const char* claim;
        std::uint64_t most;
    };
    const Row rows[] = {
        {"delivered('Do -> T') == 2", 3},
        {"delivered('Do -> T') <= 7 && delivered('Do -> T') != 1", 8},
        {"3 > delivered('Do -> T')", 4},
        {"delivered('Do -> T') > -1", 0},
        {"delivered('Do -> T') == 0", 1},
        {"delivered('Do -> T') == size(S.orders)", program::no_bound},
        {"delivered('Do -> T') + 1 == 2", program::no_bound},
        {"string(delivered('Do -> T')) == '2'", program::no_bound},
        {"(size(S.orders) == 0 ? 9 : 1) == delivered('Do -> T')", program::no_bound},
        {"(size(S.orders) == 0 ? delivered('Do -> T') : 1) == 9", program::no_bound},
        {"delivered('Do -> T') == 2 && delivered('Do -> T') == size(S.orders)", program::no_bound},
    };
    for (const Row& row : rows) {
        INFO(row.claim);
        const auto program = program_with(row.claim);
        const auto most = program::counts_told_apart(*program);
        REQUIRE(most.size() == 1);
        CHECK(most[0] == row.most);
        CHECK(program::counts_without_bound(*program, program->expressions.back(), 0) ==
              (row.most == program::no_bound));
    }
}

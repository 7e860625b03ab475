// Read models: what they show, what is set aside, what a rebuild makes of them.
#include <string>

#include "base/random.h"
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::Record;
using trace::RecordKind;

namespace {

// Orders whose events a view reads. A Shared among nobody is a division by zero; among the number
// that another row holds it can be read as soon as that row says more than zero.
Scenario orders(const std::string& options, const std::string& workload,
                const std::string& of_service = "", const std::string& of_orders = "") {
    Scenario scenario;
    scenario.services = R"js(
"Orders": {"aggregates": {"Order": {)js" +
                        of_orders + R"js("apply": {
  "Placed": {"total": "${event.total}"}, "Paid": {}, "Shared": {}, "Erased": {}, "Seen": {}}}},
"on": {
  "Place": [{"append": "Placed", "to": "Order", "key": "msg.id", "copy": ["id", "total"]}],
  "Pay": [{"append": "Paid", "to": "Order", "key": "msg.id", "copy": ["id"]}],
  "Share": [{"append": "Shared", "to": "Order", "key": "msg.id", "copy": ["id", "among"]}],
  "See": [{"append": "Seen", "to": "Order", "key": "msg.id", "data": {}}],
  "Erase": [{"append": "Erased", "to": "Order", "key": "msg.id", "copy": ["id"]}]}},
"Queries": {)js" + of_service +
                        R"js("projections": {"view": {"from": "Orders.Order",
  "key": "get(event, 'into', event.id)", "on": {
  "Placed": {"set": {"total": "${event.total}", "at": "${meta.version}"}},
  "Paid": {"set": {"paid": "${get(row, 'paid', 0) + 1}"}},
  "Shared": {"set": {"each": "${row.total / event.among}"}},
  "Erased": {"delete": true}}, "lag": "5ms")js" +
                        options + "}}}";
    scenario.workload = workload;
    return scenario;
}

std::string does(const std::string& at, const std::string& what, const std::string& id,
                 const std::string& more = "") {
    return R"({"at": ")" + at + R"(", "publish": ")" + what + R"(", "data": {"id": ")" + id + "\"" +
           more + "}}";
}

std::string place(const std::string& at, const std::string& id, int total = 60) {
    return does(at, "Place", id, R"(, "total": )" + std::to_string(total));
}

std::string share(const std::string& at, const std::string& id, int among) {
    return does(at, "Share", id, R"(, "among": )" + std::to_string(among));
}

std::string rebuild(const std::string& at) {
    return R"({"at": ")" + at + R"(", "rebuild": "Queries.view"})";
}

std::string redrive(const std::string& at, const std::string& more = "") {
    return R"({"at": ")" + at + R"(", "redrive": "Queries")" + more + "}";
}

const std::string sequence = R"(, "deadLetter": "sequence")";

std::string view(const Ran& ran) {
    std::string out;
    for (const char* id : {"a", "b", "c", "d"}) {
        const Value row = ran.row("Queries.view", id);
        if (!row.is_null()) out += std::string(out.empty() ? "" : " ") + id + row.json();
    }
    return out;
}

std::string dead(const Ran& ran) {
    std::string out;
    for (const Record& record : ran.of(RecordKind::dead_letter)) {
        out += (out.empty() ? "" : ", ") + std::string(record.value.find("stream")->text()) + "/" +
               record.value.find("version")->json() + " " + std::string(record.code.text());
    }
    return out;
}

// Changes of the view's rows.
std::size_t changes(const Ran& ran) {
    std::size_t count = 0;
    for (const Record& record : ran.of(RecordKind::row_changed)) {
        count += (*ran.program)[record.table].name == "view" ? 1 : 0;
    }
    return count;
}

}  // namespace

TEST_CASE("a view shows each event its lag after it was appended") {
    const Ran ran = run(orders("", place("0ms", "a") + "," + does("10ms", "Pay", "a") + "," +
                                       does("11ms", "Pay", "a") + "," + place("12ms", "b") + "," +
                                       does("13ms", "See", "b") + "," + does("14ms", "Erase", "b") +
                                       "," + does("15ms", "Pay", "c")));
    CHECK(view(ran) == R"(a{"at": 1, "paid": 2, "total": 60} c{"paid": 1})");
    CHECK(ran.times(RecordKind::projected) == "6ms 16ms 17ms 18ms 19ms 20ms 21ms");
    CHECK(ran.result.passed);
}

TEST_CASE("a view shows seeded history from the beginning") {
    Scenario scenario = orders(sequence, does("0ms", "Pay", "a"), "", R"js("streams": {
  "b": [{"event": "Placed", "data": {"id": "b", "total": 2}}, {"event": "Erased", "data": {"id": "b"}}],
  "a": [{"event": "Placed", "data": {"id": "a", "total": 1}}, {"event": "Paid", "data": {"id": "a"}}]},
)js");
    scenario.services += R"js(, "Other": {"on": {"Placed": [{"log": "heard"}]}})js";
    scenario.expect = R"js("always": {"it is there": "Queries.view['a'].paid > 0"})js";
    const Ran ran = run(scenario);
    CHECK(view(ran) == R"(a{"at": 1, "paid": 2, "total": 1})");
    CHECK(ran.count(RecordKind::logged) == 0);
    CHECK(ran.result.passed);
}

TEST_CASE("what cannot be read is set aside and the rest goes on") {
    const std::string workload = place("0ms", "a") + "," + place("0ms", "b") + "," +
                                 share("10ms", "a", 0) + "," + does("20ms", "Pay", "a") + "," +
                                 does("20ms", "Pay", "b");
    const Ran message = run(orders("", workload));
    CHECK(dead(message) == "a/2 ExpressionError");
    CHECK(view(message) ==
          R"(a{"at": 1, "paid": 1, "total": 60} b{"at": 1, "paid": 1, "total": 60})");
    const Ran all = run(orders(sequence, workload));
    CHECK(dead(all) == "a/2 ExpressionError, a/3 SequenceParked");
    CHECK(view(all) == R"(a{"at": 1, "total": 60} b{"at": 1, "paid": 1, "total": 60})");
}

TEST_CASE("a key that is no string cannot be read either") {
    const Ran ran = run(orders("", does("0ms", "Pay", "a") + R"js(,
        {"at": "1ms", "publish": "Place", "data": {"id": "b", "total": null}},
        {"at": "2ms", "publish": "Pay", "data": {"id": null}})js"));
    CHECK(view(ran) == R"(a{"paid": 1} b{"at": 1, "total": null})");
}

namespace {

// What stands in the row of the other order decides whether an event of this one can be read.
Scenario depending(const std::string& options, const std::string& workload) {
    Scenario scenario;
    scenario.services = R"js(
"Orders": {"aggregates": {"Order": {"apply": {"Opened": {}, "Parted": {}, "Joined": {}}}},
"on": {
  "Open": [{"append": "Opened", "to": "Order", "key": "msg.id", "copy": ["among"]}],
  "Split": [{"append": "Parted", "to": "Order", "key": "msg.id", "copy": ["total"]}],
  "Join": [{"append": "Joined", "to": "Order", "key": "msg.id", "data": {}}]}},
"Queries": {"projections": {"view": {"from": "Orders.Order", "key": "'a'", "on": {
  "Opened": {"set": {"among": "${event.among}"}},
  "Parted": {"set": {"each": "${get(row, 'each', 0) + event.total / get(row, 'among', 0)}"}},
  "Joined": {"set": {"joined": "${get(row, 'joined', 0) + 1}"}}}, "lag": "5ms")js" +
                        options + "}}}";
    scenario.workload = workload;
    return scenario;
}

std::string split(const std::string& at, const std::string& id) {
    return does(at, "Split", id, R"(, "total": 60)");
}

std::string opened(const std::string& at, const std::string& id) {
    return does(at, "Open", id, R"(, "among": 3)");
}

}  // namespace

TEST_CASE("what was set aside is read when it comes once more after the mend") {
    const std::string workload = split("0ms", "x") + "," + does("100ms", "Join", "x") + "," +
                                 does("101ms", "Join", "y") + "," + opened("200ms", "y");
    for (const std::string& mode : {std::string(), sequence}) {
        INFO(mode);
        const bool whole = !mode.empty();
        const Ran before = run(depending(mode, workload));
        CHECK(dead(before) ==
              (whole ? "x/1 ExpressionError, x/2 SequenceParked" : "x/1 ExpressionError"));
        CHECK(view(before) ==
              (whole ? R"(a{"among": 3, "joined": 1})" : R"(a{"among": 3, "joined": 2})"));
        const Ran after = run(depending(mode, workload + "," + redrive("300ms")));
        CHECK(view(after) == R"(a{"among": 3, "each": 20, "joined": 2})");
        CHECK(after.result.passed);
        // And what follows is read again.
        const Ran later = run(
            depending(mode, workload + "," + redrive("300ms") + "," + does("400ms", "Join", "x")));
        CHECK(view(later) == R"(a{"among": 3, "each": 20, "joined": 3})");
        // Nothing is left that could come a third time.
        const Ran twice =
            run(depending(mode, workload + "," + redrive("300ms") + "," + redrive("500ms")));
        CHECK(view(twice) == view(after));
    }
}

TEST_CASE("what still cannot be read is set aside once more") {
    const std::string workload = split("0ms", "x") + "," + does("100ms", "Join", "x") + "," +
                                 redrive("200ms") + "," + opened("400ms", "y");
    for (const std::string& mode : {std::string(), sequence}) {
        INFO(mode);
        const Ran once = run(depending(mode, workload));
        CHECK(dead(once) == (mode.empty() ? "x/1 ExpressionError, x/1 ExpressionError"
                                          : "x/1 ExpressionError, x/2 SequenceParked, "
                                            "x/1 ExpressionError, x/2 SequenceParked"));
        const Ran ran = run(depending(mode, workload + "," + redrive("600ms")));
        CHECK(view(ran) == R"(a{"among": 3, "each": 20, "joined": 1})");
    }
}

TEST_CASE("a type names the sequences that its letters have begun") {
    const std::string workload =
        split("0ms", "x") + "," + does("100ms", "Join", "x") + "," + opened("200ms", "y");
    const auto ends = [&](const std::string& type) {
        return view(run(depending(
            sequence, workload + "," + redrive("300ms", R"(, "type": ")" + type + "\""))));
    };
    CHECK(ends("Parted") == R"(a{"among": 3, "each": 20, "joined": 1})");
    CHECK(ends("Joined") == R"(a{"among": 3})");
}

TEST_CASE("a rebuild reads again what the view has read in the order in which it did") {
    const std::string workload = split("0ms", "x") + "," + does("100ms", "Join", "x") + "," +
                                 opened("200ms", "y") + "," + redrive("300ms");
    for (const std::string& mode : {std::string(), sequence}) {
        INFO(mode);
        for (const char* at : {"150ms", "250ms", "306ms", "400ms"}) {
            INFO(at);
            const Ran live = run(depending(mode, workload));
            const Ran ran = run(depending(mode, workload + "," + rebuild(at)));
            CHECK(view(ran) == view(live));
            CHECK(changes(ran) == changes(live));
            CHECK(ran.count(RecordKind::rebuilt) == 1);
        }
    }
}

TEST_CASE("a rebuild heals what a fault has kept from the view and nothing is read twice") {
    const std::string workload = place("0ms", "a") + "," + does("10ms", "Pay", "a") + "," +
                                 does("100ms", "Pay", "a") + "," + rebuild("200ms");
    for (const std::string& mode : {std::string(), sequence}) {
        INFO(mode);
        Scenario scenario = orders(mode, workload);
        // Every attempt at the first Paid, which is the second write.
        scenario.faults = R"({"failStore": "Queries.view", "at": "10ms", "until": "90ms"})";
        const Ran healed = run(scenario);
        CHECK(view(healed) == R"(a{"at": 1, "paid": 2, "total": 60})");
        scenario.workload += "," + redrive("300ms") + "," + does("400ms", "Pay", "a");
        CHECK(view(run(scenario)) == R"(a{"at": 1, "paid": 3, "total": 60})");
    }
}

TEST_CASE("a rebuild takes a hundred entries each lag and the place of the view when level") {
    std::string workload = R"({"publish": "Pay", "every": "1ms", "times": 250,
        "data": {"id": "${i % 2 == 0 ? 'a' : 'b'}"}})";
    workload += "," + rebuild("1s") + "," + rebuild("1006ms");
    const Ran ran = run(orders("", workload));
    CHECK(ran.times(RecordKind::rebuilding) == "1.001s 1.007s");
    CHECK(ran.count(RecordKind::rebuilt) == 1);
    CHECK(view(ran) == R"(a{"paid": 125} b{"paid": 125})");
    CHECK(changes(ran) == 250);
}

TEST_CASE("a rebuild before anything is there is level at once") {
    const Ran ran = run(orders("", rebuild("0ms")));
    CHECK(ran.times(RecordKind::rebuilt) == "6ms");
    CHECK(view(ran).empty());
}

TEST_CASE("a crash begins a rebuild again") {
    std::string workload = R"({"publish": "Pay", "every": "1ms", "times": 250,
        "data": {"id": "a"}})";
    Scenario scenario = orders("", workload + "," + rebuild("1s"));
    scenario.faults = R"({"crash": "Queries", "at": "1008ms", "restartAfter": "100ms"})";
    const Ran ran = run(scenario);
    CHECK(view(ran) == R"(a{"paid": 250})");
    CHECK(ran.times(RecordKind::rebuilt) == "1.118s");
    CHECK(changes(ran) == 250);
}

namespace {

// Something of everything, in random order, with rebuilds in between.
std::string random_workload(std::uint64_t seed, bool with_rebuilds) {
    std::uint64_t count = 0;
    const auto below = [&](std::uint64_t bound) {
        return scale(draw(seed, Purpose::choice, Hash128{}.with(count++)), bound);
    };
    std::string out;
    for (std::uint64_t i = 0; i < 40; ++i) {
        const std::string at = std::to_string(below(300)) + "ms";
        const std::string id(1, static_cast<char>('a' + below(4)));
        const std::uint64_t kind = below(12);
        const int number = static_cast<int>(below(4));
        std::string item = kind < 4    ? place(at, id, number * 12)
                           : kind < 7  ? does(at, "Pay", id)
                           : kind < 9  ? share(at, id, number)
                           : kind < 10 ? does(at, "Erase", id)
                           : kind < 11 ? does(at, "See", id)
                                       : rebuild(at);
        const bool rebuilds = kind == 11;
        if (rebuilds && !with_rebuilds) continue;
        if (!out.empty()) out += ",\n";
        out += item;
    }
    return out;
}

}  // namespace

TEST_CASE("a rebuild equals the live view whatever has happened and whenever it is asked for") {
    const std::string modes[] = {"",
                                 sequence,
                                 R"(, "checkpoint": "after")",
                                 R"(, "checkpoint": "before")",
                                 sequence + R"(, "checkpoint": "after")",
                                 sequence + R"(, "checkpoint": "before")"};
    std::size_t letters = 0;
    std::size_t rebuilt = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        INFO("seed " << seed);
        const std::string& mode = modes[seed % 6];
        const std::string again = seed % 2 == 0 ? "" : "," + redrive("250ms");
        const Ran live = run(orders(mode, random_workload(seed, false) + again));
        const Ran ran =
            run(orders(mode, random_workload(seed, true) + again + "," + rebuild("900ms")));
        REQUIRE(view(ran) == view(live));
        REQUIRE(changes(ran) == changes(live));
        letters += ran.count(RecordKind::dead_letter);
        rebuilt += ran.count(RecordKind::rebuilt);
    }
    CHECK(letters > 50);
    CHECK(rebuilt > 60);
}

TEST_CASE("when progress is kept decides what a crash costs") {
    const std::string workload = does("0ms", "Pay", "a") + "," + does("100ms", "Pay", "a");
    const auto paid = [&](const std::string& word, const std::string& point) {
        Scenario scenario = orders(R"(, "checkpoint": ")" + word + "\"", workload);
        scenario.faults =
            R"({"crash": "Queries", "point": ")" + point + R"(", "during": "Queries.view"})";
        const Ran ran = run(scenario);
        CHECK(ran.result.passed);
        return ran.row("Queries.view", "a").find("paid")->json();
    };
    for (const char* point : {"before receive", "after commit", "before acknowledge"}) {
        INFO(point);
        const bool between = point == std::string("after commit");
        CHECK(paid("atomic", point) == "2");
        CHECK(paid("after", point) == (between ? "3" : "2"));
        CHECK(paid("before", point) == "2");
    }
    CHECK(paid("after", "after mark") == "2");
    CHECK(paid("before", "after mark") == "1");
}

TEST_CASE("a projection that is held at a point goes on from there") {
    const std::string workload =
        does("0ms", "Pay", "a") + "," + does("1ms", "Pay", "a") + "," + does("1ms", "Pay", "b");
    for (const char* word : {"atomic", "after", "before"}) {
        for (const char* point : {"after commit", "after mark", "before acknowledge"}) {
            if (word == std::string("atomic") && point == std::string("after mark")) continue;
            INFO(word << " " << point);
            for (const std::string& rebuilt : {std::string(), "," + rebuild("10ms")}) {
                Scenario scenario =
                    orders(R"(, "checkpoint": ")" + std::string(word) + "\"", workload + rebuilt);
                scenario.faults = R"({"stall": "Queries", "point": ")" + std::string(point) +
                                  R"(", "during": "Queries.view", "for": "50ms", "nth": 1})";
                const Ran ran = run(scenario);
                CHECK(view(ran) == R"(a{"paid": 2} b{"paid": 1})");
                CHECK(ran.count(RecordKind::delivered) == (rebuilt.empty() ? 6U : 7U));
                CHECK(ran.result.passed);
            }
        }
    }
}

TEST_CASE("an outbox and an inbox of the service do not concern its views") {
    for (const char* option : {R"("outbox": true, )", R"("inbox": true, )",
                               R"("outbox": true, "inbox": true, "workers": 1, )"}) {
        INFO(option);
        const Ran ran = run(orders("", place("0ms", "a") + "," + does("10ms", "Pay", "a"), option));
        CHECK(view(ran) == R"(a{"at": 1, "paid": 1, "total": 60})");
        CHECK(ran.times(RecordKind::row_changed) == "1ms 6ms 11ms 16ms");
    }
}

// Projections over random histories: what is built again, set aside, driven again and crashed comes
// to what the live view comes to.
#include "support/draws.h"
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// Orders in O; Q keeps a row of each with all that happened to it, in order.
Scenario view(const std::string& options, const std::string& workload,
              const std::string& faults = "") {
    Scenario scenario;
    scenario.services = R"js(
"O": {"aggregates": {"Order": {"apply": {"Placed": {}, "Paid": {}, "Shared": {}, "Erased": {}}}},
  "api": {
    "Place": [{"append": "Placed", "to": "Order", "key": "msg.id", "copy": ["id", "total"]}],
    "Pay": [{"append": "Paid", "to": "Order", "key": "msg.id", "copy": ["id", "amount"]}],
    "Share": [{"append": "Shared", "to": "Order", "key": "msg.by", "copy": ["id", "by"]}],
    "Erase": [{"append": "Erased", "to": "Order", "key": "msg.id", "copy": ["id"]}]}},
"Q": {"projections": {"sums": {"from": "O.Order", "key": "event.id", "on": {
    "Placed": {"set": {"left": "${event.total}", "seen": "${get(row, 'seen', '') + 'P'}"}},
    "Paid": {"set": {"left": "${get(row, 'left', 0) - event.amount}",
                     "seen": "${get(row, 'seen', '') + 'p'}"}},
    "Shared": {"set": {"each": "${100 / row.left}", "seen": "${get(row, 'seen', '') + 's'}"}},
    "Erased": {"delete": true}}, "lag": "2ms")js" +
                        options + "}}}";
    scenario.workload = workload;
    scenario.faults = faults;
    return scenario;
}

std::string place(const std::string& at, const std::string& id, int total = 10) {
    return R"({"at": ")" + at + R"(", "send": "O.Place", "data": {"id": ")" + id +
           R"(", "total": )" + std::to_string(total) + "}}, ";
}

std::string pay(const std::string& at, const std::string& id, int amount) {
    return R"({"at": ")" + at + R"(", "send": "O.Pay", "data": {"id": ")" + id +
           R"(", "amount": )" + std::to_string(amount) + "}}, ";
}

// An event of the stream `by` about the row `id`: it cannot be read while nothing of it is left.
std::string share(const std::string& at, const std::string& id, const std::string& by) {
    return R"({"at": ")" + at + R"(", "send": "O.Share", "data": {"id": ")" + id + R"(", "by": ")" +
           by + "\"}}, ";
}

std::string erase(const std::string& at, const std::string& id) {
    return R"({"at": ")" + at + R"(", "send": "O.Erase", "data": {"id": ")" + id + "\"}}, ";
}

std::string rebuild(const std::string& at) {
    return R"({"at": ")" + at + R"(", "rebuild": "Q.sums"}, )";
}

std::string redrive(const std::string& at, const std::string& type = "") {
    return R"({"at": ")" + at + R"(", "redrive": "Q")" +
           (type.empty() ? "" : R"(, "type": ")" + type + "\"") + "}, ";
}

// Items end with a comma each.
Ran play(const std::string& options, std::string items, const std::string& faults = "") {
    items.erase(items.find_last_of(','));
    return run(view(options, items, faults));
}

std::string row(const Ran& ran, const std::string& id) { return ran.row("Q.sums", id).json(); }

std::string seen(const Ran& ran, const std::string& id) {
    const Value found = ran.row("Q.sums", id);
    return found.is_null() ? "no row" : std::string(found.find("seen")->text());
}

// Reasons of the dead letters, in order.
std::string dead(const Ran& ran) {
    std::string out;
    for (const trace::Record& record : ran.of(RecordKind::dead_letter)) {
        out += (out.empty() ? "" : " ") + std::string(record.code.text());
    }
    return out;
}

std::string rows_of(const Ran& ran) {
    std::string out;
    for (std::size_t i = 0; i < ran.program->tables.size(); ++i) {
        if (ran.program->tables[i].kind != program::TableKind::projection) continue;
        for (const auto* entry : ran.result.stores[i].sorted()) {
            out += std::string(entry->key.text()) + " " + entry->value.json() + "\n";
        }
    }
    return out;
}

std::string ms(std::uint64_t time) { return std::to_string(time) + "ms"; }

// Traffic on four orders; a few entries cannot be read when they come.
std::string random_traffic(Source& source, bool poison) {
    std::string items;
    for (std::uint64_t i = 0; i < 60; ++i) {
        const std::string at = ms(1 + source.below(200));
        const std::string id = "o" + std::to_string(source.below(4));
        switch (source.below(poison ? 8 : 6)) {
            case 0:
            case 1: items += place(at, id, static_cast<int>(source.below(3))); break;
            case 2: items += erase(at, id); break;
            case 6:
            case 7: items += share(at, id, "o" + std::to_string(source.below(4))); break;
            default: items += pay(at, id, static_cast<int>(source.below(3)));
        }
    }
    return items;
}

std::string random_crashes(Source& source) {
    std::string faults;
    for (std::uint64_t i = source.below(4); i > 0; --i) {
        faults += (faults.empty() ? "" : ", ") + std::string(R"({"crash": ")") +
                  (source.below(2) == 0 ? "O" : "Q") + R"(", "at": ")" + ms(source.below(250)) +
                  R"(", "restartAfter": ")" + ms(1 + source.below(40)) + "\"}";
    }
    return faults;
}

}  // namespace

TEST_CASE("a view that is built again is the view that was there") {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        INFO("seed " << seed);
        Source source(seed);
        const std::string traffic = random_traffic(source, false);
        const std::string faults = random_crashes(source);
        const Ran live = play("", traffic, faults);
        CHECK(dead(live).empty());
        std::string rebuilds;
        for (std::uint64_t i = 0; i < 3; ++i) rebuilds += rebuild(ms(source.below(300)));
        const Ran again = play("", traffic + rebuilds, faults);
        CHECK(rows_of(again) == rows_of(live));
        CHECK(again.count(RecordKind::rebuilt) >= 1);
    }
}

// Also where entries are set aside: what could not be read then cannot be read in its place now.
TEST_CASE("a rebuild sets aside what the live view has set aside") {
    std::size_t parked = 0;
    for (const char* mode : {"message", "sequence"}) {
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            INFO(mode << ", seed " << seed);
            Source source(seed);
            const std::string options = R"(, "deadLetter": ")" + std::string(mode) + "\"";
            std::string items = random_traffic(source, true);
            for (int i = 0; i < 2; ++i) {
                items += redrive(ms(100 + source.below(900)), source.below(2) ? "Shared" : "");
            }
            const std::string faults = random_crashes(source);
            const Ran live = play(options, items, faults);
            parked += live.count(RecordKind::dead_letter);
            const Ran again = play(options, items + rebuild("20s"), faults);
            CHECK(rows_of(again) == rows_of(live));
        }
    }
    CHECK(parked > 200);
}

TEST_CASE("during a rebuild the old view is read and written") {
    std::string items;
    for (int i = 0; i < 150; ++i) items += place("1ms", "o" + std::to_string(i));
    const Ran ran = play("", items + rebuild("100ms") + pay("100ms", "o7", 1));
    CHECK(ran.times(RecordKind::rebuilding) == "101ms");
    CHECK(ran.times(RecordKind::rebuilt) == "105ms");
    CHECK(row(ran, "o7") == R"({"left": 9, "seen": "Pp"})");
    std::size_t told = 0;
    for (const trace::Record& record : ran.of(RecordKind::row_changed)) {
        told += record.at >= 101 * millisecond && (*ran.program)[record.table].name == "sums";
    }
    CHECK(told == 1);
}

TEST_CASE("a second rebuild begins again") {
    std::string items;
    for (int i = 0; i < 250; ++i) items += place("1ms", "o" + std::to_string(i));
    CHECK(play("", items + rebuild("100ms")).times(RecordKind::rebuilt) == "107ms");
    const Ran ran = play("", items + rebuild("100ms") + rebuild("104ms"));
    CHECK(ran.times(RecordKind::rebuilding) == "101ms 105ms");
    CHECK(ran.times(RecordKind::rebuilt) == "111ms");
}

TEST_CASE("a rebuild that a crash cuts begins again") {
    std::string items;
    for (int i = 0; i < 250; ++i) items += place("1ms", "o" + std::to_string(i));
    const std::string crash = R"({"crash": "Q", "at": "104ms", "restartAfter": "500us"})";
    const Ran ran = play("", items + rebuild("100ms"), crash);
    CHECK(ran.count(RecordKind::rebuilt) == 1);
    CHECK(ran.rows("Q.sums") == 250);
    CHECK(ran.of(RecordKind::rebuilt)[0].at > 107 * millisecond);
}

namespace {

const std::string sequence = R"(, "deadLetter": "sequence")";
const std::string message = R"(, "deadLetter": "message")";

// o1 has nothing left, so that b's event about it is poison; b goes on, and so does o2.
const std::string poisoned = place("1ms", "o1", 0) + place("2ms", "b") + place("3ms", "o2") +
                             share("10ms", "o1", "b") + pay("200ms", "b", 1) +
                             pay("201ms", "o2", 1);

}  // namespace

// The row becomes readable between two attempts.
TEST_CASE("an entry that is driven again may still fail before it succeeds") {
    for (const std::string& mode : {sequence, message}) {
        INFO(mode);
        const Ran ran = play(mode, poisoned + place("300ms", "o1", 50) + redrive("400ms"),
                             R"({"failStore": "Q.sums", "at": "400ms", "until": "425ms"})");
        CHECK(row(ran, "o1") == R"({"each": 2, "left": 50, "seen": "PPs"})");
        CHECK(seen(ran, "b") == "Pp");
    }
}

TEST_CASE("what comes while a sequence is driven again stays behind it") {
    const std::string mended = poisoned + place("300ms", "o1", 50);
    for (int at = 396; at < 406; ++at) {
        INFO(at);
        const Ran ran =
            play(sequence, mended + erase(ms(std::uint64_t(at)), "b") + redrive("400ms"));
        CHECK(seen(ran, "o1") == "PPs");
        CHECK(seen(ran, "b") == "no row");
    }
}

TEST_CASE("a store that fails for a while is tried again") {
    const std::string items = place("1ms", "o1") + pay("2ms", "o1", 1) + pay("3ms", "o1", 2);
    const Ran ran = play("", items, R"({"failStore": "Q.sums", "until": "30ms"})");
    CHECK(row(ran, "o1") == R"({"left": 7, "seen": "Ppp"})");
    CHECK(ran.count(RecordKind::redelivering) == 3);
    CHECK(ran.count(RecordKind::projected) == 3);
    const Ran for_ever = play("", items, R"({"failStore": "Q.sums"})");
    CHECK(for_ever.rows("Q.sums") == 0);
    CHECK(for_ever.count(RecordKind::dead_letter) == 3);
}

TEST_CASE("what a store refused is there after a rebuild and is not read again") {
    for (const std::string& mode : {sequence, message}) {
        INFO(mode);
        const Ran ran = play(
            mode, place("1ms", "o1") + pay("2ms", "o1", 1) + rebuild("300ms") + redrive("400ms"),
            R"({"failStore": "Q.sums", "until": "200ms"})");
        CHECK(row(ran, "o1") == R"({"left": 9, "seen": "Pp"})");
    }
}

namespace {

// What the row says of three events when a crash falls at the second one.
std::string after_crash(const std::string& checkpoint, const std::string& point,
                        const std::string& more = "") {
    const Ran ran =
        play(R"(, "checkpoint": ")" + checkpoint + "\"",
             place("1ms", "o1") + pay("10ms", "o1", 1) + pay("20ms", "o1", 2) + more,
             R"({"crash": "Q", "point": ")" + point + R"(", "during": "sums", "nth": 2})");
    CHECK(ran.count(RecordKind::crashed) == 1);
    return row(ran, "o1");
}

}  // namespace

TEST_CASE("a crash beside the checkpoint repeats an effect or loses it or neither") {
    const std::string once = R"({"left": 7, "seen": "Ppp"})";
    const std::string twice = R"({"left": 6, "seen": "Pppp"})";
    const std::string lost = R"({"left": 8, "seen": "Pp"})";
    CHECK(after_crash("after", "after commit") == twice);
    CHECK(after_crash("after", "after mark") == once);
    CHECK(after_crash("before", "after mark") == lost);
    CHECK(after_crash("before", "after commit") == once);
    CHECK(after_crash("atomic", "after commit") == once);
    for (const char* checkpoint : {"atomic", "after", "before"}) {
        INFO(checkpoint);
        CHECK(after_crash(checkpoint, "before receive") == once);
        CHECK(after_crash(checkpoint, "before acknowledge") == once);
        for (const char* point : {"after commit", "after mark"}) {
            const bool strikes =
                std::string(checkpoint) != "atomic" || std::string(point) != "after mark";
            if (strikes) CHECK(after_crash(checkpoint, point, rebuild("300ms")) == once);
        }
    }
}

TEST_CASE("a replica that is up reads what one that is down cannot") {
    Scenario scenario = view("", "");
    scenario.workload = R"({"send": "O.Place", "data": {"id": "o1", "total": 10}},
        {"at": "10ms", "send": "O.Pay", "data": {"id": "o1", "amount": 1}})";
    scenario.services.insert(scenario.services.find("\"projections\""), "\"replicas\": 2, ");
    scenario.faults = R"({"crash": "Q/1", "at": "0ms", "restartAfter": "never"},
        {"crash": "Q", "point": "after commit", "nth": 2})";
    const Ran ran = run(scenario);
    CHECK(row(ran, "o1") == R"({"left": 9, "seen": "Pp"})");
    CHECK(ran.count(RecordKind::crashed) == 2);
}

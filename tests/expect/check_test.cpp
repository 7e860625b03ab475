// Expectations: right and wrong ones, with their reasons.
#include "expect/check.h"

#include "base/random.h"
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;

namespace {

// Events put rows into A.t and B.u.
Scenario rows(const std::string& expect, const std::string& workload,
              const std::string& seeded = "{}") {
    Scenario scenario;
    scenario.services = R"js(
"A": {"store": {"t": {"rows": )js" +
                        seeded + R"js(}}, "on": {
  "Put": [{"upsert": "t", "key": "msg.k", "set": {"n": "${msg.n}"}}],
  "Drop": [{"delete": "t", "key": "msg.k"}]}, "api": {"Ask": [{"reply": {"a": 1, "b": {"c": 2}}}]}},
"B": {"store": {"u": {}}, "on": {
  "PutB": [{"upsert": "u", "key": "msg.k", "set": {"n": "${msg.n}"}}],
  "DropB": [{"delete": "u", "key": "msg.k"}]}})js";
    scenario.workload = workload;
    scenario.expect = expect;
    return scenario;
}

std::string event(const std::string& name, int at, const std::string& key, int n) {
    return R"({"publish": ")" + name + R"(", "at": ")" + std::to_string(at) +
           R"(ms", "data": {"k": ")" + key + R"(", "n": )" + std::to_string(n) + "}}";
}

std::string list(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items) out += (out.empty() ? "" : ",\n") + item;
    return out;
}

std::string reasons(const expect::Verdict& verdict) {
    std::string out;
    for (const std::string& reason : verdict.reasons) out += reason + "\n";
    return out;
}

// One claim in two forms: looked at by key, and over all rows.
constexpr const char* positive_claims[] = {R"js("A.t.all(k, r, r.n > 0)")js",
                                           R"js("!A.t.exists(k, r, r.n <= 0)")js"};

bool mentions(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

const std::string four_puts = list({event("Put", 0, "a", 1), event("Put", 1, "b", -5),
                                    event("Put", 2, "b", -6), event("Put", 3, "b", 1)});

}  // namespace

TEST_CASE("always is broken by the change that broke it and only once") {
    for (const char* claim : positive_claims) {
        INFO(claim);
        const Ran ran =
            run(rows(R"("always": {"positive": )" + std::string(claim) + "}", four_puts));
        CHECK_FALSE(ran.result.passed);
        const expect::Verdict& verdict = ran.verdict("positive");
        CHECK(verdict.kind == expect::Kind::always);
        CHECK_FALSE(verdict.holds);
        CHECK(verdict.at == 2 * millisecond);
        CHECK(mentions(verdict.broken_by, "A"));
        CHECK(mentions(verdict.broken_by, "b"));
        CHECK(mentions(reasons(verdict), "-5"));
        CHECK_FALSE(mentions(reasons(verdict), "-6"));
        bool caused = false;
        for (const trace::Record& record : ran.records) {
            caused = caused || (record.kind == trace::RecordKind::row_changed &&
                                record.cause == verdict.cause && record.key.text() == "b" &&
                                record.at == verdict.at);
        }
        CHECK(caused);
    }
}

TEST_CASE("a claim over no rows is vacuous and one that is never broken holds") {
    Ran ran = run(rows(R"js("always": {"positive": "A.t.all(k, r, r.n > -10)"})js", four_puts));
    CHECK(ran.verdict("positive").holds);
    CHECK_FALSE(ran.verdict("positive").vacuous);
    ran = run(rows(R"js("always": {"positive": "B.u.all(k, r, r.n > 0)"})js", four_puts));
    CHECK(ran.verdict("positive").holds);
    CHECK(ran.verdict("positive").vacuous);
}

TEST_CASE("a claim by key is what the same claim over all rows is") {
    struct Claim {
        const char* by_key;
        const char* naive;  // the same, in a form that is looked at over all rows
    };
    const Claim claims[] = {
        {"A.t.all(k, r, r.n < 90)", "!A.t.exists(k, r, !(r.n < 90))"},
        {"A.t.all(k, r, r.n < 80 || k in B.u)", "!A.t.exists(k, r, !(r.n < 80 || k in B.u))"},
        {"A.t.all(k, r, !(k in B.u) || B.u[k].n + r.n < 150)",
         "!A.t.exists(k, r, k in B.u && B.u[k].n + r.n >= 150)"},
        {"A.t.all(k, r, k in B.u || r.n > 2)",
         "size(A.t.filter(k, !(k in B.u || A.t[k].n > 2))) == 0"}};
    std::size_t broken = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        std::vector<std::string> items;
        auto below = [&, count = std::uint64_t{0}](std::uint64_t bound) mutable {
            return static_cast<int>(
                scale(draw(seed, Purpose::choice, Hash128{}.with(count++)), bound));
        };
        for (int at = 0; at < 30; ++at) {
            const char* names[] = {"Put", "PutB", "Put", "Drop", "PutB", "DropB"};
            items.push_back(event(names[below(6)], at, "k" + std::to_string(below(5)), below(100)));
        }
        std::string always;
        for (std::size_t i = 0; i < 4; ++i) {
            const std::string number = std::to_string(i);
            always += (i > 0 ? ", " : "") + ("\"key " + number) + "\": \"" + claims[i].by_key +
                      "\", \"all " + number + "\": \"" + claims[i].naive + "\"";
        }
        const Ran ran = run(rows(R"("always": {)" + always + "}", list(items)));
        for (std::size_t i = 0; i < 4; ++i) {
            const expect::Verdict& key = ran.verdict("key " + std::to_string(i));
            const expect::Verdict& all = ran.verdict("all " + std::to_string(i));
            INFO("seed " << seed << " claim " << i);
            CHECK(key.holds == all.holds);
            CHECK(key.at == all.at);
            CHECK(key.cause == all.cause);
            if (!key.holds) ++broken;
        }
    }
    CHECK(broken > 40);
    CHECK(broken < 230);
}

TEST_CASE("the claims above really are looked at in both ways") {
    const ProgramPtr program = load(rows(
        R"js("always": {"a": "A.t.all(k, r, r.n < 90 || k in B.u)", "b": "!A.t.exists(k, r, r.n > 90)"})js",
        four_puts));
    for (const program::Claim& claim : program->expect.always) {
        CHECK(expect::range_by_key((*program)[claim.expression]).valid() == (claim.title == "a"));
    }
}

TEST_CASE("rows that are there from the start are looked at") {
    const char* seeded = R"({"old": {"n": -1}})";
    for (const char* claim : positive_claims) {
        const Ran ran = run(rows(R"("always": {"positive": )" + std::string(claim) + "}",
                                 event("Put", 0, "a", 1), seeded));
        CHECK_FALSE(ran.verdict("positive").holds);
    }
}

TEST_CASE("an error in an expression fails the claim and says what is wrong") {
    const Ran ran = run(rows(R"js("always": {"a": "A.t.all(k, r, r.none > 0)"},
"finally": {"b": "A.t['zz'].n == 1", "c": "A.t['a'].n / 0 == 1"})js",
                             four_puts));
    for (const char* name : {"a", "b", "c"}) {
        CHECK_FALSE(ran.verdict(name).holds);
        CHECK_FALSE(ran.verdict(name).reasons.empty());
    }
    CHECK(mentions(reasons(ran.verdict("a")), "none"));
    CHECK(mentions(reasons(ran.verdict("b")), "zz"));
}

TEST_CASE("finally is judged at the end and shows the values of its parts") {
    const Ran ran = run(rows(
        R"js("finally": {"right": "A.t['b'].n == 1", "wrong": "A.t['b'].n == 7"})js", four_puts));
    CHECK(ran.verdict("right").holds);
    CHECK_FALSE(ran.verdict("wrong").holds);
    CHECK(mentions(reasons(ran.verdict("wrong")), "A.t['b'].n"));
    CHECK_FALSE(ran.result.passed);
}

TEST_CASE("replies are compared key by key") {
    const std::string call = R"({"call": "A.Ask", "as": "r"})";
    const auto held = [&](const std::string& expected) {
        const Ran ran = run(rows(R"("replies": {"r": )" + expected + "}", call));
        CHECK(ran.result.passed == ran.verdict("replies r").holds);
        return ran.verdict("replies r").holds;
    };
    CHECK(held(R"({"outcome": "succeeded"})"));
    CHECK(held(R"({"body": {"b": {"c": 2}}})"));
    CHECK_FALSE(held(R"({"outcome": "rejected"})"));
    CHECK_FALSE(held(R"({"body": {"a": 2}})"));
    CHECK_FALSE(held(R"({"body": {"x": 1}})"));
    const Ran ran = run(rows(R"("replies": {"r": {"body": {"a": 2}}})", call));
    const std::string why = reasons(ran.verdict("replies r"));
    INFO(why);
    CHECK(mentions(why, "2"));
    CHECK(mentions(why, "1"));
}

TEST_CASE("a sequence lets others stand between and keeps its order") {
    const std::string workload =
        list({event("Put", 0, "a", 1), event("PutB", 5, "b", 1), event("Drop", 9, "a", 1)});
    Ran ran = run(rows(R"("sequence": ["Put -> A", "Drop -> A"])", workload));
    CHECK(ran.result.passed);
    ran = run(rows(R"("sequence": ["Put -> A", "Drop -> A", "PutB -> B"])", workload));
    CHECK_FALSE(ran.verdict("sequence").holds);
    CHECK(reasons(ran.verdict("sequence")) == "PutB -> B did not come after Drop -> A\n");
    ran = run(rows(R"("sequence": ["Put -> A", "Put -> A"])", workload));
    CHECK_FALSE(ran.verdict("sequence").holds);
}

TEST_CASE("counts are exact") {
    Ran ran = run(rows(R"("counts": {"Put -> A": 4, "PutB -> B": 0})", four_puts));
    CHECK(ran.result.passed);
    ran = run(rows(R"("counts": {"Put -> A": 3})", four_puts));
    CHECK_FALSE(ran.verdict("counts Put -> A").holds);
    CHECK(reasons(ran.verdict("counts Put -> A")) == "Put -> A came 4 times, expected 3\n");
}

TEST_CASE("finally sees replies, dead letters and deliveries") {
    Scenario scenario;
    scenario.services =
        R"js("A": {"on": {"E": [{"fail": "Never"}]}, "api": {"Ask": [{"reject": "No"}]}})js";
    scenario.workload = R"({"publish": "E", "data": {"n": 4}}, {"call": "A.Ask", "as": "r"})";
    scenario.expect = R"js("finally": {
"replies": "replies.r.outcome == 'rejected' && replies.r.code == 'No'",
"letters": "size(deadLetters) == 1 && deadLetters[0].type == 'E' && deadLetters[0].data.n == 4 && deadLetters[0].attempts == 5",
"delivered": "delivered('E -> A') == 5", "up": "up == ['A']", "waiting": "waiting == [] && undelivered == [] && parked == []"})js";
    const Ran ran = run(scenario);
    INFO(summary(ran.result));
    CHECK(ran.result.passed);
}

TEST_CASE("a case that breaks exactly what it is meant to break passes") {
    Scenario scenario = rows(
        R"js("always": {"positive": "A.t.all(k, r, r.n > 0)"}, "finally": {"one": "A.t['b'].n == 1"})js",
        four_puts);
    const auto passed = [&](const std::string& breaks) {
        scenario.more = R"("cases": {"c": {"breaks": )" + breaks + "}},";
        const std::vector<ProgramPtr> cases = load_cases(scenario.text());
        return run(cases[0]).result.passed;
    };
    CHECK(passed(R"(["positive"])"));
    CHECK_FALSE(passed(R"(["positive", "one"])"));
    CHECK_FALSE(passed(R"(["one"])"));
    CHECK_FALSE(passed("[]"));
}

TEST_CASE("a premise is watched until it was true once") {
    const std::string small = R"js("A.t.all(k, r, r.n != 7 || k in B.u)")js";
    const std::string nested = R"js("[1].all(i, A.t.all(k, r, !(r.n > 6) || k in B.u))")js";
    const std::string puts =
        list({event("PutB", 0, "a", 7), event("Put", 1, "a", 1), event("Put", 2, "a", 7)});
    const std::string others = list({event("PutB", 0, "a", 7), event("Put", 1, "a", 1)});
    for (const char* kind : {"always", "finally"}) {
        for (const std::string& claim : {small, nested}) {
            INFO(kind << " " << claim);
            std::string expectation = "\"";
            expectation.append(kind).append(R"(": {"implied": )").append(claim).append("}");
            const expect::Verdict met = run(rows(expectation, puts)).verdict("implied");
            CHECK(met.holds);
            CHECK(met.premise_met);
            CHECK(met.premise == (claim == small ? "r.n == 7" : "(r.n > 6)"));
            const expect::Verdict missed = run(rows(expectation, others)).verdict("implied");
            CHECK(missed.holds);
            CHECK_FALSE(missed.premise_met);
            CHECK_FALSE(missed.vacuous);
        }
    }
}

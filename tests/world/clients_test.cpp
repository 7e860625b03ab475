// Clients that do one thing after another, and arrivals without memory.
#include "support/worlds.h"
#include "world/arrivals.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::Record;
using trace::RecordKind;

namespace {

Scenario with(const std::string& workload, const std::string& expect = "",
              const std::string& more = "") {
    Scenario scenario;
    scenario.services = R"js(
"A": {"store": {"t": {}}, "api": {
  "Add": [{"insert": "t", "key": "msg.id", "row": {"by": "${meta.correlationId}"}},
          {"reply": {"id": "${msg.id}", "next": "${msg.id + 'x'}"}}],
  "No": [{"reject": "No", "data": {"n": 1}}], "Slow": [{"wait": "1s"}]},
 "on": {"E": [{"upsert": "t", "key": "'e' + string(msg.n)", "set": {}}]}},
"G": {"routes": {"GET /{x}": [{"reply": {"x": "${path.x}"}, "status": 203}]}})js";
    scenario.workload = workload;
    scenario.expect = expect;
    scenario.more = more;
    return scenario;
}

std::string logs(const Ran& ran) {
    std::string out;
    for (const Record& record : ran.of(RecordKind::logged)) {
        out += (out.empty() ? "" : "; ") + std::string(record.value.text());
    }
    return out;
}

// When an item fires, up to `most` times.
std::vector<Nanos> arrivals(const program::Program& program, std::size_t most = 1'000'000) {
    std::vector<Nanos> all;
    Nanos at = 0;
    while (all.size() < most) {
        at = world::firing_due(program, program.workload[0], all.size(), at);
        if (at == never) break;
        all.push_back(at);
    }
    return all;
}

}  // namespace

TEST_CASE("clients: a reply is a value for the steps that follow") {
    const Ran ran = run(with(R"js({"at": "5ms", "client": "ann", "steps": [
        {"call": "A.Add", "data": {"id": "o"}, "as": "a"},
        {"call": "A.Add", "data": {"id": "${a.body.next}"}, "as": "b"},
        {"call": "A.Add", "data": {"id": "o"}, "as": "again"},
        {"let": {"text": "${a.outcome} ${again.outcome} ${again.code}"}},
        {"log": "${text}"},
        {"request": "GET /${b.body.next}", "to": "G", "as": "page"},
        {"log": "${page.status} ${page.body.x}"},
        {"publish": "E", "data": {"n": 7}},
        {"send": "A.Add", "data": {"id": "sent"}}]})js"));
    CHECK(logs(ran) == "succeeded rejected AlreadyExists; 203 oxx");
    CHECK(ran.times(RecordKind::replied) == "7ms 9ms 11ms 13ms");
    CHECK(ran.reply("b") == R"(succeeded {"id": "ox", "next": "oxx"})");
    CHECK(ran.reply("again") == "rejected AlreadyExists");
    CHECK(ran.rows("A.t") == 4);
}

TEST_CASE("clients: no outcome of a call ends a client") {
    const Ran ran = run(with(R"js({"client": "ann", "steps": [
        {"call": "A.No", "as": "a"}, {"call": "A.Slow", "as": "b", "timeout": "5ms"},
        {"call": "A.No"}, {"log": "${a.code} ${a.body.n} ${b.outcome} ${b.code}"}]})js"));
    CHECK(logs(ran) == "No 1 unknown Timeout");
    CHECK(ran.times(RecordKind::replied) == "2ms 7ms");
}

TEST_CASE("clients: many at once, each in rounds of its own") {
    const Ran ran =
        run(with(R"js({"at": "10ms", "client": "ann", "clients": 3, "times": 2, "steps": [
        {"call": "A.Add", "data": {"id": "${client}-${i}"}, "as": "a"}, {"wait": "3ms"},
        {"log": "${client}/${i} ${a.body.id}"}]})js",
                 R"("finally": {"last": "replies.a.body.id == '2-1'"})"));
    CHECK(logs(ran) == "0/0 0-0; 1/0 1-0; 2/0 2-0; 0/1 0-1; 1/1 1-1; 2/1 2-1");
    CHECK(ran.times(RecordKind::logged) == "15ms 15ms 15ms 20ms 20ms 20ms");
    CHECK(ran.rows("A.t") == 6);
    CHECK(ran.row("A.t", "1-1").json() == R"({"by": "ann#2"})");
    // Of several answers to one name the last is noted.
    CHECK(ran.verdict("last").holds);
}

TEST_CASE("clients: a client that goes wrong stops, the others go on") {
    const Ran ran = run(with(R"js({"client": "ann", "clients": 3, "steps": [
        {"let": {"x": "${10 / (client - 1)}"}}, {"wait": "1ms"}, {"log": "n ${client}"}]})js"));
    CHECK(logs(ran) == "error: division by zero; n 0; n 2");
}

TEST_CASE("clients: an open choice is the first, and other values with another seed") {
    std::string drawn;
    const std::string workload = R"({"client": "ann", "clients": 8, "steps": [
        {"choose": ["x", "y"], "as": "which"}, {"log": "${which}"}]})";
    CHECK(logs(run(with(workload))) == "x; x; x; x; x; x; x; x");
    program::Program program = *load(with(workload));
    program.random = true;
    const std::string random = logs(run(std::make_shared<program::Program>(program)));
    CHECK(random.find('x') != std::string::npos);
    CHECK(random.find('y') != std::string::npos);
}

TEST_CASE("clients: rounds without end of time are bounded by times alone") {
    const Ran ran = run(with(R"({"client": "ann", "times": 1000, "steps": [
        {"publish": "E", "data": {"n": "${i}"}}]})"));
    CHECK(ran.rows("A.t") == 1000);
}

TEST_CASE("clients: the same run on any number of threads") {
    const ProgramPtr program =
        load(with(R"js({"client": "ann", "clients": 20, "times": 5, "steps": [
        {"call": "A.Add", "data": {"id": "${client}-${i}"}, "as": "a"}, {"wait": "1ms"},
        {"request": "GET /${i}", "to": "G", "as": "b"}]},
        {"every": {"poisson": "2000/s"}, "for": "20ms", "publish": "E", "data": {"n": "${i}"}})js"));
    const Ran one = run(program, 1);
    CHECK(
        difference(lines(*program, one.records), lines(*program, run(program, 4).records)).empty());
    CHECK(summary(one.result) == summary(run(program, 3).result));
}

// ---- Poisson -----------------------------------------------------------------------------------

namespace {

ProgramPtr poisson(const std::string& how, int seed = 1) {
    return load(with(R"({"publish": "E", "data": {"n": "${i}"}, )" + how + "}", "",
                     R"("seed": )" + std::to_string(seed) + ", "));
}

}  // namespace

TEST_CASE("poisson: so many times, from the start on") {
    const auto program = poisson(R"("at": "1s", "every": {"poisson": "100/s"}, "times": 50)");
    const std::vector<Nanos> all = arrivals(*program);
    REQUIRE(all.size() == 50);
    CHECK(all.front() > second);
    CHECK(std::is_sorted(all.begin(), all.end()));
    const Ran ran = run(program);
    CHECK(ran.rows("A.t") == 50);
    std::vector<Nanos> sent;
    for (const Record& record : ran.of(RecordKind::sent)) sent.push_back(record.at);
    CHECK(sent == all);
}

TEST_CASE("poisson: for a time, and none at its end or later") {
    const auto program = poisson(R"("at": "1s", "every": {"poisson": "100/s"}, "for": "2s")");
    const std::vector<Nanos> all = arrivals(*program);
    REQUIRE_FALSE(all.empty());
    CHECK(all.front() >= second);
    CHECK(all.back() < 3 * second);
    CHECK(run(program).rows("A.t") == all.size());
    program::Program cut = *program;
    cut.workload[0].until = all.back();
    CHECK(arrivals(cut).size() == all.size() - 1);
    cut.workload[0].until = all.back() + 1;
    CHECK(arrivals(cut).size() == all.size());
    // A time in which nothing may come.
    CHECK(run(poisson(R"("every": {"poisson": "1/h"}, "for": "1us")")).rows("A.t") == 0);
}

TEST_CASE("poisson: counts in equal spans have the mean and the spread of a Poisson process") {
    // 4000 spans of 100 ms with 10 arrivals each on average: the mean lies within 5 standard errors
    // (0.05 each), the variance within 5 of its own (about 0.22 each).
    const auto program = poisson(R"("every": {"poisson": "100/s"}, "for": "400s")");
    std::vector<std::int64_t> spans(4000);
    for (Nanos at : arrivals(*program)) ++spans[static_cast<std::size_t>(at / (100 * millisecond))];
    std::int64_t sum = 0;
    std::int64_t squares = 0;
    for (std::int64_t each : spans) {
        sum += each;
        squares += each * each;
    }
    CHECK(sum > 39'000);
    CHECK(sum < 41'000);
    const std::int64_t variance = (4000 * squares - sum * sum) / (4000 * 40);  // hundredths
    CHECK(variance > 890);
    CHECK(variance < 1120);
    // Without memory: empty spans are rare (e^-10 each), and the first one is like the others.
    CHECK(std::count(spans.begin(), spans.end(), 0) <= 4);
}

TEST_CASE("poisson: the seed and the name decide, and nothing else") {
    const std::string how = R"("every": {"poisson": "1000/s"}, "times": 20)";
    CHECK(arrivals(*poisson(how)) == arrivals(*poisson(how)));
    CHECK(arrivals(*poisson(how)) != arrivals(*poisson(how, 2)));
    const auto two = load(with(R"({"publish": "E", "data": {"n": 1}, )" + how +
                               R"(}, {"send": "A.Add", "data": {"id": "x${i}"}, )" + how + "}"));
    CHECK(arrivals(*two) == arrivals(*poisson(how)));
    CHECK(world::firing_due(*two, two->workload[0], 0, 0) !=
          world::firing_due(*two, two->workload[1], 0, 0));
}

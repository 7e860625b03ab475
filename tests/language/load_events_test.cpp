// Aggregates, projections and operators after loading: revisions, versions, topics, defaults.
#include "language/load_support.h"

using namespace sagalab;
using namespace sagalab::test;
using program::Checkpoint;
using program::DeadLetterMode;

namespace {

// A service S with these members, and T whose projection of S.A has these options.
std::string with_events(const std::string& aggregate, const std::string& options = "",
                        const std::string& steps = "", const std::string& more = "") {
    return R"({"scenario": "t", "services": {
"S": {"store": {"plain": {}}, "aggregates": {"A": {)" +
           aggregate + R"(}}, "on": {"E": [)" + steps + R"(]}},
"T": {"projections": {"view": {"from": "S.A", "key": "meta.stream",
      "on": {"Paid": {"set": {"n": "${get(event, 'n', 0)}"}}, "Erased": {"delete": true}})" +
           options + "}}}}" + more + "}";
}

const std::string plain = R"("apply": {"Paid": {"n": "${get(event, 'n', 0)}"}, "Erased": {}})";

const program::Apply& applied(const program::Program& program, const std::string& name) {
    for (const program::Apply& each : program.aggregates[0].apply) {
        if (program[each.event].name == name) return each;
    }
    FAIL("no such event: " << name);
    return program.aggregates[0].apply[0];
}

}  // namespace

TEST_CASE("load_events: an aggregate begins at version 0 and is never kept without a word") {
    const auto program = loaded(with_events(plain));
    const program::Aggregate& aggregate = program->aggregates[0];
    CHECK(aggregate.initial.json() == R"({"version": 0})");
    CHECK(aggregate.snapshot_every == 0);
    CHECK(aggregate.snapshot_revision == 1);
    CHECK(aggregate.projections == std::vector<std::uint32_t>{0});
    CHECK((*program)[aggregate.table].name == "A");
    const auto more = loaded(
        with_events(plain + R"(, "initial": {"n": 7}, "snapshot": {"every": 3, "revision": 2})"));
    CHECK(more->aggregates[0].initial.json() == R"({"n": 7, "version": 0})");
    CHECK(more->aggregates[0].snapshot_every == 3);
    CHECK(more->aggregates[0].snapshot_revision == 2);
}

TEST_CASE("load_events: the newest revision is where the upcasts lead and seeds have it") {
    const auto program = loaded(with_events(plain + R"(,
        "upcast": [{"event": "Paid", "from": 2, "to": 5, "set": {"n": 1}},
                   {"event": "Paid", "from": 1, "to": 2, "rename": {"a": "b"}, "remove": ["c"]}],
        "streams": {"z": [{"event": "Paid"}, {"event": "Erased"}],
                    "k": [{"event": "Paid", "revision": 1, "data": {"x": 1}}]})"));
    CHECK(applied(*program, "Paid").revision == 5);
    CHECK(applied(*program, "Erased").revision == 1);
    const program::Aggregate& aggregate = program->aggregates[0];
    REQUIRE(aggregate.streams.size() == 2);
    CHECK(aggregate.streams[0].key == Value("k"));
    CHECK(aggregate.streams[0].events[0].revision == 1);
    CHECK(aggregate.streams[0].events[0].data.json() == R"({"x": 1})");
    CHECK(aggregate.streams[1].events[0].revision == 5);
    CHECK(aggregate.streams[1].events[0].data.json() == "{}");
    CHECK(aggregate.streams[1].events[1].revision == 1);
    REQUIRE(aggregate.upcasts.size() == 2);
    CHECK(aggregate.upcasts[1].rename[0].second == Value("b"));
    CHECK(aggregate.upcasts[1].remove == std::vector<Value>{Value("c")});
    CHECK_FALSE(aggregate.upcasts[1].set);
}

TEST_CASE("load_events: a projection is a lane of its own behind the log") {
    const auto program = loaded(with_events(plain));
    const program::Projection& projection = program->projections[0];
    const program::Topic& topic = program->bus.topics[projection.feed.value];
    CHECK((*program)[projection.feed].label == "T.view");
    CHECK((*program)[projection.feed].kind == program::OperationKind::feed);
    CHECK(projection.lag == millisecond);
    CHECK(projection.checkpoint == Checkpoint::atomic);
    CHECK(projection.dead_letter == DeadLetterMode::message);
    CHECK(topic.order == program::Order::per_key);
    CHECK(topic.at_least_once);
    CHECK(topic.latency.low == millisecond);
    CHECK(topic.max_deliveries == 5);
    CHECK(topic.redeliver_after == 10 * millisecond);
}

TEST_CASE("load_events: the words of a projection") {
    for (const auto& [word, expected] :
         {std::pair{"atomic", Checkpoint::atomic}, std::pair{"after", Checkpoint::after},
          std::pair{"before", Checkpoint::before}}) {
        const auto program = loaded(
            with_events(plain, R"(, "checkpoint": ")" + std::string(word) + R"(", "lag": "7ms")"));
        CHECK(program->projections[0].checkpoint == expected);
        CHECK(program->projections[0].lag == 7 * millisecond);
    }
    const auto program = loaded(
        with_events(plain, R"(, "deadLetter": "sequence")", "",
                    R"(, "bus": {"delivery": "at-most-once", "order": "none", "latency": "9ms",
                                 "maxDeliveries": 2, "redeliverAfter": "3ms"})"));
    const program::Topic& topic = program->bus.topics[program->projections[0].feed.value];
    CHECK(topic.dead_letter == DeadLetterMode::sequence);
    CHECK(topic.at_least_once);
    CHECK(topic.order == program::Order::per_key);
    CHECK(topic.latency.low == millisecond);
    CHECK(topic.max_deliveries == 2);
    CHECK(topic.redeliver_after == 3 * millisecond);
}

TEST_CASE("load_events: only handlers that append at what they have read keep their reads") {
    const auto tracks = [](const std::string& steps) {
        const auto program = loaded(with_events(plain, "", steps));
        for (const program::Handler& handler : program->handlers) {
            if (handler.name == "E") return handler.tracks_reads;
        }
        FAIL("no handler");
        return false;
    };
    const std::string step = R"({"append": "Paid", "to": "A", "key": "'k'", "data": {"n": 1})";
    CHECK(tracks(step + "}"));
    CHECK(tracks(step + R"(, "expectedVersion": "any"}, )" + step + "}"));
    CHECK_FALSE(tracks(step + R"(, "expectedVersion": "any"})"));
    CHECK_FALSE(tracks(step + R"(, "expectedVersion": 3})"));
    CHECK_FALSE(tracks(R"({"log": "${store.A['k']}"})"));
}

TEST_CASE("load_events: operators know what they name") {
    const auto program = loaded(with_events(plain, "", "", R"(, "workload": [
        {"rebuild": "T.view"}, {"redrive": "T"}, {"redrive": "T", "type": "Paid"},
        {"redrive": "S"}])"));
    REQUIRE(program->operators.size() == 4);
    CHECK(program->operators[0].verb == program::Operator::Verb::rebuild);
    CHECK(program->operators[0].projection == 0);
    CHECK((*program)[program->operators[0].operation].label == "T.rebuild view");
    CHECK((*program)[program->operators[1].operation].label == "T.redrive all");
    CHECK_FALSE(program->operators[1].type);
    CHECK((*program)[program->operators[2].operation].label == "T.redrive Paid");
    CHECK((*program)[program->operators[2].type].name == "Paid");
    CHECK((*program)[program->operators[3].operation].label == "S.redrive all");
}

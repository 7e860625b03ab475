#include "support/generator.h"

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"

namespace sagalab::test {
namespace {

struct Operation {
    std::string name;  // "E2", "A3"
    bool event = false;
    std::vector<std::size_t> hosts;  // services; of an api operation one
};

class Generator {
public:
    explicit Generator(const GeneratorSettings& settings) : settings_(settings) {}

    std::string text() {
        services_ = 2 + below(3);
        for (std::size_t i = 0, n = 4 + below(4); i < n; ++i) add_operation(i);
        has_saga_ = settings_.sagas && below(3) == 0 && !apis().empty();
        std::string out = R"({"scenario": "generated", "seed": )" + std::to_string(settings_.seed);
        out +=
            R"(, "limits": {"events": 30000}, )" + bus() + ", " + network() + R"(, "services": {)";
        for (std::size_t s = 0; s < services_; ++s) out += service(s) + ",\n";
        out += R"("Z": {"api": {"Ok": [{"reply": {"ok": true}}], "No": [{"reject": "No"}]}}})";
        out += ",\n\"workload\": [" + workload() + "]";
        if (settings_.faults) out += ",\n\"faults\": [" + faults() + "]";
        return out + "}";
    }

private:
    std::uint64_t below(std::uint64_t bound) {
        const Hash128 name = Hash128{}.with(count_++);
        return scale(draw(settings_.seed, Purpose::choice, name), bound);
    }
    bool chance(std::uint64_t percent) { return below(100) < percent; }
    std::string one_of(std::initializer_list<std::string_view> words) {
        return std::string(*(words.begin() + below(words.size())));
    }

    void add_operation(std::size_t number) {
        Operation operation;
        operation.event = chance(50);
        operation.name = (operation.event ? "E" : "A") + std::to_string(number);
        const std::size_t first = below(services_);
        operation.hosts.push_back(first);
        const std::size_t second = below(services_);
        if (operation.event && second != first) operation.hosts.push_back(second);
        operations_.push_back(operation);
    }

    [[nodiscard]] std::vector<std::size_t> apis() const {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            if (!operations_[i].event) found.push_back(i);
        }
        return found;
    }

    [[nodiscard]] std::string label(std::size_t number) const {
        const Operation& operation = operations_[number];
        return operation.event ? operation.name
                               : "S" + std::to_string(operation.hosts[0]) + "." + operation.name;
    }

    std::string latency() {
        if (settings_.latency_zero) return "0ms";
        return one_of({"0ms", "1ms", "1ms", "2ms", "700us", "3ms"});
    }

    std::string bus() {
        std::string out = R"("bus": {"latency": ")" + latency() + R"(", "order": ")" +
                          one_of({"fifo", "fifo", "none"}) + R"(", "maxDeliveries": )" +
                          std::to_string(1 + below(3)) + R"(, "redeliverAfter": ")" +
                          one_of({"0ms", "1ms", "4ms"}) + R"(", "topics": {)";
        std::string separator;
        for (const Operation& operation : operations_) {
            if (!operation.event || !chance(30)) continue;
            out += std::exchange(separator, ", ") + "\"" + operation.name + R"(": {"latency": ")" +
                   latency() + R"(", "order": ")" + one_of({"fifo", "none"}) +
                   R"(", "delivery": ")" + one_of({"at-least-once", "at-most-once"}) + "\"}";
        }
        return out + "}}";
    }

    std::string network() {
        std::string out = R"("network": {"latency": ")" + latency() + R"(", "links": [)";
        std::string separator;
        for (std::size_t from = 0; from < services_; ++from) {
            for (std::size_t to = 0; to < services_; ++to) {
                if (from == to || !chance(20)) continue;
                out += std::exchange(separator, ", ") + R"({"from": "S)" + std::to_string(from) +
                       R"(", "to": "S)" + std::to_string(to) + R"(", "latency": ")" + latency() +
                       "\"}";
            }
        }
        return out + "]}";
    }

    std::string service(std::size_t number) {
        std::string on;
        std::string api;
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            for (const std::size_t host : operations_[i].hosts) {
                if (host != number) continue;
                std::string& into = operations_[i].event ? on : api;
                if (!into.empty()) into += ",\n  ";
                into += "\"" + operations_[i].name + "\": " + handler(i);
            }
        }
        std::string out = "\"S" + std::to_string(number) +
                          R"(": {"store": {"a": {"rows": {"k1": {"n": 1}}}, "b": {}},
 "on": {)" + on + "},\n \"api\": {" +
                          api + "}";
        if (has_saga_ && number == 0) out += ",\n \"sagas\": {\"G\": " + saga() + "}";
        return out + "}";
    }

    std::string key() { return one_of({"msg.id", "msg.id", "'k' + string(msg.n % 3)", "'fixed'"}); }

    std::string data() {
        if (chance(60)) return R"("copy": ["id", "n"])";
        return R"("data": {"id": "${)" + one_of({"msg.id", "'k' + string(msg.n % 4)"}) +
               R"(}", "n": "${msg.n + )" + std::to_string(1 + below(3)) + "}\"}";
    }

    std::string handler(std::size_t number) {
        std::string out = "[";
        as_ = 0;
        for (std::size_t i = 0, n = 1 + below(4); i < n; ++i) out += step(number, 0) + ",\n    ";
        return out + ending(operations_[number].event) + "]";
    }

    std::string ending(bool event) {
        if (event) return one_of({R"({"log": "done ${msg.id}"})", R"({"stop": "done"})"});
        return one_of({R"({"reply": {"n": "${msg.n}"}})", R"({"log": "no reply"})",
                       R"({"if": "msg.n % 3 == 0", "reject": "Third"})",
                       R"({"if": "msg.n % 4 == 0", "fail": "Fourth"})"});
    }

    std::string on_error() {
        return one_of({"", R"(, "onError": [{"log": "handled ${error.code}"}])",
                       R"(, "onError": {"rejected": [{"log": "rejected"}]})",
                       R"(, "onError": {"unknown": [{"fail": "Unknown"}], "AlreadyExists": []})"});
    }

    std::string step(std::size_t number, int depth) {
        const std::uint64_t kind = below(depth < 2 ? 13 : 9);
        const std::string table = one_of({"a", "b"});
        switch (kind) {
            case 0:
                return R"({"insert": ")" + table + R"(", "key": ")" + key() +
                       R"(", "row": {"n": "${msg.n}"})" + on_error() + "}";
            case 1:
                return R"({"update": ")" + table + R"(", "key": ")" + key() +
                       R"(", "set": {"n": "${row.n + 1}"})" + on_error() + "}";
            case 2:
                return R"({"upsert": ")" + table + R"(", "key": ")" + key() +
                       R"(", "set": {"n": "${get(row, 'n', 0) + msg.n}", "by": "${meta.type}"}})";
            case 3: return R"({"delete": ")" + table + R"(", "key": ")" + key() + "\"}";
            case 4: return R"({"wait": ")" + one_of({"0ms", "1ms", "5ms", "300us"}) + "\"}";
            case 9: return branch(number, depth);
            case 10:
                return R"({"for": "x)" + std::to_string(++as_) + R"(", "in": "[1, 2]", "do": [)" +
                       step(number, depth + 2) + "]}";
            default: return outgoing(number);
        }
    }

    std::string branch(std::size_t number, int depth) {
        return R"({"if": "msg.n % 2 == )" + std::to_string(below(2)) + R"(", "then": [)" +
               step(number, depth + 1) + R"(], "else": [)" + step(number, depth + 1) + "]}";
    }

    // Publishes, sends or calls something with a higher number.
    std::string outgoing(std::size_t number) {
        if (number + 1 >= operations_.size()) return R"({"log": "nothing to send"})";
        const std::size_t to = number + 1 + below(operations_.size() - number - 1);
        const Operation& target = operations_[to];
        if (target.event) return R"({"publish": ")" + target.name + "\", " + data() + "}";
        if (chance(30)) return R"({"send": ")" + label(to) + "\", " + data() + "}";
        std::string out = R"({"call": ")" + label(to) + "\", " + data();
        if (chance(60)) out += R"(, "as": "r)" + std::to_string(++as_) + "\"";
        out += R"(, "timeout": ")" + one_of({"2ms", "10ms", "1s"}) + "\"";
        if (chance(30)) {
            out += R"(, "retry": {"maxAttempts": 2, "delay": ")" + one_of({"0ms", "3ms"}) +
                   R"(", "jitter": ")" + one_of({"none", "full"}) + "\"}";
        }
        if (chance(15)) return out + R"(, "fallback": {"n": 0}})";
        return out + on_error() + "}";
    }

    std::string saga_call(std::string_view operation, std::string_view more) {
        return R"({"call": ")" + std::string(operation) + R"(", "copy": ["id", "n"])" +
               std::string(more) + "}";
    }

    std::string saga() {
        const std::vector<std::size_t> calls = apis();
        std::string out = R"({"id": "msg.id", "steps": [)";
        for (std::size_t i = 0, n = 1 + below(3); i < n; ++i) {
            const std::string undo = chance(80) ? "Z.Ok" : "Z.No";
            out += saga_call(label(calls[below(calls.size())]),
                             R"(, "timeout": "8ms", "compensate": )" + saga_call(undo, "")) +
                   ",\n  ";
        }
        const bool pivot = chance(50);
        out += pivot ? saga_call("Z.Ok", R"(, "kind": "pivot")") + ", " +
                           saga_call("Z.Ok", R"(, "kind": "retriable")")
                     : saga_call(chance(50) ? "Z.Ok" : "Z.No", "");
        out += R"(], "deadline": ")" + one_of({"3ms", "20ms", "10s"}) +
               R"(", "compensation": {"scope": ")" +
               one_of({"completed", "completed-or-unknown", "started"}) + R"(", "order": ")" +
               one_of({"reverse", "parallel"}) + R"(", "onFailure": ")" +
               one_of({"retry-then-park", "stop", "continue"}) +
               R"("}, "onCompensated": [{"upsert": "b", "key": "msg.id", "set": {"n": 0}}]})";
        return out;
    }

    std::string workload() {
        std::string out;
        for (std::size_t i = 0, n = 2 + below(3); i < n; ++i) {
            const std::size_t to = below((operations_.size() + 1) / 2);
            const Operation& target = operations_[to];
            if (i > 0) out += ",\n  ";
            out += R"({"at": ")" + one_of({"0ms", "0ms", "1ms", "3ms"}) + R"(", "every": ")" +
                   one_of({"0ms", "1ms", "2500us"}) + R"(", "times": )" +
                   std::to_string((1 + below(5)) * settings_.load) + ", ";
            out += target.event ? R"("publish": ")" : chance(30) ? R"("send": ")" : R"("call": ")";
            out += label(to) + R"(", "data": {"id": "o-${i}", "n": "${i + )" + std::to_string(i) +
                   "}\"}}";
        }
        if (has_saga_) {
            out += R"(, {"at": "1ms", "every": "1ms", "times": )" +
                   std::to_string(3 * settings_.load) +
                   R"(, "call": "S0.G", "as": "g${i}", "data": {"id": "o-${i % 3}", "n": "${i}"}})";
        }
        return out;
    }

    std::string faults() {
        std::string out;
        for (std::size_t i = 0, n = below(4); i < n; ++i) {
            const std::size_t at = below(operations_.size());
            const std::vector<std::size_t> calls = apis();
            const bool delay = operations_[at].event || chance(40) || calls.empty();
            if (!out.empty()) out += ", ";
            if (delay) {
                out += R"({"delay": ")" + label(at) + R"(", "by": ")" +
                       one_of({"0ms", "1ms", "6ms"}) + "\"";
            } else {
                out += "{\"" + one_of({"reject", "fail"}) + "\": \"" +
                       label(calls[below(calls.size())]) + R"(", "with": "Injected")";
            }
            // How many times, only where one service counts.
            const std::string bounded = delay ? R"(, "nth": 3)" : R"(, "times": 2)";
            out += one_of(
                {"", R"(, "nth": 2)", bounded, R"(, "probability": "30%")", R"(, "until": "3ms")"});
            out += R"(, "optional": true})";
        }
        return out;
    }

    const GeneratorSettings settings_;
    std::uint64_t count_ = 0;
    std::size_t services_ = 0;
    std::vector<Operation> operations_;
    bool has_saga_ = false;
    int as_ = 0;
};

}  // namespace

std::string generate(const GeneratorSettings& settings) { return Generator(settings).text(); }

}  // namespace sagalab::test

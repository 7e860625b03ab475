#include "support/systems.h"

#include <initializer_list>
#include <string_view>
#include <utility>

#include "support/draws.h"

namespace sagalab::test {
namespace {

std::string joined(const Pieces& pieces) {
    std::string text;
    for (const std::string& piece : pieces) text += (text.empty() ? "" : ", ") + piece;
    return text;
}

std::string quoted(const std::string& name) { return "\"" + name + "\""; }

std::string member(const std::string& name, const std::string& inside) {
    return "\"" + name + "\": {" + inside + "}";
}

class Generator {
public:
    explicit Generator(std::uint64_t seed) : source_(seed) {}

    System system() {
        make();
        return std::move(system_);
    }

    void make() {
        system_.services = 2 + below(chance(25) ? 3 : 2);
        for (std::size_t i = 0; i < system_.services; ++i) add_service();
        for (std::size_t i = 0, n = 3 + below(3); i < n; ++i) add_operation(i);
        for (std::size_t i = 0; i < operations_.size(); ++i) add_handlers(i);
        if (chance(12)) add_saga();
        if (chance(10)) add_aggregate();
        add_bus();
        add_workload();
        add_expectations();
        add_budgets();
    }

    System with_outages() {
        make();
        for (Pieces& options : system_.options) {
            if (chance(20)) options.push_back(R"("replicas": 2, "lease": "4ms")");
        }
        const bool two = chance(35);
        const std::string first = one_of({"pause", "partition"});
        system_.explore = {budget(first, two && chance(20) ? 2 : 1)};
        if (two) {
            const std::string other = one_of(
                {"pause", "partition", "crash", "drop", "duplicate", "delay", "delay", "stall"});
            if (other != first) system_.explore.push_back(budget(other, 1));
        }
        system_.explore.push_back(R"("faults": )" + std::to_string(two ? 2 : 1));
        return std::move(system_);
    }

private:
    struct Operation {
        std::string name;  // "E2", "A3"
        bool event = false;
        std::vector<std::size_t> hosts;  // services; of an api operation one
    };

    std::uint64_t below(std::uint64_t bound) { return source_.below(bound); }
    bool chance(std::uint64_t percent) { return below(100) < percent; }
    std::string one_of(std::initializer_list<std::string_view> words) {
        return std::string(*(words.begin() + below(words.size())));
    }
    std::string service() { return "S" + std::to_string(below(system_.services)); }

    void add_service() {
        const std::string own = std::to_string(system_.tables.size() % 3);
        Pieces tables{chance(50) ? R"("t": {"rows": {"k1": {"n": )" + own + "}}}" : R"("t": {})"};
        if (chance(30)) tables.push_back(R"("u": {"rows": {"k2": {"n": 2}}})");
        system_.tables.push_back(std::move(tables));
        Pieces options;
        if (chance(15)) options.push_back(R"("outbox": true)");
        if (chance(12)) options.push_back(R"("inbox": true)");
        if (chance(8)) options.push_back(R"("workers": 1)");
        if (chance(6)) options.push_back(R"("takes": "2ms")");
        system_.options.push_back(std::move(options));
    }

    void add_operation(std::size_t number) {
        Operation operation;
        operation.event = chance(60);
        operation.name = (operation.event ? "E" : "A") + std::to_string(number);
        operation.hosts.push_back(below(system_.services));
        const std::size_t other = below(system_.services);
        if (operation.event && chance(30) && other != operation.hosts[0]) {
            operation.hosts.push_back(other);
        }
        operations_.push_back(operation);
    }

    void add_handlers(std::size_t number) {
        for (const std::size_t host : operations_[number].hosts) {
            System::Handler handler;
            handler.name = operations_[number].name;
            handler.event = operations_[number].event;
            handler.service = host;
            host_ = host;
            in_event_ = handler.event;
            as_ = 0;
            for (std::size_t i = 0, n = 1 + below(3); i < n; ++i) {
                handler.steps.push_back(step(number, 0));
            }
            if (!handler.event && chance(50)) handler.steps.push_back(ending());
            if (chance(5)) handler.options.push_back(R"("takes": "1ms")");
            system_.handlers.push_back(std::move(handler));
        }
    }

    std::string label(std::size_t number) const {
        const Operation& operation = operations_[number];
        return operation.event ? operation.name
                               : "S" + std::to_string(operation.hosts[0]) + "." + operation.name;
    }

    std::string key() {
        return one_of({"msg.id", "msg.id", "msg.id", "msg.ref", "'k1'", "'k' + string(msg.n % 2)"});
    }

    std::string table() { return system_.tables[host_].size() > 1 && chance(40) ? "u" : "t"; }

    // Copied, renamed, constant and computed keys.
    std::string data() {
        if (chance(50)) return R"("copy": ["id", "ref", "n"])";
        std::string id = one_of({"${msg.id}", "${msg.ref}", "k1", "k2", "k${msg.n % 2}"});
        std::string ref = one_of({"${msg.id}", "${msg.ref}", "k1"});
        return R"("data": {"id": ")" + id + R"(", "ref": ")" + ref + R"(", "n": "${msg.n + )" +
               std::to_string(below(2)) + "}\"}";
    }

    std::string write() {
        const std::string at = R"(": ")" + table() + R"(", "key": ")" + key() + "\"";
        const std::string value =
            one_of({"${(row.n * 3 + msg.n) % 5}", "${row.n + 1}", "${msg.n}"});
        const std::string fresh = one_of(
            {"${(get(row, 'n', 0) * 3 + msg.n) % 5}", "${msg.n}", "${get(row, 'n', 1) + 1}"});
        switch (below(6)) {
            case 0: return R"({"insert)" + at + R"(, "row": {"n": "${msg.n}"}, "onError": []})";
            case 1: return R"({"update)" + at + R"(, "set": {"n": ")" + value + "\"}}";
            case 2: return R"({"delete)" + at + "}";
            default: return R"({"upsert)" + at + R"(, "set": {"n": ")" + fresh + "\"}}";
        }
    }

    std::string condition() {
        const std::string rows = "store." + table();
        switch (below(6)) {
            case 0: return "size(" + rows + ") > 1";
            case 1: return rows + ".all(k, r, r.n < 3)";
            case 2: return "get(" + rows + ", " + key() + ", {'n': 0}).n % 2 == 0";
            case 3: return rows + "[" + key() + "].n > 1";
            default: return key() + " in " + rows;
        }
    }

    std::string step(std::size_t number, int depth) {
        const std::uint64_t kind = below(depth == 0 ? 100 : 70);
        if (kind < 38) return write();
        if (kind < 64) return outgoing(number);
        if (kind < 70) return R"({"wait": ")" + one_of({"1ms", "2ms", "5ms"}) + "\"}";
        if (kind < 88) return branch(number);
        if (kind < 91) {
            const std::string name = "c" + std::to_string(as_++);
            return R"({"choose": ["k1", "k2"], "as": ")" + name + R"("}, {"upsert": ")" + table() +
                   R"(", "key": ")" + name + R"(", "set": {"n": 3}})";
        }
        if (kind < 95) return awaited(number);
        if (in_event_) return R"({"if": ")" + condition() + R"(", "stop": "enough"})";
        return R"({"if": ")" + condition() + R"(", "reject": "No"})";
    }

    std::string branch(std::size_t number) {
        std::string out = R"({"if": ")" + condition() + R"(", "then": [)" + step(number, 1) + "]";
        if (chance(40)) out += R"(, "else": [)" + step(number, 1) + "]";
        return out + "}";
    }

    std::string awaited(std::size_t number) {
        for (std::size_t other = number + 1; other < operations_.size(); ++other) {
            if (!operations_[other].event) continue;
            return R"({"await": ")" + operations_[other].name +
                   R"(", "if": "event.id == msg.id", "timeout": ")" + one_of({"3ms", "10ms"}) +
                   R"(", "onError": []})";
        }
        return write();
    }

    std::string ending() {
        return one_of({R"({"reply": {"n": "${msg.n}"}})", R"({"if": "msg.n == 1", "reject": "No"})",
                       R"({"if": "msg.n == 2", "fail": "Down"})"});
    }

    // Publishes, sends or calls something with a higher number.
    std::string outgoing(std::size_t number) {
        if (number + 1 >= operations_.size()) return write();
        const std::size_t to = number + 1 + below(operations_.size() - number - 1);
        std::string after = chance(6) ? R"(, "after": "2ms"})" : "}";
        if (operations_[to].event) {
            return R"({"publish": ")" + operations_[to].name + "\", " + data() + after;
        }
        if (chance(35)) return R"({"send": ")" + label(to) + "\", " + data() + after;
        std::string out = R"({"call": ")" + label(to) + "\", " + data() + R"(, "timeout": ")" +
                          one_of({"2ms", "5ms", "1s"}) + "\"";
        if (chance(15)) out += R"(, "via": "bus")";
        if (chance(20)) out += R"(, "idempotencyKey": "msg.id")";
        if (chance(20)) out += R"(, "retry": {"maxAttempts": 2, "delay": "3ms"})";
        if (chance(5)) out += R"(, "breaker": {"failures": 1, "open": "3ms"})";
        if (chance(50)) out += R"(, "onError": [)" + (chance(40) ? write() : "") + "]";
        return out + "}";
    }

    void add_saga() {
        host_ = 0;
        for (std::size_t i = 0, n = 1 + below(2); i < n; ++i) {
            std::size_t to = operations_.size();
            for (std::size_t at = below(operations_.size()); at < operations_.size(); ++at) {
                if (!operations_[at].event) to = at;
            }
            std::string undo = R"("compensate": {"upsert": "t", "key": "msg.id", "set": {"n": 0}})";
            if (to == operations_.size()) {
                system_.saga.push_back(R"({"step": "s)" + std::to_string(i) + R"(", "do": [)" +
                                       R"({"upsert": "t", "key": "msg.id", "set": {"n": 4}}], )" +
                                       undo + "}");
            } else {
                system_.saga.push_back(R"({"call": ")" + label(to) +
                                       R"(", "copy": ["id", "ref", "n"], "timeout": "5ms", )" +
                                       undo + "}");
            }
        }
        if (chance(40)) system_.saga.push_back(R"({"if": "msg.n == 1", "reject": "No"})");
    }

    void add_aggregate() {
        system_.options[0].push_back(R"("aggregates": {"Ag": {"initial": {"n": 0}, "apply": )"
                                     R"({"Done": {"n": "${(state.n * 2 + event.n) % 7}"}}}})");
        for (System::Handler& handler : system_.handlers) {
            if (handler.service != 0 || !chance(60)) continue;
            handler.steps.insert(handler.steps.begin(),
                                 R"({"append": "Done", "to": "Ag", "key": "msg.id", )"
                                 R"("copy": ["id", "n"]})");
        }
        system_.options[1].push_back(
            R"("projections": {"p": {"from": "S0.Ag", "key": "event.id", "on": {"Done": )"
            R"({"set": {"n": "${get(row, 'n', 0) + 1}"}}}, "checkpoint": ")" +
            one_of({"atomic", "after", "before"}) + "\"}}");
    }

    void add_bus() {
        const std::string order = one_of({"none", "fifo", "fifo", "per-key"});
        system_.bus.push_back(R"("order": ")" + order + "\"");
        if (order == "per-key") system_.bus.push_back(R"("key": "msg.id")");
        system_.bus.push_back(R"("maxDeliveries": )" + std::to_string(1 + below(2)));
        system_.bus.push_back(R"("redeliverAfter": ")" + one_of({"1ms", "4ms"}) + "\"");
        if (chance(40)) system_.bus.push_back(R"("latency": ")" + latency() + "\"");
        if (chance(10)) system_.bus.push_back(R"("delivery": "at-most-once")");
        if (chance(10)) system_.bus.push_back(R"("deadLetter": "sequence")");
        if (chance(40)) system_.network.push_back(R"("latency": ")" + latency() + "\"");
        for (const Operation& operation : operations_) {
            if (!operation.event || !chance(15)) continue;
            system_.bus.push_back(R"("topics": {")" + operation.name + R"(": {"latency": ")" +
                                  latency() + R"("}})");
            return;
        }
    }

    std::string latency() { return one_of({"0ms", "2ms", "3ms", "700us"}); }

    void add_workload() {
        for (std::size_t i = 0, items = 2 + below(2); i < items; ++i) {
            system_.workload.push_back(work_item(i));
        }
    }

    std::string work_item(std::size_t number) {
        const std::size_t to = below((operations_.size() + 1) / 2);
        std::string out = R"({"at": ")" + one_of({"0ms", "0ms", "0ms", "1ms", "3ms"}) + "\", ";
        bool answered = true;
        if (!system_.saga.empty() && chance(60)) {
            out += R"("call": "S0.G", "timeout": "100ms")";
        } else if (operations_[to].event) {
            out += R"("publish": ")" + operations_[to].name + "\"";
            answered = false;
        } else {
            answered = !chance(30);
            out +=
                (answered ? R"("timeout": "100ms", "call": ")" : R"("send": ")") + label(to) + "\"";
        }
        if (answered) out += R"(, "as": "r)" + std::to_string(number) + "\"";
        out += R"(, "data": {"id": "k)" + std::to_string(1 + below(2)) + R"(", "ref": "k)" +
               std::to_string(1 + below(2)) + R"(", "n": )" + std::to_string(below(4)) + "}}";
        return out;
    }

    // Of two services.
    std::pair<std::string, std::string> two_tables() {
        const std::size_t a = below(system_.services);
        std::size_t b = below(system_.services);
        if (a == b) b = (b + 1) % system_.services;
        return {"S" + std::to_string(a) + ".t", "S" + std::to_string(b) + ".t"};
    }

    std::string claim(const std::string& name) {
        const auto [a, b] = two_tables();
        std::string text = a + ".all(k, r, r.n < 3) || " + b + ".exists(k, r, r.n == 2)";
        switch (below(4)) {
            case 0: text = a + ".all(k, r, r.n < 2 || k in " + b + ")"; break;
            case 1: text = a + ".all(k, r, !(k in " + b + ") || " + b + "[k].n != r.n)"; break;
            case 2: text = "size(" + a + ") <= size(" + b + ") + 1"; break;
            default: break;
        }
        return "\"" + name + "\": \"" + text + "\"";
    }

    void add_expectations() {
        for (std::size_t i = 0, n = below(3); i < n; ++i) {
            system_.always.push_back(claim("a" + std::to_string(i)));
        }
        if (chance(60)) {
            const std::string rows = two_tables().first;
            system_.finally.push_back("\"f0\": \"" + rows + ".all(k, r, r.n != 3)\"");
        }
        if (chance(20)) system_.finally.push_back(R"("f1": "size(deadLetters) == 0")");
        if (chance(20)) system_.finally.push_back(R"("f2": "size(waiting) == 0")");
        const std::string first = delivery(0);
        const std::string last = delivery(operations_.size() - 1);
        if (chance(15)) {
            system_.finally.push_back(R"("f3": "delivered(')" + last + R"(') <= 1")");
        }
        if (chance(15)) {
            system_.expect.push_back(R"("sequence": [")" + first + R"(", ")" + last + "\"]");
        }
        if (chance(10)) system_.expect.push_back(R"("counts": {")" + last + R"(": 1})");
    }

    std::string delivery(std::size_t number) const {
        return operations_[number].name + " -> S" + std::to_string(operations_[number].hosts[0]);
    }

    void add_budgets() {
        const std::uint64_t total = below(8) < 2 ? 0 : chance(75) ? 1 : 2;
        for (std::uint64_t i = 0; i < total; ++i) {
            const std::string kind =
                one_of({"crash", "crash", "drop", "dropReply", "duplicate", "delay", "delay",
                        "delay", "stall", "reject", "fail", "failStore"});
            const std::string name = quoted(kind);
            bool there = false;
            for (const std::string& other : system_.explore) {
                there = there || other.rfind(name, 0) == 0;
            }
            if (there) continue;
            std::string amount = total == 2 && chance(20) ? "2" : "1";
            if (kind == "crash" && chance(20)) {
                amount = R"({"max": 1, "restart": ")" + one_of({"3ms", "never"}) + "\"}";
            } else if (chance(15) && kind != "failStore") {
                amount = R"({"max": 1, "only": [")" + service() + "\"]}";
            }
            system_.explore.push_back(name);
            system_.explore.back().append(": ").append(amount);
        }
        system_.explore.push_back(R"("faults": )" + std::to_string(total));
    }

    std::string budget(const std::string& kind, int most) {
        const std::string amount = std::to_string(most);
        if (!chance(25)) return quoted(kind) + ": " + amount;
        std::string only = quoted(service());
        if (kind == "partition" && chance(50)) only = R"(["S0", "S1"])";
        return quoted(kind) + R"(: {"max": )" + amount + R"(, "only": [)" + only + "]}";
    }

    Source source_;
    System system_;
    std::vector<Operation> operations_;
    std::size_t host_ = 0;
    bool in_event_ = false;
    int as_ = 0;
};

std::string handler_text(const System::Handler& handler) {
    std::string body = "[" + joined(handler.steps) + "]";
    if (!handler.options.empty()) {
        body = R"({"steps": )" + body + ", " + joined(handler.options) + "}";
    }
    return quoted(handler.name) + ": " + body;
}

std::string service_text(const System& system, std::size_t number) {
    Pieces on;
    Pieces api;
    for (const System::Handler& handler : system.handlers) {
        if (handler.service != number) continue;
        (handler.event ? on : api).push_back(handler_text(handler));
    }
    Pieces members = system.options[number];
    members.push_back(member("store", joined(system.tables[number])));
    if (!on.empty()) members.push_back(member("on", joined(on)));
    if (!api.empty()) members.push_back(member("api", joined(api)));
    if (number == 0 && !system.saga.empty()) {
        members.push_back(R"("sagas": {"G": {"id": "msg.id", "steps": [)" + joined(system.saga) +
                          "]}}");
    }
    return member("S" + std::to_string(number), joined(members));
}

// All pieces that may be left out.
std::vector<Pieces*> lists(System& system) {
    std::vector<Pieces*> all{&system.workload, &system.always, &system.finally, &system.expect,
                             &system.explore,  &system.bus,    &system.network, &system.saga};
    for (System::Handler& handler : system.handlers) {
        all.push_back(&handler.steps);
        all.push_back(&handler.options);
    }
    for (Pieces& options : system.options) all.push_back(&options);
    for (Pieces& tables : system.tables) all.push_back(&tables);
    return all;
}

bool shrunk(System& system, const std::function<bool(const System&)>& fails) {
    bool any = false;
    for (std::size_t at = 0; at < system.handlers.size(); ++at) {
        System other = system;
        other.handlers.erase(other.handlers.begin() + static_cast<std::ptrdiff_t>(at));
        if (!fails(other)) continue;
        system = std::move(other);
        any = true;
        --at;
    }
    for (std::size_t list = 0; list < lists(system).size(); ++list) {
        for (std::size_t at = 0; at < lists(system)[list]->size(); ++at) {
            System other = system;
            Pieces& pieces = *lists(other)[list];
            pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(at));
            if (!fails(other)) continue;
            system = std::move(other);
            any = true;
            --at;
        }
    }
    return any;
}

}  // namespace

std::string System::text() const {
    Pieces all;
    for (std::size_t i = 0; i < services; ++i) all.push_back(service_text(*this, i));
    Pieces expected = expect;
    if (!always.empty()) expected.push_back(member("always", joined(always)));
    if (!finally.empty()) expected.push_back(member("finally", joined(finally)));
    return R"({"scenario": "generated", )" + member("services", joined(all)) + ",\n" +
           member("bus", joined(bus)) + ", " + member("network", joined(network)) + ",\n" +
           R"("workload": [)" + joined(workload) + "],\n" + member("expect", joined(expected)) +
           ",\n" + member("explore", joined(explore)) + "}";
}

System random_system(std::uint64_t seed) { return Generator(seed).system(); }

System system_with_outages(std::uint64_t seed) { return Generator(seed).with_outages(); }

System smallest(System system, const std::function<bool(const System&)>& fails) {
    while (shrunk(system, fails)) {
    }
    return system;
}

}  // namespace sagalab::test

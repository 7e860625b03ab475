#include "support/worlds.h"

#include <utility>

#include "language/load.h"

namespace sagalab::test {

using trace::Record;
using trace::RecordKind;

std::string Scenario::text() const {
    return R"({"scenario": "t", )" + more + R"("services": {)" + services + R"(}, "workload": [)" +
           workload + R"(], "faults": [)" + faults + R"(], "expect": {)" + expect + "}}";
}

std::vector<ProgramPtr> load_cases(const std::string& text) {
    language::Loaded loaded = language::load_text("test.json", text);
    std::string messages;
    for (const language::Diagnostic& found : loaded.diagnostics.sorted()) {
        const language::LineColumn at = loaded.sources.line_column(found.place);
        messages +=
            std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + found.message + "\n";
    }
    INFO(text);
    INFO(messages);
    REQUIRE_FALSE(loaded.diagnostics.has_errors());
    REQUIRE_FALSE(loaded.cases.empty());
    return std::move(loaded.cases);
}

ProgramPtr load(const std::string& text) {
    std::vector<ProgramPtr> cases = load_cases(text);
    REQUIRE(cases.size() == 1);
    return cases[0];
}

ProgramPtr load(const Scenario& scenario) { return load(scenario.text()); }

std::string line(const program::Program& program, const Record& record) {
    auto service = [&](ServiceId id) { return id ? program[id].name : std::string("-"); };
    std::string out = std::to_string(static_cast<int>(record.kind));
    auto add = [&](const std::string& part) { out += " | " + part; };
    add(format_time(record.at));
    add(format_time(record.time));
    add(service(record.service) + " " + service(record.peer));
    add(record.operation ? program[record.operation].label : "-");
    add(std::to_string(static_cast<int>(record.message_kind)) + " " +
        program::outcome_name(record.outcome) + " " + trace::saga_note_name(record.note) + " " +
        std::to_string(record.attempt));
    add(std::to_string(record.table.value) + " " + std::to_string(record.saga.value) + " " +
        std::to_string(record.step) + " " + std::to_string(record.fault.value) + " " +
        std::to_string(record.instruction.value));
    add(record.message.hex() + " " + record.cause.hex());
    for (const Value* value :
         {&record.correlation, &record.key, &record.before, &record.value, &record.code}) {
        add(value->json());
    }
    return out;
}

std::vector<std::string> lines(const program::Program& program,
                               const std::vector<Record>& records) {
    std::vector<std::string> out;
    out.reserve(records.size());
    for (const Record& record : records) out.push_back(line(program, record));
    return out;
}

std::string difference(const std::vector<std::string>& expected,
                       const std::vector<std::string>& found) {
    for (std::size_t i = 0; i < expected.size() || i < found.size(); ++i) {
        const std::string a = i < expected.size() ? expected[i] : "(ended)";
        const std::string b = i < found.size() ? found[i] : "(ended)";
        if (a != b)
            return "record " + std::to_string(i) + "\n  expected " + a + "\n  found    " + b;
    }
    return {};
}

std::string summary(const drivers::RunResult& result) {
    std::string out = std::to_string(static_cast<int>(result.ending)) + " " + result.message + " " +
                      (result.passed ? "passed " : "not passed ") +
                      format_time(result.virtual_time) + " " + std::to_string(result.events) + " " +
                      std::to_string(result.messages) + "\n";
    for (const expect::Verdict& verdict : result.verdicts) {
        out += verdict.name + (verdict.holds ? " holds" : " broken") +
               (verdict.vacuous ? " vacuous " : " ") + format_time(verdict.at) + " " +
               verdict.cause.hex() + " " + verdict.broken_by + "\n";
        for (const std::string& reason : verdict.reasons) out += "  " + reason + "\n";
    }
    for (const program::Rows& rows : result.stores) {
        for (const auto* entry : rows.sorted()) {
            out += std::string(entry->key.text()) + " " + entry->value.json() + "\n";
        }
    }
    return out;
}

namespace {

const program::Rows& table_of(const Ran& ran, std::string_view name) {
    for (std::size_t i = 0; i < ran.program->tables.size(); ++i) {
        const program::Table& table = ran.program->tables[i];
        if ((*ran.program)[table.service].name + "." + table.name != name) continue;
        INFO(ran.result.message);
        REQUIRE(i < ran.result.stores.size());
        return ran.result.stores[i];
    }
    FAIL("no table " << name);
    return ran.result.stores[0];
}

}  // namespace

Value Ran::row(std::string_view table, std::string_view key) const {
    const Value* found = table_of(*this, table).find(Value(key));
    return found ? *found : Value();
}

std::size_t Ran::rows(std::string_view table) const { return table_of(*this, table).size(); }

std::string Ran::saga_log(std::string_view saga, std::string_view key) const {
    const Value instance = row(saga, key);
    REQUIRE(instance.is(Value::Kind::map));
    std::string out;
    for (const Value& entry : instance.find(std::string_view("log"))->items()) {
        if (!out.empty()) out += ", ";
        out += std::string(entry.find(std::string_view("step"))->text()) + " " +
               std::string(entry.find(std::string_view("record"))->text());
    }
    return out;
}

std::vector<Record> Ran::of(RecordKind kind) const {
    std::vector<Record> out;
    for (const Record& record : records) {
        if (record.kind == kind) out.push_back(record);
    }
    return out;
}

std::size_t Ran::count(RecordKind kind) const { return of(kind).size(); }

std::string Ran::times(RecordKind kind) const {
    std::string out;
    for (const Record& record : of(kind)) {
        if (!out.empty()) out += ' ';
        out += format_time(record.at);
    }
    return out;
}

std::string Ran::story() const {
    std::string out;
    for (const Record& record : records) {
        bool returned = record.kind == RecordKind::returned || record.kind == RecordKind::late;
        if (record.kind == RecordKind::delivered) {
            out += format_time(record.at) + " " + (*program)[record.operation].name + " -> " +
                   (*program)[record.service].name + "\n";
        } else if (returned || record.kind == RecordKind::timed_out) {
            out += format_time(record.at) + " " + (*program)[record.operation].name +
                   (returned ? std::string(" = ") + program::outcome_name(record.outcome)
                             : std::string(" timed out"));
            if (!record.code.is_null()) out += " " + std::string(record.code.text());
            out += record.kind == RecordKind::late ? " late\n" : "\n";
        }
    }
    return out;
}

std::string Ran::reply(std::string_view name) const {
    for (const Record& record : of(RecordKind::replied)) {
        if (record.key.text() != name) continue;
        std::string out = program::outcome_name(record.outcome);
        if (!record.code.is_null()) out += " " + std::string(record.code.text());
        const Value* body = record.value.find(std::string_view("body"));
        if (body && !body->is_null()) out += " " + body->json();
        return out;
    }
    return "none";
}

const expect::Verdict& Ran::verdict(std::string_view name) const {
    for (const expect::Verdict& verdict : result.verdicts) {
        if (verdict.name == name) return verdict;
    }
    FAIL("no verdict " << name);
    return result.verdicts[0];
}

Ran run(ProgramPtr program, unsigned threads) {
    Ran ran;
    ran.program = std::move(program);
    Records records;
    drivers::RunOptions options;
    options.threads = threads;
    options.sink = &records;
    ran.result = drivers::run(*ran.program, options);
    ran.records = std::move(records.all);
    return ran;
}

Ran run(const Scenario& scenario) { return run(load(scenario)); }
Ran run(const std::string& text) { return run(load(text)); }

}  // namespace sagalab::test

#include "views/phrase.h"

#include "base/text.h"
#include "views/changes.h"

namespace sagalab::views {
namespace {

using program::OperationKind;
using program::Outcome;
using program::Program;
using trace::MessageKind;
using trace::Record;
using trace::RecordKind;

// Name of the operation; of an operation elsewhere with its service before it.
std::string name_of(const Program& program, OperationId operation) {
    return operation ? printable(program[operation].name) : "a message";
}
std::string label_of(const Program& program, OperationId operation) {
    return operation ? printable(program[operation].label) : "a message";
}

std::string payload(const Value& value) {
    bool empty = value.is_null() || (value.is(Value::Kind::map) && value.entries().empty());
    return empty ? "" : " " + readable(value);
}

std::string with_attempt(std::uint32_t attempt) {
    return attempt > 1 ? " (attempt " + std::to_string(attempt) + ")" : "";
}

std::string outcome_of(const Record& record) {
    std::string out = program::outcome_name(record.outcome);
    if (!record.code.is_null()) out += ", " + plain_text(record.code);
    return out + payload(record.value);
}

// Requests to a gateway are shown as they were asked, and answers by their status.
bool is_request(const Program& program, const Record& record) {
    return record.operation && program[record.operation].kind == OperationKind::route;
}

const Value* field_of(const Value& value, std::string_view key) {
    return value.is(Value::Kind::map) ? value.find(key) : nullptr;
}

// "GET /orders/o-1"
std::string request_text(const Program& program, const Record& record) {
    const Value* text = field_of(record.value, "request");
    return text ? plain_text(*text) : name_of(program, record.operation);
}

// "GET /orders/o-1 from ApiGateway as tok-ann {...}"
std::string request_of(const Program& program, const Record& record) {
    std::string out = request_text(program, record) + " from " + display_name(program, record.peer);
    const Value* token = field_of(record.value, "token");
    if (token && !token->is_null()) out += " as " + plain_text(*token);
    const Value* body = field_of(record.value, "body");
    return out + (body ? payload(*body) : "");
}

// "404 {...}"; empty where the gateway itself has not answered.
std::string status_of(const Value& answer) {
    const Value* status = field_of(answer, "status");
    if (!status || status->is_null()) return "";
    const Value* body = field_of(answer, "body");
    return plain_text(*status) + (body ? payload(*body) : "");
}

// All who will get an event: the first record of a publish names them, later ones are its echo.
std::string receivers(const Program& program, const Record& record) {
    std::string out;
    if (record.operation && program[record.operation].kind == OperationKind::event) {
        for (HandlerId handler : program[record.operation].handlers) {
            out += out.empty() ? " to " : ", ";
            out += display_name(program, program[handler].service);
        }
    }
    if (out.empty() && record.peer) out = " to " + display_name(program, record.peer);
    return out;
}

std::string delay_of(const Program& program, const Record& record) {
    if (!record.instruction) return "";
    const program::Instruction& step = program[record.instruction];
    bool scheduled = (step.op == program::Op::publish || step.op == program::Op::send);
    return scheduled && step.time > 0 ? " after " + format_time(step.time) : "";
}

std::string sent(const Program& program, const Record& record) {
    switch (record.message_kind) {
        case MessageKind::event:
            return "publishes " + name_of(program, record.operation) + delay_of(program, record) +
                   receivers(program, record) + payload(record.value);
        case MessageKind::send:
            return "sends " + label_of(program, record.operation) + delay_of(program, record) +
                   payload(record.value);
        case MessageKind::call:
            if (is_request(program, record)) return "requests " + request_of(program, record);
            return "calls " + label_of(program, record.operation) + with_attempt(record.attempt) +
                   payload(record.value);
        case MessageKind::reply: break;  // told by the end of its handler
    }
    return "";
}

std::string ended(const Program& program, const Record& record) {
    const std::string status = is_request(program, record) ? status_of(record.value) : "";
    if (!status.empty()) return "answers " + status;
    bool answers = record.operation && program[record.operation].kind != OperationKind::event &&
                   record.message_kind != MessageKind::send;
    std::string code = record.code.is_null() ? "" : plain_text(record.code);
    switch (record.outcome) {
        case Outcome::succeeded:
            if (!code.empty()) return (answers ? "replies and stops: " : "stops: ") + code;
            return answers ? "replies" + payload(record.value) : "";
        case Outcome::rejected: return "rejects with " + code + payload(record.value);
        case Outcome::failed: return "fails" + (code.empty() ? "" : " with " + code);
        case Outcome::unknown: break;
    }
    return "ends with an unknown outcome" + (code.empty() ? "" : ", " + code);
}

std::string delivered(const Program& program, const Record& record) {
    bool client = record.service && program[record.service].kind == program::ServiceKind::client;
    if (client) return "";  // a client's firing shows in what it sends
    if (!record.operation) return "begins a job";
    std::string from = record.peer ? " from " + display_name(program, record.peer) : "";
    bool request = is_request(program, record);
    return "takes " +
           (request ? request_text(program, record) : name_of(program, record.operation)) + from +
           with_attempt(record.attempt);
}

std::string saga_name(const Program& program, const Record& record) {
    std::string name = record.saga ? program[record.saga].name : std::string("saga");
    return row_name(name, record.key);
}

std::string saga_step(const Program& program, const Record& record) {
    if (!record.saga || record.step >= program[record.saga].steps.size()) return "";
    return printable(program[record.saga].steps[record.step].name);
}

// With the new arrival of a message that is made late.
std::string fault_text(const Program& program, const Record& record) {
    if (!record.fault) return "strikes";
    const program::Fault& fault = program[record.fault];
    bool late = fault.kind == program::FaultKind::delay && record.time > record.at;
    return printable(fault.text) + (late ? ", late until " + format_time(record.time) : "");
}

std::string dead_letter(const Program& program, const Record& record) {
    std::string why = record.code.is_null() ? "" : ": " + plain_text(record.code);
    return "! dead letter: " + name_of(program, record.operation) + " is given up" +
           (record.attempt > 1 ? " after attempt " + std::to_string(record.attempt) : "") + why;
}

Phrase say(std::string text, Tone tone = Tone::plain, bool enters = false) {
    Phrase out;
    if (!text.empty()) out.lines.push_back(std::move(text));
    out.tone = tone;
    out.enters = enters;
    return out;
}

// The client's answer as a settled call binds it: {outcome, code, body}, or with a status.
std::string answer_of(const Record& record) {
    if (std::string status = status_of(record.value); !status.empty()) return status;
    const Value* outcome = record.value.is(Value::Kind::map)
                               ? record.value.find(std::string_view("outcome"))
                               : nullptr;
    if (!outcome) return outcome_of(record);
    const Value* code = record.value.find(std::string_view("code"));
    const Value* body = record.value.find(std::string_view("body"));
    std::string out = plain_text(*outcome);
    if (code && !code->is_null()) out += ", " + plain_text(*code);
    return out + (body ? payload(*body) : "");
}

Tone outcome_tone(const Record& record) {
    return record.outcome == Outcome::succeeded ? Tone::plain : Tone::warning;
}

Phrase row_change(const Program& program, const Record& record) {
    Phrase out;
    std::string table = record.table ? program[record.table].name : std::string("table");
    out.lines = row_changes(row_name(table, record.key), record.before, record.value);
    out.tone = Tone::good;
    return out;
}

Phrase about_a_call(const Program& program, const Record& record) {
    std::string peer = display_name(program, record.peer);
    std::string name = record.operation ? name_of(program, record.operation) : "the request";
    std::string status = is_request(program, record) ? status_of(record.value) : "";
    std::string came = status.empty() ? name + " " + outcome_of(record) : status;
    switch (record.kind) {
        case RecordKind::returned:
            return say("hears from " + peer + ": " + came, outcome_tone(record), true);
        case RecordKind::late:
            return say("hears too late from " + peer + ": " + came, Tone::warning, true);
        case RecordKind::timed_out:
            return say("gives up waiting for " + peer + ": " + name + " timed out, now unknown",
                       Tone::warning, true);
        default: break;
    }
    std::string step = saga_step(program, record);  // tried again as a whole
    return say("will try " + (step.empty() ? name : step) + " again at " +
                   format_time(record.time) + with_attempt(record.attempt + 1),
               Tone::warning);
}

Phrase about_a_message(const Program& program, const Record& record) {
    std::string name = name_of(program, record.operation);
    switch (record.kind) {
        case RecordKind::sent: return say(sent(program, record));
        case RecordKind::unheard:
            return say("publishes " + name + ", and nobody listens" + payload(record.value),
                       Tone::warning);
        case RecordKind::delivered: return say(delivered(program, record), Tone::title, true);
        case RecordKind::redelivering:
            return say("delivery failed: " + name + " comes again at " + format_time(record.time),
                       Tone::warning);
        default: break;
    }
    return say(dead_letter(program, record), Tone::bad);
}

Phrase about_an_event(const Program& program, const Record& record) {
    std::string table = program[record.table].name;
    std::string version = ", version " + std::to_string(record.version);
    switch (record.kind) {
        case RecordKind::appended:
            return say(table + " " + plain_text(record.key) + ": appends " +
                           name_of(program, record.operation) + version + payload(record.value),
                       Tone::good);
        case RecordKind::projected:
            return say(table + " reads " + plain_text(record.value) + " of " +
                       plain_text(record.key) + version);
        case RecordKind::rebuilding:
            return say("begins to rebuild " + table + " beside the live view", Tone::name);
        default: break;
    }
    return say(table + " is rebuilt and takes the place of the live view", Tone::name);
}

Phrase about_a_replica(const Program& program, const Record& record) {
    bool alone = program[record.service].replicas == 1;
    std::string who = alone ? "" : "replica " + std::to_string(record.attempt) + " ";
    if (record.kind == RecordKind::restarted) return say(who + "is up again", Tone::good, true);
    if (record.kind == RecordKind::moves_again) return say(who + "moves again", Tone::good, true);
    if (record.kind == RecordKind::paused && record.time == at_will) {
        return say(who + "stands still", Tone::bad, true);
    }
    if (record.kind == RecordKind::paused) {
        return say(who + "stands still until " + format_time(record.time), Tone::bad, true);
    }
    std::string back = record.time == never     ? ", down for good"
                       : record.time == at_will ? ""
                                                : ", down until " + format_time(record.time);
    return say(who + "crashes" + back, Tone::bad, true);
}

Phrase about_a_saga(const Program& program, const Record& record) {
    std::string note = trace::saga_note_name(record.note);
    std::string name = "saga " + saga_name(program, record);
    if (record.note == trace::SagaNote::deadline) {
        return say(name + " has passed its deadline and goes on: its pivot is done", Tone::warning);
    }
    if (record.note == trace::SagaNote::resumed) {
        return say(name + " goes on from its log, epoch " + std::to_string(record.attempt),
                   Tone::name);
    }
    if (record.kind == RecordKind::saga_state) return say(name + " is now " + note, Tone::name);
    std::string step = saga_step(program, record);
    return say(name + " log: " + step + (step.empty() ? "" : " ") + note, Tone::name);
}

}  // namespace

std::string display_name(const Program& program, ServiceId service) {
    return service ? printable(program[service].display) : "the bus";
}

std::string plain_text(const Value& value) {
    return value.is(Value::Kind::string) ? printable(value.text()) : readable(value);
}

Phrase phrase(const Program& program, const Record& record) {
    switch (record.kind) {
        case RecordKind::sent:
        case RecordKind::unheard:
        case RecordKind::delivered:
        case RecordKind::redelivering:
        case RecordKind::dead_letter: return about_a_message(program, record);
        case RecordKind::returned:
        case RecordKind::late:
        case RecordKind::timed_out:
        case RecordKind::retrying: return about_a_call(program, record);
        case RecordKind::ended: return say(ended(program, record), outcome_tone(record));
        case RecordKind::resumed: return say("goes on after its wait", Tone::plain, true);
        case RecordKind::row_changed: return row_change(program, record);
        case RecordKind::rolled_back: return say("rolls back what it wrote", Tone::warning);
        case RecordKind::logged: return say("logs: " + plain_text(record.value));
        case RecordKind::saga_logged:
        case RecordKind::saga_state: return about_a_saga(program, record);
        case RecordKind::fault: return say("! fault: " + fault_text(program, record), Tone::bad);
        case RecordKind::scheduled:
            return say("schedules " + name_of(program, record.operation) + " for " +
                       format_time(record.time) + payload(record.value));
        case RecordKind::chosen: return say("chooses " + plain_text(record.value));
        case RecordKind::appended:
        case RecordKind::projected:
        case RecordKind::rebuilding:
        case RecordKind::rebuilt: return about_an_event(program, record);
        case RecordKind::passed: return say("passes a point");
        case RecordKind::deduplicated:
            return say(
                "knows " + name_of(program, record.operation) + " already, and answers as before",
                Tone::warning);
        case RecordKind::breaker:
            return say("circuit breaker " + plain_text(record.value) + " is now " +
                           plain_text(record.code),
                       Tone::name);
        case RecordKind::fenced:
            return say("refuses what an older epoch wants: " + plain_text(record.code),
                       Tone::warning);
        case RecordKind::lost:
            return say(name_of(program, record.operation) + " from " +
                           display_name(program, record.peer) + " is lost on its way",
                       Tone::bad);
        case RecordKind::cut:
            return say("is cut off from " + display_name(program, record.peer), Tone::bad, true);
        case RecordKind::healed:
            return say("reaches " + display_name(program, record.peer) + " again", Tone::good,
                       true);
        case RecordKind::paused:
        case RecordKind::moves_again:
        case RecordKind::crashed:
        case RecordKind::restarted: return about_a_replica(program, record);
        case RecordKind::assertion:
            return say("! assertion failed: " + plain_text(record.value), Tone::bad);
        case RecordKind::replied:
            return say("has its answer to " + plain_text(record.key) + ": " + answer_of(record));
    }
    return {};
}

}  // namespace sagalab::views

#include "views/jsonl.h"

#include <array>
#include <charconv>

#include "views/summary.h"
#include "views/version.h"

namespace sagalab::views {
namespace {

using trace::MessageKind;
using trace::Record;
using trace::RecordKind;

constexpr std::size_t buffer_max = 65'536;

std::string_view type_of(RecordKind kind) {
    switch (kind) {
        case RecordKind::sent: return "sagalab.message.sent";
        case RecordKind::unheard: return "sagalab.message.unheard";
        case RecordKind::delivered: return "sagalab.message.delivered";
        case RecordKind::ended: return "sagalab.handler.ended";
        case RecordKind::returned: return "sagalab.reply.delivered";
        case RecordKind::late: return "sagalab.reply.late";
        case RecordKind::timed_out: return "sagalab.call.timedout";
        case RecordKind::resumed: return "sagalab.handler.resumed";
        case RecordKind::retrying: return "sagalab.call.retrying";
        case RecordKind::row_changed: return "sagalab.store.changed";
        case RecordKind::rolled_back: return "sagalab.store.rolledback";
        case RecordKind::logged: return "sagalab.handler.logged";
        case RecordKind::saga_logged: return "sagalab.saga.logged";
        case RecordKind::saga_state: return "sagalab.saga.state";
        case RecordKind::fault: return "sagalab.fault.struck";
        case RecordKind::redelivering: return "sagalab.message.redelivering";
        case RecordKind::dead_letter: return "sagalab.message.deadlettered";
        case RecordKind::assertion: return "sagalab.assertion.failed";
        case RecordKind::appended: return "sagalab.stream.appended";
        case RecordKind::projected: return "sagalab.projection.read";
        case RecordKind::rebuilding: return "sagalab.projection.rebuilding";
        case RecordKind::rebuilt: return "sagalab.projection.rebuilt";
        case RecordKind::scheduled: return "sagalab.message.scheduled";
        case RecordKind::chosen: return "sagalab.handler.chose";
        case RecordKind::passed: return "sagalab.handler.passed";
        case RecordKind::deduplicated: return "sagalab.message.deduplicated";
        case RecordKind::breaker: return "sagalab.breaker.changed";
        case RecordKind::fenced: return "sagalab.saga.fenced";
        case RecordKind::paused: return "sagalab.service.paused";
        case RecordKind::moves_again: return "sagalab.service.resumed";
        case RecordKind::cut: return "sagalab.network.cut";
        case RecordKind::healed: return "sagalab.network.healed";
        case RecordKind::lost: return "sagalab.message.lost";
        case RecordKind::crashed: return "sagalab.service.crashed";
        case RecordKind::restarted: return "sagalab.service.restarted";
        case RecordKind::replied: break;
    }
    return "sagalab.client.replied";
}

std::string_view kind_of(MessageKind kind) {
    switch (kind) {
        case MessageKind::event: return "\"event\"";
        case MessageKind::send: return "\"send\"";
        case MessageKind::call: return "\"call\"";
        case MessageKind::reply: break;
    }
    return "\"reply\"";
}

// Which records have an outcome, and which a moment to come.
bool has_outcome(RecordKind kind) {
    return kind == RecordKind::ended || kind == RecordKind::returned || kind == RecordKind::late ||
           kind == RecordKind::replied;
}
bool has_time(RecordKind kind) {
    return kind == RecordKind::sent || kind == RecordKind::retrying ||
           kind == RecordKind::redelivering || kind == RecordKind::scheduled ||
           kind == RecordKind::crashed || kind == RecordKind::paused;
}
bool is_about_a_message(RecordKind kind) {
    switch (kind) {
        case RecordKind::row_changed:
        case RecordKind::rolled_back:
        case RecordKind::logged:
        case RecordKind::saga_logged:
        case RecordKind::saga_state:
        case RecordKind::assertion:
        case RecordKind::resumed:
        case RecordKind::chosen:
        case RecordKind::projected:
        case RecordKind::rebuilding:
        case RecordKind::rebuilt:
        case RecordKind::crashed:
        case RecordKind::restarted:
        case RecordKind::passed:
        case RecordKind::breaker:
        case RecordKind::paused:
        case RecordKind::moves_again:
        case RecordKind::cut:
        case RecordKind::healed:
        case RecordKind::replied: return false;
        default: return true;
    }
}

std::string_view value_key(RecordKind kind) {
    switch (kind) {
        case RecordKind::ended:
        case RecordKind::returned:
        case RecordKind::late:
        case RecordKind::replied: return "body";
        case RecordKind::logged:
        case RecordKind::assertion: return "text";
        default: return "payload";
    }
}

void append_number(std::string& out, std::int64_t number) {
    std::array<char, 24> digits{};
    auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_padded(std::string& out, std::uint64_t number) {
    constexpr std::size_t width = 12;
    std::array<char, 24> digits{};
    auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    auto size = static_cast<std::size_t>(end - digits.data());
    if (size < width) out.append(width - size, '0');
    out.append(digits.data(), size);
}

void append_hex(std::string& out, std::uint64_t word) {
    static constexpr char digits[] = "0123456789abcdef";
    std::array<char, 16> text{};
    for (unsigned i = 0; i < 16; ++i) text[i] = digits[word >> (60 - 4 * i) & 15U];
    out.append(text.data(), text.size());
}

void append_hex(std::string& out, const Hash128& hash) {
    append_hex(out, hash.high);
    append_hex(out, hash.low);
}

// A name as a path segment of a URI reference (RFC 3986): all but unreserved characters encoded.
std::string encoded(std::string_view name) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out = "/";
    for (char c : name) {
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     std::string_view("-._~").find(c) != std::string_view::npos;
        if (plain) {
            out += c;
            continue;
        }
        auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

std::string json_string(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string run_tag(const program::Program& program, const std::string& file) {
    Hash128 hash = hash_text128(file).with(hash_text128(program.case_name)).with(program.seed);
    std::string out;
    append_hex(out, hash.high);
    return out;
}

void append_field(std::string& out, std::string_view key) {
    out += ",\"";
    out += key;
    out += "\":";
}

void append_text_field(std::string& out, std::string_view key, std::string_view text) {
    append_field(out, key);
    append_json_string(out, text);
}

}  // namespace

JsonLines::JsonLines(const program::Program& program, Output& output, const std::string& file)
    : program_(program), output_(output), run_(run_tag(program, file)) {
    for (const program::Service& service : program.services) {
        sources_.push_back(json_string(encoded(service.name)));
        names_.push_back(json_string(service.name));
    }
    for (const program::Operation& operation : program.operations) {
        operations_.push_back(json_string(operation.label));
    }
    begin_line("\"/\"", "sagalab.run.started");
    buffer_ += run_ + "/started\",\"time\":\"";
    moment_.append(buffer_, 0);
    buffer_ += "\",\"data\":{\"at\":0";
    append_text_field(buffer_, "version", version);
    append_field(buffer_, "seed");
    buffer_ += std::to_string(program.seed);
    append_text_field(buffer_, "case", program.case_name);
    append_text_field(buffer_, "file", file);
    end_line();
}

// Up to the beginning of the id, whose quote is open.
void JsonLines::begin_line(std::string_view source, std::string_view type) {
    buffer_ += "{\"specversion\":\"1.0\",\"type\":\"";
    buffer_ += type;
    buffer_ += "\",\"source\":";
    buffer_ += source;
    buffer_ += ",\"datacontenttype\":\"application/json\",\"sequence\":\"";
    append_padded(buffer_, sequence_++);
    buffer_ += "\",\"id\":\"";
}

void JsonLines::end_line() {
    buffer_ += "}}\n";
    if (live_ || buffer_.size() >= buffer_max) {
        output_.write(buffer_);
        buffer_.clear();
    }
}

void JsonLines::take(const Record& record) {
    begin_line(record.service ? std::string_view(sources_[record.service.value]) : "\"/bus\"",
               type_of(record.kind));
    append_id(record);
    buffer_ += "\",\"time\":\"";
    moment_.append(buffer_, record.at);
    buffer_ += '"';
    append_subject(record);
    if (!record.correlation.is_null()) {
        append_field(buffer_, "correlationid");
        if (record.correlation.is(Value::Kind::string)) {
            record.correlation.append_json(buffer_);
        } else {
            append_json_string(buffer_, record.correlation.json());
        }
    }
    append_cause(record);
    append_data(record);
    end_line();
}

std::uint32_t JsonLines::next_of(const Record& record) {
    if (record.at != instant_) {
        instant_ = record.at;
        used_.clear();
        cause_ = record.cause;
        next_ = 0;
    } else if (record.cause != cause_) {
        used_[cause_] = next_;
        cause_ = record.cause;
        auto found = used_.find(cause_);
        next_ = found == used_.end() ? 0 : found->second;
    }
    return next_++;
}

void JsonLines::append_message_id(const Hash128& message, ServiceId receiver) {
    buffer_ += run_;
    buffer_ += '/';
    append_hex(buffer_, message);
    if (!receiver) return;
    buffer_.append(sources_[receiver.value], 1, sources_[receiver.value].size() - 2);
}

void JsonLines::append_id(const Record& record) {
    if (record.kind == RecordKind::sent || record.kind == RecordKind::unheard) {
        append_message_id(record.message, record.peer);
        if (record.attempt > 1 && record.message_kind != MessageKind::call) {
            buffer_ += '#';
            append_number(buffer_, record.attempt);
        }
        return;
    }
    buffer_ += run_;
    buffer_ += '/';
    append_hex(buffer_, record.cause);
    buffer_ += '/';
    append_number(buffer_, record.at);
    buffer_ += '/';
    append_number(buffer_, next_of(record));
}

void JsonLines::append_cause(const Record& record) {
    if (record.cause == Hash128{}) return;
    append_field(buffer_, "causationid");
    buffer_ += '"';
    append_message_id(record.cause, record.service);
    buffer_ += '"';
}

void JsonLines::append_subject(const Record& record) {
    if (record.operation) {
        append_field(buffer_, "subject");
        buffer_ += operations_[record.operation.value];
    } else if (record.key.is(Value::Kind::string) && !record.key.text().empty()) {
        append_field(buffer_, "subject");
        record.key.append_json(buffer_);
    }
}

void JsonLines::append_parties(const Record& record) {
    append_field(buffer_, "kind");
    buffer_ += kind_of(record.message_kind);
    append_field(buffer_, "message");
    buffer_ += '"';
    append_hex(buffer_, record.message);
    buffer_ += '"';
    if (record.peer) {
        append_field(buffer_, record.kind == RecordKind::sent ? "to" : "peer");
        buffer_ += names_[record.peer.value];
    }
    append_field(buffer_, "attempt");
    append_number(buffer_, record.attempt);
}

// Of a gateway's answer; null for all else.
const Value* JsonLines::answer_status(const Record& record) const {
    bool answer = record.operation && has_outcome(record.kind) &&
                  program_[record.operation].kind == program::OperationKind::route;
    return answer && record.value.is(Value::Kind::map) ? record.value.find("status") : nullptr;
}

void JsonLines::append_data(const Record& record) {
    buffer_ += ",\"data\":{\"at\":";
    append_number(buffer_, record.at);
    if (is_about_a_message(record.kind)) append_parties(record);
    if (has_time(record.kind)) {
        append_field(buffer_, "due");
        append_number(buffer_, record.time);
    }
    if (has_outcome(record.kind)) {
        append_text_field(buffer_, "outcome", program::outcome_name(record.outcome));
    }
    if (record.fault) append_text_field(buffer_, "fault", program_[record.fault].text);
    if (record.table) append_text_field(buffer_, "table", program_[record.table].name);
    if (record.saga) {
        append_text_field(buffer_, "saga", program_[record.saga].name);
        append_text_field(buffer_, "note", trace::saga_note_name(record.note));
        if (record.step < program_[record.saga].steps.size()) {
            append_text_field(buffer_, "step", program_[record.saga].steps[record.step].name);
        }
    }
    auto value = [&](std::string_view key, const Value& what) {
        append_field(buffer_, key);
        what.append_json(buffer_);
    };
    if (!record.key.is_null()) value("key", record.key);
    if (record.version != 0) {
        append_field(buffer_, "version");
        append_number(buffer_, record.version);
    }
    if (!record.code.is_null()) value("code", record.code);
    if (record.kind == RecordKind::row_changed) {
        value("before", record.before);
        value("after", record.value);
    } else if (const Value* status = answer_status(record)) {
        value("status", *status);
        value("body", *record.value.find("body"));
    } else if (!record.value.is_null()) {
        value(value_key(record.kind), record.value);
    }
}

void JsonLines::finish(const drivers::RunResult& result) {
    begin_line("\"/\"", "sagalab.run.finished");
    buffer_ += run_ + "/finished\",\"time\":\"";
    moment_.append(buffer_, result.virtual_time);
    buffer_ += "\",\"data\":{\"at\":";
    append_number(buffer_, result.virtual_time);
    append_text_field(buffer_, "verdict", status_name(status_of(result)));
    if (!result.message.empty()) append_text_field(buffer_, "message", result.message);
    append_field(buffer_, "events");
    buffer_ += std::to_string(result.events);
    append_field(buffer_, "messages");
    buffer_ += std::to_string(result.messages);
    append_field(buffer_, "expectations");
    buffer_ += '[';
    for (const expect::Verdict& verdict : result.verdicts) {
        if (buffer_.back() != '[') buffer_ += ',';
        buffer_ += "{\"kind\":";
        append_json_string(buffer_, expect::kind_name(verdict.kind));
        append_text_field(buffer_, "name", verdict.name);
        append_field(buffer_, "holds");
        buffer_ += verdict.holds ? "true" : "false";
        append_field(buffer_, "meantToBreak");
        buffer_ += verdict.meant_to_break ? "true}" : "false}";
    }
    buffer_ += ']';
    end_line();
    output_.write(buffer_);
    buffer_.clear();
}

}  // namespace sagalab::views

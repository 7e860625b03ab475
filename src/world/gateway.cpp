#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "program/request.h"
#include "world/execute.h"

namespace sagalab::world {

using program::Gateway;
using program::Route;
using trace::Record;
using trace::RecordKind;

namespace {

// What a gateway says: a status and a body, and the outcome that they stand for.
struct Answer {
    Outcome outcome = Outcome::succeeded;
    std::int64_t status = 200;
    Value code;
    Value body;

    [[nodiscard]] Value payload() const { return Value::map({{"status", status}, {"body", body}}); }
};

std::int64_t status_of(Outcome outcome, const Value& code) {
    switch (outcome) {
        case Outcome::succeeded: return 200;
        case Outcome::rejected: return code == Value("NotFound") ? 404 : 409;
        case Outcome::failed: return 503;
        case Outcome::unknown: break;
    }
    return 504;
}

Outcome outcome_of_status(std::int64_t status) {
    if (status < 400) return Outcome::succeeded;
    if (status < 500) return Outcome::rejected;
    return status == 504 ? Outcome::unknown : Outcome::failed;
}

Answer error_answer(Outcome outcome, const Value& code, const Value& data) {
    Value body = Value::map({{"code", code}});
    if (data.is(Value::Kind::map)) body = Value::merged(data, body);
    return {outcome, status_of(outcome, code), code, std::move(body)};
}

// What `reply` said; of a `stop`, `status` is the reason and no number.
Answer reply_answer(const Value& status, Value&& body) {
    Answer answer;
    if (status.is(Value::Kind::integer)) answer.status = status.integer();
    answer.outcome = outcome_of_status(answer.status);
    answer.body = std::move(body);
    return answer;
}

// A page that lacks something says what.
Value with_partial(Value body, std::vector<Value>& lost) {
    if (lost.empty() || !(body.is_null() || body.is(Value::Kind::map))) return body;
    std::sort(lost.begin(), lost.end(),
              [](const Value& a, const Value& b) { return key_less(a, b); });
    lost.erase(std::unique(lost.begin(), lost.end()), lost.end());
    Value names = Value::list(std::span(lost));
    Value partial = Value::map({{"partial", std::move(names)}});
    return body.is_null() ? partial : Value::merged(body, partial);
}

const program::Token* find_token(const Gateway& gateway, const Value& token) {
    if (!token.is(Value::Kind::string)) return nullptr;
    auto at = std::lower_bound(gateway.tokens.begin(), gateway.tokens.end(), token,
                               [](const program::Token& each, const Value& wanted) {
                                   return key_less(each.token, wanted);
                               });
    return at != gateway.tokens.end() && at->token == token ? &*at : nullptr;
}

const Route* route_of(const Gateway& gateway, OperationId operation) {
    for (const Route& route : gateway.routes) {
        if (route.operation == operation) return &route;
    }
    return nullptr;
}

// GCRA (ITU-T I.371): `full` is when the bucket of this user will be full again. The bucket holds
// what comes in a second, at least one request; one more is there every `interval`, rounded up, so
// that the rate is never passed.
bool take_from_bucket(std::uint64_t per_second_millionths, Nanos now, Nanos& full) {
    constexpr std::uint64_t million = 1'000'000;
    const UnsignedWide whole = UnsignedWide{million} * static_cast<std::uint64_t>(second);
    const auto interval =
        static_cast<Nanos>((whole + per_second_millionths - 1) / per_second_millionths);
    const auto size =
        static_cast<Nanos>(std::max(per_second_millionths / million, std::uint64_t{1}));
    const Nanos next = add_saturating(std::max(full, now), interval);
    if (next > add_saturating(now, interval * size)) return false;
    full = next;
    return true;
}

}  // namespace

Value settled(const program::Call& spec, Outcome outcome, const Value& code, const Value& body) {
    const Value word(program::outcome_name(outcome));
    if (spec.gateway == Index<void>::absent) {
        return Value::map({{"outcome", word}, {"code", code}, {"body", body}});
    }
    const Value* status = body.is(Value::Kind::map) ? body.find("status") : nullptr;
    const Value* said = body.is(Value::Kind::map) ? body.find("body") : nullptr;
    return Value::map({{"outcome", word},
                       {"code", code},
                       {"status", status ? *status : Value()},
                       {"body", said ? *said : Value()}});
}

// Where the request goes, and what it carries.
bool Execution::address(const program::Call& spec, Message& message) {
    const auto refuse_text = [&](Value error) {
        message.payload = std::move(error);
        return false;
    };
    Value text = evaluate(spec.request);
    Value token = spec.token ? evaluate(spec.token) : Value();
    if (text.is_error()) return refuse_text(std::move(text));
    if (token.is_error()) return refuse_text(std::move(token));
    std::optional<program::Request> request;
    if (text.is(Value::Kind::string)) request = program::parse_request(text.text());
    if (!request) {
        return refuse_text(Value::error("ExpressionError", text.json() + " is no request"));
    }
    const Gateway& gateway = program_.gateways[spec.gateway];
    Value params = Value::map({});
    const Route* route = program::find_route(gateway, *request, params);
    message.operation = route ? route->operation : gateway.unrouted;
    message.to = gateway.service;
    Value body = message.payload.is_null() ? Value::map({}) : std::move(message.payload);
    message.payload = Value::map({{"request", std::move(text)},
                                  {"params", std::move(params)},
                                  {"query", request->query},
                                  {"token", std::move(token)},
                                  {"body", std::move(body)}});
    return true;
}

// The checks, in their order; no service is called before all of them have passed.
void Execution::request(Message&& message, std::uint32_t link) {
    const Gateway& gateway = program_.gateways[program_[service_.id].gateway];
    const program::Token* token = find_token(gateway, *message.payload.find("token"));
    if (!gateway.open && !token) return turn_down(message, Outcome::rejected, 401, "Unauthorized");
    const Route* route = route_of(gateway, message.operation);
    if (!route) return turn_down(message, Outcome::rejected, 404, "NoRoute");
    Value user = token ? token->user : Value();
    message.payload = Value::merged(message.payload, Value::map({{"user", user}}));
    if (route->require) {
        Value may = evaluate_require(*route, message.payload);
        if (may.is_error()) {
            if (listening()) {
                Record& entry = record(RecordKind::logged);
                entry.operation = message.operation;
                entry.value = Value("error: " + std::string(may.error_message()));
                entry.code = Value(may.error_code());
            }
            return turn_down(message, Outcome::failed, 503, may.error_code());
        }
        if (!may.truth()) return turn_down(message, Outcome::rejected, 403, "Forbidden");
    }
    if (route->per_second_millionths != 0 && !within_limit(*route, user)) {
        return turn_down(message, Outcome::rejected, 429, "TooManyRequests");
    }
    admit(route->handler, std::move(message), link);
}

// A boolean or an error.
Value Execution::evaluate_require(const Route& route, const Value& request) const {
    const Value frame[] = {*request.find("body"), *request.find("params"), *request.find("query"),
                           *request.find("user")};
    program::Environment environment;
    environment.slots = frame;
    environment.tables = service_.tables.data();
    Value may = program::evaluate(program_, route.require, environment);
    if (may.is_error() || may.is(Value::Kind::boolean)) return may;
    return Value::error("ExpressionError", "what a route requires is no bool");
}

// Every user has a bucket of his own on every route.
bool Execution::within_limit(const Route& route, const Value& user) {
    std::string key = program_[route.operation].name;
    if (const Value* name = user.is(Value::Kind::map) ? user.find("name") : nullptr) {
        key += ' ' + std::string(name->text());
    }
    bool added = false;
    Nanos& full = service_.replicas[0].limits.at_or_added(Value(key), added);
    return take_from_bucket(route.per_second_millionths, now_, full);
}

// The gateway's own answer to a request that no handler sees.
void Execution::turn_down(const Message& message, Outcome outcome, std::int64_t status,
                          std::string_view code) {
    Answer answer = error_answer(outcome, Value(code), Value());
    answer.status = status;
    Value payload = answer.payload();
    if (listening()) {
        Record& entry = record(RecordKind::ended);
        describe(entry, message);
        entry.outcome = outcome;
        entry.code = answer.code;
        entry.value = payload;
    }
    reply_to(caller_of(message), outcome, answer.code, std::move(payload));
}

// Unpacks the request that begins, and sets the bound of the whole pipe, from its arrival on. One
// that has waited longer than that for a worker is answered without a step.
void Execution::enter_route() {
    Slots& frame = running_->fibers[0].slots;
    const Value request = std::move(frame[0]);
    frame[0] = *request.find("body");
    frame[1] = *request.find("params");
    frame[2] = *request.find("query");
    frame[3] = *request.find("user");
    const Gateway& gateway = program_.gateways[program_[service_.id].gateway];
    const Nanos timeout = route_of(gateway, running_->message.operation)->timeout;
    if (timeout == never) return;
    const Nanos due = add_saturating(running_->message.arrival, timeout);
    if (due < now_) return route_timed_out();
    running_->deadline = next_id(InstructionId());
    set_wait(running_->deadline, Index<void>::absent, due);
}

void Execution::route_timed_out() {
    running_->deadline = Hash128();
    for (std::size_t i = 0; i < running_->fibers.size(); ++i) {
        if (!running_->fibers[i].ended) stop_fiber(i);
        running_->fibers[i].ended = true;
    }
    fiber_ = 0;
    end_handler(Outcome::unknown, Value("Timeout"), Value());
}

// The handler of a route has ended, one way or the other: its client gets a status and a body.
Execution::Flow Execution::end_route(Outcome outcome, const Value& code, Value body) {
    Running& running = *running_;
    if (!running.deadline.zero()) service_.waits.erase(running.deadline);
    running.deadline = Hash128();
    Value reason = code;
    inject_rejection(outcome, reason, body);
    if (outcome == Outcome::failed && running.lasting) outcome = Outcome::unknown;
    Answer answer = outcome == Outcome::succeeded ? reply_answer(reason, std::move(body))
                                                  : error_answer(outcome, reason, body);
    // Failure that a reply speaks of is known to be without effect only while there was none.
    if (answer.outcome == Outcome::failed && running.lasting) answer.outcome = Outcome::unknown;
    if (answer.outcome == Outcome::succeeded) {
        answer.body = with_partial(std::move(answer.body), running.partial);
    }
    Value payload = answer.payload();
    report_end(answer.outcome, answer.code, payload);
    reply_to(caller_of(running.message), answer.outcome, answer.code, std::move(payload));
    return Flow::ended;
}

}  // namespace sagalab::world

// Steps that services and clients share: messages, calls, waiting, names; and the policies of
// calls.
#include "language/shape_table.h"

namespace sagalab::language::shape {
namespace {

constexpr Key publish_keys[] = {
    {"publish", &event, required, "The event's type; it goes to every subscriber."},
    {"copy", &names, optional, "Fields of msg that the event takes as they are."},
    {"data", &data_object, optional, "The event's data."},
    {"after", &duration, optional, "Scheduled: so much later, durable."}};

constexpr Key send_keys[] = {
    {"send", &operation, required, "A one-way command to one service, over the bus."},
    {"copy", &names, optional, "Fields of msg that the command takes as they are."},
    {"data", &data_object, optional, "The command's data."},
    {"after", &duration, optional, "Scheduled: so much later, durable."},
    {"compensate", &compensate, optional, "In a saga: what undoes it."},
    {"kind", &saga_kind, optional, "In a saga: its place."}};

constexpr std::string_view via_words[] = {"network", "bus"};
constinit const Shape via = {.form = Form::word, .words = via_words};
constexpr Key call_keys[] = {
    {"call", &operation, required, "The operation that is asked, as Service.Operation."},
    {"copy", &names, optional, "Fields of msg that the request takes as they are."},
    {"data", &data_object, optional, "The request's data."},
    {"as", &binding, optional, "Binds the reply."},
    {"timeout", &duration, optional, "How long to wait for the reply (1s)."},
    {"retry", &retry, optional, "A retry policy, or its name."},
    {"breaker", &breaker, optional, "A circuit breaker policy, or its name."},
    {"idempotencyKey", &expression, optional, "What links the attempts, a string."},
    {"via", &via, optional, "network (default), or bus: request and reply are messages."},
    {"fallback", &data, optional, "The value to go on with, unless rejected."},
    {"onError", &on_error, optional, "What to do where it goes wrong."},
    {"compensate", &compensate, optional, "In a saga: what undoes it."},
    {"kind", &saga_kind, optional, "In a saga: its place."}};

constexpr Key wait_keys[] = {{"wait", &duration, required, "How long."}};
constexpr Key log_keys[] = {{"log", &phrase, required, "The text."}};
constinit const Shape bindings = {
    .form = Form::map, .low = 1, .element = &data, .key = Form::name, .key_what = "value"};
constexpr Key let_keys[] = {{"let", &bindings, required, "Names and their values."}};
constinit const Shape choices = {.form = Form::list, .low = 1, .element = &data};
constexpr Key choose_keys[] = {{"choose", &choices, required, "What there is to choose from."},
                               {"as", &binding, required, "Binds what was chosen."}};

constexpr std::string_view jitter_words[] = {"none", "full"};
constinit const Shape jitter = {.form = Form::word, .words = jitter_words};
constexpr std::string_view forever_words[] = {"forever"};
constinit const Shape forever = {.form = Form::word, .words = forever_words};
constexpr const Shape* attempts_options[] = {&small_positive, &forever};
constinit const Shape attempts = {.form = Form::either, .options = attempts_options};
constexpr Key retry_keys[] = {
    {"maxAttempts", &attempts, optional, "All tries (3), or \"forever\"."},
    {"delay", &duration, optional, "Before the second try (50ms)."},
    {"backoff", &factor, optional, "How many times longer each further delay is (2)."},
    {"maxDelay", &duration, optional, "No delay is longer (1m)."},
    {"jitter", &jitter, optional, "full: each delay is drawn from 0 to its length."},
    {"maxElapsed", &duration, optional, "No try begins later."},
    {"on", &texts, optional, "What is tried again: outcomes, or rejected:Code."}};
constexpr Object retry_object = {"a retry policy", "How often and when a call is tried again.",
                                 rows(retry_keys)};
constexpr Key breaker_keys[] = {
    {"failures", &small_positive, optional, "So many open it (5)."},
    {"within", &duration, optional, "Counted within this time."},
    {"open", &duration, optional, "How long it stays open (1s)."},
    {"probes", &small_positive, optional, "So many calls are let through half-open (1)."}};
constexpr Object breaker_object = {"a circuit breaker policy", "When calls are no longer tried.",
                                   rows(breaker_keys)};
constexpr const Shape* retry_options[] = {&name, &retry_policy};
constexpr const Shape* breaker_options[] = {&name, &breaker_policy};

constinit const Shape retries = {
    .form = Form::map, .element = &retry_policy, .key = Form::name, .key_what = "policy"};
constinit const Shape breakers = {
    .form = Form::map, .element = &breaker_policy, .key = Form::name, .key_what = "policy"};
constexpr Key policies_keys[] = {{"retry", &retries, optional, "Retry policies by name."},
                                 {"breaker", &breakers, optional, "Circuit breakers by name."}};
constexpr Object policies_object = {"the policies", "Policies that calls name.",
                                    rows(policies_keys)};

}  // namespace

constinit const Object publish_step = {"a \"publish\" step", "Publishes an event.",
                                       rows(publish_keys)};
constinit const Object send_step = {"a \"send\" step", "Sends a command.", rows(send_keys)};
constinit const Object call_step = {"a \"call\" step", "Asks and waits for the reply.",
                                    rows(call_keys)};
constinit const Object wait_step = {"a \"wait\" step", "Waits.", rows(wait_keys)};
constinit const Object log_step = {"a \"log\" step", "Says something in the trace.",
                                   rows(log_keys)};
constinit const Object let_step = {"a \"let\" step", "Binds names.", rows(let_keys)};
constinit const Object choose_step = {
    "a \"choose\" step", "An open choice: the first, by seed, or each in turn.", rows(choose_keys)};
constinit const Shape retry_policy = {.form = Form::object, .object = &retry_object};
constinit const Shape breaker_policy = {.form = Form::object, .object = &breaker_object};
constinit const Shape retry = {.form = Form::either, .options = retry_options};
constinit const Shape breaker = {.form = Form::either, .options = breaker_options};
constinit const Shape policies = {.form = Form::object, .object = &policies_object};

}  // namespace sagalab::language::shape

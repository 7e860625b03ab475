// Services: what they hold, what they answer to, how they run.
#include "language/shape_table.h"

namespace sagalab::language::shape {
namespace {

constinit const Shape seeded = {
    .form = Form::map, .element = &data_object, .key = Form::text, .key_what = "row"};
constexpr Key table_keys[] = {{"rows", &seeded, optional, "Rows that are there at the start."}};
constexpr Object table = {"a table", "JSON rows by string key.", rows(table_keys)};
constinit const Shape table_shape = {.form = Form::object, .object = &table};
constinit const Shape store = {
    .form = Form::map, .element = &table_shape, .key = Form::name, .key_what = "table"};

constinit const Shape operations = {
    .form = Form::map, .element = &handler, .key = Form::name, .key_what = "operation"};
constinit const Shape subscriptions = {
    .form = Form::map, .element = &handler, .key = Form::name, .key_what = "event"};

constexpr Key inbox_keys[] = {
    {"window", &duration, optional, "How long a message is remembered (for ever)."}};
constexpr Object inbox_object = {"an inbox", "Messages that were handled are known again.",
                                 rows(inbox_keys)};
constinit const Shape inbox_object_shape = {.form = Form::object, .object = &inbox_object};
constexpr const Shape* inbox_options[] = {&flag, &inbox_object_shape};
constinit const Shape inbox = {.form = Form::either, .options = inbox_options};

constexpr Key service_keys[] = {
    {"store", &store, optional, "Private tables by name, durable across a crash."},
    {"api", &operations, optional, "Operations that are called, by name."},
    {"on", &subscriptions, optional, "Handlers of events, by the event's type."},
    {"aggregates", &aggregates, optional, "Event-sourced aggregates by name."},
    {"projections", &projections, optional, "Read models by name."},
    {"sagas", &sagas, optional, "Orchestrated sagas by name."},
    {"routes", &routes, optional, "Of a gateway: handlers by \"METHOD /path\"."},
    {"tokens", &tokens, optional, "Of a gateway: who bears which token."},
    {"jobs", &jobs, optional, "Periodic work by name."},
    {"outbox", &flag, optional, "Writes and outgoing messages commit together."},
    {"inbox", &inbox, optional, "A message that comes again is not handled again."},
    {"takes", &latency, optional, "How long each handler works before its first step."},
    {"workers", &small_positive, optional, "How many handlers run at once (no bound)."},
    {"queueLimit", &count, optional, "How many may wait for a worker (no bound)."},
    {"replicas", &small_positive, optional, "Instances that share the store (1)."},
    {"lease", &duration, optional, "How long a replica owns a saga without renewing (1s)."},
    {"fencing", &flag, optional, "Messages of an older epoch are refused (true)."},
    {"external", &flag, optional, "Outside our control; its store is the ledger of effects."}};
constexpr Object service = {"a service", "Private data, behaviour and an API.", rows(service_keys)};
constinit const Shape service_shape = {.form = Form::object, .object = &service};

constexpr Key job_keys[] = {
    {"every", &duration, required, "The period."},
    {"times", &positive, required, "How often, so that quiescence exists."},
    {"steps", &steps, required, "What it does."},
    {"takes", &latency, optional, "How long it works before its first step."}};
constexpr Object job = {"a job", "Periodic work, bounded.", rows(job_keys)};
constinit const Shape job_shape = {.form = Form::object, .object = &job};

constexpr Key token_keys[] = {{"name", &text, required, "Who it is: user.name."},
                              {"roles", &texts, optional, "What the user may be: user.roles."}};
constexpr Object token = {"a token", "Who bears it.", rows(token_keys)};
constinit const Shape token_shape = {.form = Form::object, .object = &token};

constexpr Key route_keys[] = {
    {"steps", &steps, required, "What it does."},
    {"require", &expression, optional, "What must hold of `user`, or 403."},
    {"timeout", &duration, optional, "For the whole route, or 504."},
    {"rateLimit", &rate, optional, "For each user, or 429."},
    {"takes", &latency, optional, "How long it works before its first step."}};
constexpr Object route = {"a route", "One entry of the gateway.", rows(route_keys)};
constinit const Shape route_object = {.form = Form::object, .object = &route};
constexpr const Shape* route_options[] = {&steps, &route_object};
constinit const Shape route_shape = {.form = Form::either, .options = route_options};

}  // namespace

constinit const Shape services = {
    .form = Form::map, .element = &service_shape, .key = Form::name, .key_what = "service"};
constinit const Shape jobs = {
    .form = Form::map, .element = &job_shape, .key = Form::name, .key_what = "job"};
constinit const Shape tokens = {
    .form = Form::map, .element = &token_shape, .key = Form::text, .key_what = "token"};
constinit const Shape routes = {
    .form = Form::map, .element = &route_shape, .key = Form::route, .key_what = "route"};

}  // namespace sagalab::language::shape

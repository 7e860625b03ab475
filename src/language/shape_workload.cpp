// The workload: what clients do, when and how often; and what operators do.
#include "language/shape_table.h"

namespace sagalab::language::shape {
namespace {

constexpr Key poisson_keys[] = {{"poisson", &rate, required, "So many arrivals on average."}};
constexpr Object poisson_object = {"a \"poisson\" arrival", "Arrivals without memory.",
                                   rows(poisson_keys)};
constinit const Shape poisson = {.form = Form::object, .object = &poisson_object};
constexpr const Shape* every_options[] = {&duration, &poisson};
constinit const Shape every = {.form = Form::either, .options = every_options};

constexpr Key at_key = {"at", &duration, optional, "When, from the start of the run (0ms)."};
constexpr Key every_key = {"every", &every, optional, "Repeated: the period, or a Poisson rate."};
constexpr Key times_key = {"times", &positive, optional, "Repeated: how often."};
constexpr Key for_key = {"for", &duration, optional, "Repeated: how long."};
constexpr Key as_key = {"as", &bound_name, optional, "What `replies` and `load` call it."};
constexpr Key client_timeout = {"timeout", &duration, optional, "How long to wait (1s)."};

constexpr std::string_view how_long[] = {"times", "for"};
constexpr std::string_view every_needs[] = {"every", "times", "for"};
constexpr std::string_view times_needs[] = {"times", "every"};
constexpr std::string_view for_needs[] = {"for", "every"};
constexpr Rule repeat_rules[] = {{Rule::Kind::at_most_one, how_long},
                                 {Rule::Kind::needs, every_needs},
                                 {Rule::Kind::needs, times_needs},
                                 {Rule::Kind::needs, for_needs}};

constexpr Key publish_keys[] = {{"publish", &event, required, "The event's type."},
                                {"data", &data_object, optional, "The event's data."},
                                at_key,
                                as_key,
                                every_key,
                                times_key,
                                for_key};
constexpr Object publish = {"a \"publish\" of the workload", "A client publishes an event.",
                            rows(publish_keys), repeat_rules};

constexpr Key send_keys[] = {{"send", &operation, required, "The command's receiver."},
                             {"data", &data_object, optional, "The command's data."},
                             at_key,
                             as_key,
                             every_key,
                             times_key,
                             for_key};
constexpr Object send = {"a \"send\" of the workload", "A client sends a command.", rows(send_keys),
                         repeat_rules};

constexpr Key call_keys[] = {
    {"call", &operation, required, "The operation or saga that is asked."},
    {"data", &data_object, optional, "The request's data."},
    {"retry", &retry, optional, "A retry policy, or its name."},
    {"idempotencyKey", &expression, optional, "What links the attempts, a string."},
    client_timeout,
    at_key,
    as_key,
    every_key,
    times_key,
    for_key};
constexpr Object call = {"a \"call\" of the workload", "A client asks.", rows(call_keys),
                         repeat_rules};

constexpr Key request_keys[] = {
    {"request", &phrase, required, "Method and path, as \"GET /orders/o-1\"."},
    {"to", &name, required, "The gateway."},
    {"token", &phrase, optional, "Who asks."},
    {"body", &data, optional, "The request's body."},
    client_timeout,
    at_key,
    as_key,
    every_key,
    times_key,
    for_key};
constexpr Object request = {"a \"request\" of the workload", "A client asks a gateway.",
                            rows(request_keys), repeat_rules};

constexpr Key request_step_keys[] = {
    {"request", &phrase, required, "Method and path, as \"GET /orders/o-1\"."},
    {"to", &name, required, "The gateway."},
    {"token", &phrase, optional, "Who asks."},
    {"body", &data, optional, "The request's body."},
    {"as", &binding, optional, "Binds the reply."},
    client_timeout};
constexpr Object request_step = {"a \"request\" step", "Asks a gateway.", rows(request_step_keys)};

constexpr const Object* client_objects[] = {&publish_step, &send_step, &call_step, &request_step,
                                            &wait_step,    &log_step,  &let_step,  &choose_step};
constexpr Verbs client_verbs = {"a step of a client", "What a client does, one after another.",
                                client_objects};
constinit const Shape client_step = {.form = Form::verbs, .verbs = &client_verbs};
constinit const Shape client_steps = {.form = Form::list, .element = &client_step};
constexpr Key client_keys[] = {
    {"client", &name, required, "The client's name."},
    {"steps", &client_steps, required, "What it does, one after another."},
    {"clients", &small_positive, optional, "So many of them (1)."},
    {"times", &positive, optional, "How often each does it (1)."},
    at_key};
constexpr Object client = {"a \"client\" of the workload", "Does one thing after another.",
                           rows(client_keys)};

constexpr Key resume_keys[] = {{"resume", &operation, required, "The saga, as Service.Saga."},
                               {"id", &phrase, required, "Which instance."},
                               at_key};
constexpr Object resume = {"a \"resume\" of the workload", "A parked saga goes on.",
                           rows(resume_keys)};
constexpr Key undo_keys[] = {{"compensate", &operation, required, "The saga, as Service.Saga."},
                             {"id", &phrase, required, "Which instance."},
                             at_key};
constexpr Object undo = {"a \"compensate\" of the workload", "A saga is undone.", rows(undo_keys)};
constexpr Key rebuild_keys[] = {
    {"rebuild", &operation, required, "The projection, as Service.projection."}, at_key};
constexpr Object rebuild = {"a \"rebuild\" of the workload", "Replays a projection from zero.",
                            rows(rebuild_keys)};
constexpr Key redrive_keys[] = {{"redrive", &name, required, "The service."},
                                {"type", &name, optional, "Only events of this type."},
                                at_key};
constexpr Object redrive = {"a \"redrive\" of the workload", "Dead letters come once more.",
                            rows(redrive_keys)};

constexpr const Object* item_objects[] = {&publish, &call, &send,    &request, &client,
                                          &resume,  &undo, &rebuild, &redrive};
constexpr Verbs item_verbs = {"an item of the workload", "What clients and operators do.",
                              item_objects};
constinit const Shape item = {.form = Form::verbs, .verbs = &item_verbs};

}  // namespace

constinit const Shape workload = {.form = Form::list, .element = &item};

}  // namespace sagalab::language::shape

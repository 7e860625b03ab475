// Steps of handlers, jobs and sagas: one row a verb.
#include "language/shape_table.h"

namespace sagalab::language::shape {
namespace {

constexpr Key insert_keys[] = {
    {"insert", &name, required, "A new row in this table; rejects with AlreadyExists."},
    {"key", &expression, required, "The row's key, a string."},
    {"row", &data_object, optional, "The row."},
    {"copy", &names, optional, "Fields of msg that the row takes as they are."},
    {"onError", &on_error, optional, "What to do where it goes wrong."}};
constexpr Object insert = {"an \"insert\" step", "Adds a row.", rows(insert_keys)};

constexpr Key update_keys[] = {
    {"update", &name, required, "Merges into a row of this table; rejects with NotFound."},
    {"key", &expression, required, "The row's key, a string."},
    {"set", &data_object, optional, "What is merged in; `row` is the row as it stands."},
    {"copy", &names, optional, "Fields of msg that the row takes as they are."},
    {"onError", &on_error, optional, "What to do where it goes wrong."}};
constexpr Object update = {"an \"update\" step", "Changes a row.", rows(update_keys)};

constexpr Key upsert_keys[] = {
    {"upsert", &name, required, "Merges into a row of this table, or into an empty one."},
    {"key", &expression, required, "The row's key, a string."},
    {"set", &data_object, optional, "What is merged in; `row` is the row as it stands."},
    {"copy", &names, optional, "Fields of msg that the row takes as they are."},
    {"onError", &on_error, optional, "What to do where it goes wrong."}};
constexpr Object upsert = {"an \"upsert\" step", "Changes or adds a row.", rows(upsert_keys)};

constexpr Key delete_keys[] = {
    {"delete", &name, required, "Deletes a row of this table if it is there."},
    {"key", &expression, required, "The row's key, a string."},
    {"onError", &on_error, optional, "What to do where it goes wrong."}};
constexpr Object delete_step = {"a \"delete\" step", "Deletes a row.", rows(delete_keys)};

constexpr Key batch_keys[] = {
    {"event", &event, required, "The event's type."},
    {"data", &data_object, optional, "Its data."},
    {"copy", &names, optional, "Fields of msg that it takes as they are."}};
constexpr Object batch_event = {"an event of a batch", "One event of a batch.", rows(batch_keys)};
constinit const Shape batch_event_shape = {.form = Form::object, .object = &batch_event};
constinit const Shape batch = {.form = Form::list, .low = 1, .element = &batch_event_shape};
constexpr const Shape* append_options[] = {&event, &batch};
constinit const Shape event_or_batch = {.form = Form::either, .options = append_options};
constexpr const Shape* version_options[] = {&count, &phrase};
constinit const Shape version = {.form = Form::either, .options = version_options};
constexpr Key append_keys[] = {
    {"append", &event_or_batch, required, "The event's type, or a batch of events."},
    {"to", &name, required, "The aggregate."},
    {"key", &expression, required, "The stream's key, a string."},
    {"data", &data_object, optional, "The event's data."},
    {"copy", &names, optional, "Fields of msg that the data takes as they are."},
    {"expectedVersion", &version, optional, "A number, \"none\" or \"any\"."},
    {"onError", &on_error, optional, "What to do where it goes wrong."}};
constexpr Object append = {"an \"append\" step", "Appends to a stream, all or nothing.",
                           rows(append_keys)};

constexpr Key if_keys[] = {
    {"if", &expression, required, "The condition."},
    {"then", &steps, optional, "What is done where it holds."},
    {"else", &steps, optional, "What is done where it does not."},
    {"reply", &data, optional, "In place of `then`: ends with this answer."},
    {"reject", &phrase, optional, "In place of `then`: ends with this rejection."},
    {"fail", &phrase, optional, "In place of `then`: ends with this failure."},
    {"stop", &phrase, optional, "In place of `then`: ends without more ado."},
    {"data", &data, optional, "What the rejection carries."},
    {"copy", &names, optional, "Fields of msg that the answer takes as they are."},
    {"status", &status, optional, "The HTTP status of a route's reply."}};
constexpr std::string_view if_endings[] = {"then", "reply", "reject", "fail", "stop"};
constexpr std::string_view if_data[] = {"data", "reject"};
constexpr std::string_view if_copy[] = {"copy", "reject", "reply"};
constexpr std::string_view if_status[] = {"status", "reply"};
constexpr Rule if_rules[] = {{Rule::Kind::one_of, if_endings},
                             {Rule::Kind::needs, if_data},
                             {Rule::Kind::needs, if_copy},
                             {Rule::Kind::needs, if_status}};
constexpr Object if_step = {"an \"if\" step", "Chooses by a condition.", rows(if_keys), if_rules};

constexpr Key for_keys[] = {{"for", &binding, required, "The name of each item in turn."},
                            {"in", &expression, required, "The list."},
                            {"do", &steps, required, "What is done for each item."}};
constexpr Object for_step = {"a \"for\" step", "Does steps for each item of a list.",
                             rows(for_keys)};

constinit const Shape branches = {
    .form = Form::map, .low = 1, .element = &steps, .key = Form::name, .key_what = "branch"};
constexpr std::string_view mode_words[] = {"all", "any", "settle"};
constinit const Shape mode = {.form = Form::word, .words = mode_words};
constexpr Key parallel_keys[] = {
    {"parallel", &branches, required, "Branches that run side by side, by name."},
    {"mode", &mode, optional,
     "all (default): every one; any: the first success; settle: no error."},
    {"as", &binding, optional, "Binds the branches' values as one map."},
    {"onError", &on_error, optional, "What to do where it goes wrong."}};
constexpr Object parallel = {"a \"parallel\" step", "Runs branches side by side.",
                             rows(parallel_keys)};

constexpr Key assert_keys[] = {
    {"assert", &expression, required, "What must hold; the run fails where it does not."},
    {"message", &phrase, optional, "What to say then."}};
constexpr Object assert_step = {"an \"assert\" step", "Fails the run unless it holds.",
                                rows(assert_keys)};

constexpr Key await_keys[] = {
    {"await", &event, required, "The event's type."},
    {"if", &expression, optional, "Which one: a condition over `event`."},
    {"timeout", &duration, optional, "How long to wait; then the outcome is unknown."},
    {"as", &binding, optional, "Binds the event's data."},
    {"onError", &on_error, optional, "What to do where it goes wrong."}};
constexpr Object await = {"an \"await\" step", "Waits for an event.", rows(await_keys)};

constexpr Key saga_step_keys[] = {
    {"step", &name, required, "The step's name in the saga's log."},
    {"do", &steps, optional, "What it does; nothing where only the undo matters."},
    {"compensate", &compensate, optional, "What undoes it."},
    {"kind", &saga_kind, optional, "Its place in the saga."}};
constexpr Object saga_step = {"a \"step\"", "A step of a saga with a name of its own.",
                              rows(saga_step_keys)};

constexpr Key reply_keys[] = {{"reply", &data, required, "The answer."},
                              {"copy", &names, optional, "Fields of msg that it takes."},
                              {"status", &status, optional, "The HTTP status, of a route."}};
constexpr Object reply = {"a \"reply\" step", "Ends with success.", rows(reply_keys)};
constexpr Key reject_keys[] = {{"reject", &phrase, required, "The code."},
                               {"data", &data, optional, "What it carries."},
                               {"copy", &names, optional, "Fields of msg that it takes."}};
constexpr Object reject = {"a \"reject\" step", "Ends with a business rejection, an answer.",
                           rows(reject_keys)};
constexpr Key fail_keys[] = {{"fail", &phrase, required, "The code."}};
constexpr Object fail = {"a \"fail\" step", "Ends with a technical failure; work is rolled back.",
                         rows(fail_keys)};
constexpr Key stop_keys[] = {{"stop", &phrase, required, "Why."}};
constexpr Object stop = {"a \"stop\" step", "Ends without more ado.", rows(stop_keys)};

constexpr const Object* step_objects[] = {
    &insert,      &update,      &upsert,   &delete_step, &publish_step, &send_step,
    &call_step,   &append,      &reply,    &reject,      &fail,         &stop,
    &if_step,     &for_step,    &parallel, &let_step,    &wait_step,    &log_step,
    &assert_step, &choose_step, &await,    &saga_step};
constexpr Verbs step_verbs = {"a step", "What a handler does, one verb a step.", step_objects};
constinit const Shape step = {.form = Form::verbs, .verbs = &step_verbs};

constexpr const Shape* compensate_options[] = {&steps, &step};
constinit const Shape arms = {
    .form = Form::map, .element = &steps, .key = Form::text, .key_what = "code or outcome"};
constexpr const Shape* on_error_options[] = {&steps, &arms};

constexpr std::string_view kind_words[] = {"compensatable", "pivot", "retriable"};

constexpr Key handler_keys[] = {
    {"steps", &steps, required, "What it does."},
    {"takes", &latency, optional, "How long it works before its first step."}};
constexpr Object handler_object = {"a handler", "Steps, and how long they take.",
                                   rows(handler_keys)};
constinit const Shape handler_object_shape = {.form = Form::object, .object = &handler_object};
constexpr const Shape* handler_options[] = {&steps, &handler_object_shape};

}  // namespace

constinit const Shape steps = {.form = Form::list, .element = &step};
constinit const Shape on_error = {.form = Form::either, .options = on_error_options};
constinit const Shape compensate = {.form = Form::either, .options = compensate_options};
constinit const Shape saga_kind = {.form = Form::word, .words = kind_words};
constinit const Shape handler = {.form = Form::either, .options = handler_options};

}  // namespace sagalab::language::shape

// Faults: one row a verb, and what narrows each.
#include "language/shape_table.h"

namespace sagalab::language::shape {
namespace {

constexpr Key of_key = {"of", &party, optional, "Only what comes from this party."};
constexpr Key to_key = {"to", &party, optional, "Only what goes to this party."};
constexpr Key nth_key = {"nth", &positive, optional, "Only the n-th match of a link and type."};
constexpr Key attempt_key = {"attempt", &positive, optional, "Only this attempt."};
constexpr Key at_key = {"at", &duration, optional, "From this time on."};
constexpr Key until_key = {"until", &duration, optional, "Until this time."};
constexpr Key during_key = {"during", &message, optional, "Only while this is handled."};
constexpr Key handler_key = {"during", &text, optional,
                             "The handler: an operation, an event, a route, a job."};
constexpr Key point_key = {"point", &text, optional, "Only at this point of a handler."};
constexpr Key probability_key = {"probability", &percentage, optional, "By chance: \"2%\"."};
constexpr Key times_key = {"times", &positive, optional, "Only the first matches."};
constexpr Key optional_key = {"optional", &flag, optional, "The run may pass without it."};
constexpr Key with_key = {"with", &text, optional, "The code."};

constexpr std::string_view when_words[] = {"before", "after"};
constinit const Shape when = {.form = Form::word, .words = when_words};
constinit const Shape side = {.form = Form::list, .low = 1, .element = &party};
constinit const Shape sides = {.form = Form::list, .low = 2, .element = &side};

constexpr Key reject_keys[] = {{"reject", &operation, required, "The operation."},
                               with_key,
                               {"when", &when, optional, "before (default) or after its effects."},
                               of_key,
                               to_key,
                               nth_key,
                               attempt_key,
                               at_key,
                               until_key,
                               during_key,
                               point_key,
                               probability_key,
                               times_key,
                               optional_key};
constexpr Object reject = {"a \"reject\" fault", "The callee rejects.", rows(reject_keys)};

constexpr Key fail_keys[] = {{"fail", &operation, required, "The operation."},
                             with_key,
                             of_key,
                             to_key,
                             nth_key,
                             attempt_key,
                             at_key,
                             until_key,
                             during_key,
                             point_key,
                             probability_key,
                             times_key,
                             optional_key};
constexpr Object fail = {"a \"fail\" fault", "The call is refused and has no effect.",
                         rows(fail_keys)};

constexpr Key drop_keys[] = {{"drop", &message, required, "The message."},
                             of_key,
                             to_key,
                             nth_key,
                             attempt_key,
                             at_key,
                             until_key,
                             during_key,
                             point_key,
                             probability_key,
                             times_key,
                             optional_key};
constexpr Object drop = {"a \"drop\" fault", "A message is lost on its way.", rows(drop_keys)};

constexpr Key drop_reply_keys[] = {{"dropReply", &operation, required, "The operation."},
                                   of_key,
                                   to_key,
                                   nth_key,
                                   attempt_key,
                                   at_key,
                                   until_key,
                                   during_key,
                                   point_key,
                                   probability_key,
                                   times_key,
                                   optional_key};
constexpr Object drop_reply = {"a \"dropReply\" fault", "A reply is lost; the effect happened.",
                               rows(drop_reply_keys)};

constexpr Key duplicate_keys[] = {{"duplicate", &message, required, "The message."},
                                  of_key,
                                  to_key,
                                  nth_key,
                                  attempt_key,
                                  at_key,
                                  until_key,
                                  during_key,
                                  point_key,
                                  probability_key,
                                  times_key,
                                  optional_key};
constexpr Object duplicate = {"a \"duplicate\" fault", "A message is delivered again.",
                              rows(duplicate_keys)};

constexpr Key delay_keys[] = {{"delay", &message, required, "The message."},
                              {"by", &duration, required, "How much later."},
                              of_key,
                              to_key,
                              nth_key,
                              attempt_key,
                              at_key,
                              until_key,
                              during_key,
                              point_key,
                              probability_key,
                              times_key,
                              optional_key};
constexpr Object delay = {"a \"delay\" fault", "A message is late and may be overtaken.",
                          rows(delay_keys)};

constexpr Key crash_keys[] = {
    {"crash", &party, required, "The service, or a replica."},
    {"restartAfter", &duration_or_never, optional, "When it is up again (100ms)."},
    of_key,
    to_key,
    nth_key,
    at_key,
    until_key,
    handler_key,
    point_key,
    probability_key,
    times_key,
    optional_key,
    attempt_key};
constexpr Object crash = {"a \"crash\" fault", "Volatile state is lost, the store is kept.",
                          rows(crash_keys)};

constexpr Key partition_keys[] = {
    {"partition", &sides, required, "Lists of parties that do not reach each other."},
    at_key,
    until_key,
    probability_key,
    times_key,
    optional_key};
constexpr Object partition = {"a \"partition\" fault", "Nothing passes between sides.",
                              rows(partition_keys)};

constexpr Key pause_keys[] = {{"pause", &party, required, "The service, or a replica."},
                              nth_key,
                              at_key,
                              until_key,
                              during_key,
                              point_key,
                              probability_key,
                              times_key,
                              optional_key};
constexpr Object pause = {"a \"pause\" fault", "Nothing of it runs, its timers are late.",
                          rows(pause_keys)};

constexpr Key slow_keys[] = {{"slow", &party, required, "The service, or a replica."},
                             {"by", &factor, required, "So many times as long."},
                             nth_key,
                             at_key,
                             until_key,
                             during_key,
                             point_key,
                             probability_key,
                             times_key,
                             optional_key};
constexpr Object slow = {"a \"slow\" fault", "Its handlers take longer.", rows(slow_keys)};

constexpr Key stall_keys[] = {{"stall", &party, required, "The service, or a replica."},
                              {"for", &duration, required, "How long."},
                              nth_key,
                              at_key,
                              until_key,
                              handler_key,
                              point_key,
                              probability_key,
                              times_key,
                              optional_key,
                              attempt_key};
constexpr Object stall = {"a \"stall\" fault", "A handler is held at a point.", rows(stall_keys)};

constexpr Key fail_store_keys[] = {
    {"failStore", &operation, required, "The table, as Service.table."},
    with_key,
    nth_key,
    at_key,
    until_key,
    during_key,
    point_key,
    probability_key,
    times_key,
    optional_key,
    attempt_key};
constexpr Object fail_store = {"a \"failStore\" fault", "A write to the store fails.",
                               rows(fail_store_keys)};

constexpr const Object* fault_objects[] = {&reject,    &fail,  &drop,  &drop_reply,
                                           &duplicate, &delay, &crash, &partition,
                                           &pause,     &slow,  &stall, &fail_store};
constexpr Verbs fault_verbs = {"a fault", "What goes wrong, one verb a line.", fault_objects};
constinit const Shape fault = {.form = Form::verbs, .verbs = &fault_verbs};

}  // namespace

constinit const Shape faults = {.form = Form::list, .element = &fault};

}  // namespace sagalab::language::shape

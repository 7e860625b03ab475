// Expectations, and the budgets of exploration.
#include "language/shape_table.h"

namespace sagalab::language::shape {
namespace {

constexpr Key reply_keys[] = {
    {"outcome", &outcome, optional, "succeeded, rejected, failed or unknown."},
    {"code", &text, optional, "The code of what is no success."},
    {"status", &status, optional, "The HTTP status, of a request."},
    {"body", &any, optional, "Compared key by key; what it does not name is not checked."},
    {"partial", &texts, optional, "Branches that a route's reply lacks."}};
constexpr Object reply = {"an expected reply", "How a call of the workload ends.",
                          rows(reply_keys)};
constinit const Shape reply_shape = {.form = Form::object, .object = &reply};
constinit const Shape replies = {
    .form = Form::map, .element = &reply_shape, .key = Form::text, .key_what = "reply"};
constinit const Shape sequence = {.form = Form::list, .element = &delivery};
constinit const Shape counts = {
    .form = Form::map, .element = &count, .key = Form::delivery, .key_what = "delivery"};
constinit const Shape claims = {
    .form = Form::map, .element = &expression, .key = Form::text, .key_what = "expectation"};
constexpr Key expect_keys[] = {
    {"replies", &replies, optional, "How calls of the workload end, by their names."},
    {"sequence", &sequence, optional, "Deliveries that occur in this order."},
    {"counts", &counts, optional, "How often each is handled."},
    {"always", &claims, optional, "What holds after every commit, by title."},
    {"finally", &claims, optional, "What holds when nothing can happen any more."},
    {"sometimes", &claims, optional, "What holds at the end of some case or path."}};
constexpr Object expect_object = {"the expectations", "What must hold.", rows(expect_keys)};

constexpr const Shape* only_options[] = {&text, &texts};
constinit const Shape only = {.form = Form::either, .options = only_options};
constexpr Key budget_keys[] = {{"max", &count, required, "How many at most."},
                               {"only", &only, optional, "Where it may strike."}};
constexpr Object budget_object = {"a budget", "How many faults of a kind, and where.",
                                  rows(budget_keys)};
constinit const Shape budget_shape = {.form = Form::object, .object = &budget_object};
constexpr const Shape* budget_options[] = {&count, &budget_shape};
constinit const Shape budget = {.form = Form::either, .options = budget_options};

constinit const Shape ends = {
    .form = Form::list, .low = 2, .high = 2, .element = &text, .phrase = "a pair of services"};
constexpr const Shape* end_options[] = {&text, &ends};
constinit const Shape one_end = {.form = Form::either, .options = end_options};
constinit const Shape all_ends = {.form = Form::list, .element = &one_end};
constexpr const Shape* ways_options[] = {&text, &all_ends};
constinit const Shape ways = {.form = Form::either, .options = ways_options};
constexpr Key partition_keys[] = {
    {"max", &count, required, "How many at most."},
    {"only", &ways, optional, "Services, or pairs of them, that may be cut off."}};
constexpr Object partition_object = {"a budget of partitions", "How many, and between whom.",
                                     rows(partition_keys)};
constinit const Shape partition_shape = {.form = Form::object, .object = &partition_object};
constexpr const Shape* partition_options[] = {&count, &partition_shape};
constinit const Shape partition = {.form = Form::either, .options = partition_options};

constexpr Key crash_keys[] = {
    {"max", &count, required, "How many at most."},
    {"only", &only, optional, "Where it may strike."},
    {"restart", &duration_or_never, optional, "When it is up again (any later moment)."}};
constexpr Object crash_object = {"a budget of crashes", "How many crashes, and where.",
                                 rows(crash_keys)};
constinit const Shape crash_shape = {.form = Form::object, .object = &crash_object};
constexpr const Shape* crash_options[] = {&count, &crash_shape};
constinit const Shape crash = {.form = Form::either, .options = crash_options};

constexpr Key coded_keys[] = {{"max", &count, required, "How many at most."},
                              {"only", &only, optional, "Where it may strike."},
                              {"with", &texts, optional, "The codes that are tried."}};
constexpr Object coded_object = {"a budget", "How many faults of a kind, where and with what.",
                                 rows(coded_keys)};
constinit const Shape coded_shape = {.form = Form::object, .object = &coded_object};
constexpr const Shape* coded_options[] = {&count, &coded_shape};
constinit const Shape coded = {.form = Form::either, .options = coded_options};

constexpr Key explore_keys[] = {
    {"crash", &crash, optional, "Services go down."},
    {"drop", &budget, optional, "Messages are lost."},
    {"dropReply", &budget, optional, "Replies are lost."},
    {"duplicate", &budget, optional, "Messages come again."},
    {"delay", &budget, optional, "Messages are late."},
    {"stall", &budget, optional, "Handlers are held."},
    {"pause", &budget, optional, "Services stand still."},
    {"reject", &coded, optional, "Callees reject."},
    {"fail", &coded, optional, "Calls are refused."},
    {"failStore", &coded, optional, "Writes fail."},
    {"partition", &partition, optional, "Pairs of services are cut for a while."},
    {"faults", &count, optional, "How many in all."},
    {"reorder", &flag, optional, "Every order of delivery that the bus allows."},
    {"only", &only, optional, "Where faults strike, of all kinds."},
    {"breaks", &texts, optional, "Expectations that exploration is meant to break."}};
constexpr Object explore_object = {"the exploration", "Budgets of faults that are all tried.",
                                   rows(explore_keys)};

}  // namespace

constinit const Shape expect = {.form = Form::object, .object = &expect_object};
constinit const Shape explore = {.form = Form::object, .object = &explore_object};

}  // namespace sagalab::language::shape

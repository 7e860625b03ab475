// Kinds of value that stand in many places.
#include "language/shape_table.h"

namespace sagalab::language::shape {
namespace {

constexpr std::string_view outcome_words[] = {"succeeded", "rejected", "failed", "unknown"};
constexpr std::string_view never_words[] = {"never"};
constinit const Shape never_word = {.form = Form::word, .words = never_words};

constexpr Key uniform_keys[] = {
    {"uniform", &duration_pair_shape, required, "The least and the greatest, both possible."}};
constexpr Object uniform = {"a \"uniform\" distribution", "Each duration between two, alike.",
                            rows(uniform_keys)};

constexpr Key exponential_keys[] = {
    {"exponential", &duration, required, "The mean; short ones are the most frequent."}};
constexpr Object exponential = {"an \"exponential\" distribution", "Without memory, from 0 on.",
                                rows(exponential_keys)};

constexpr Key lognormal_keys[] = {
    {"median", &duration, required, "Half of the durations are shorter."},
    {"p99", &duration, required, "All but one in a hundred are shorter."}};
constexpr Object lognormal_values = {"a \"lognormal\" distribution", "Its median and its tail.",
                                     rows(lognormal_keys)};
constinit const Shape lognormal_shape = {.form = Form::object, .object = &lognormal_values};
constexpr Key lognormal_verb[] = {
    {"lognormal", &lognormal_shape, required, "As measured latencies mostly are: a long tail."}};
constexpr Object lognormal = {"a \"lognormal\" distribution", "A long tail.", rows(lognormal_verb)};

constexpr const Object* distribution_objects[] = {&uniform, &exponential, &lognormal};
constexpr Verbs distributions = {"a distribution", "Durations drawn from the seed.",
                                 distribution_objects};
constinit const Shape distribution = {.form = Form::verbs, .verbs = &distributions};
constexpr const Shape* latency_options[] = {&duration, &distribution};
constexpr const Shape* duration_or_never_options[] = {&never_word, &duration};

constinit const Shape text_list = {.form = Form::list, .element = &text};
constexpr const Shape* text_or_texts_options[] = {&text, &text_list};

}  // namespace

constinit const Shape any = {.form = Form::any};
constinit const Shape data = {.form = Form::data};
constinit const Shape data_object = {.form = Form::data_object};
constinit const Shape text = {.form = Form::text};
constinit const Shape phrase = {.form = Form::phrase};
constinit const Shape name = {.form = Form::name};
constinit const Shape binding = {.form = Form::name, .key_what = "value"};
constinit const Shape event = {.form = Form::name, .key_what = "event"};
constinit const Shape bound_name = {.form = Form::bound_name};
constinit const Shape expression = {.form = Form::expression};
constinit const Shape operation = {.form = Form::operation};
constinit const Shape message = {.form = Form::message};
constinit const Shape party = {.form = Form::party};
constinit const Shape delivery = {.form = Form::delivery};
constinit const Shape duration = {.form = Form::duration};
constinit const Shape duration_pair_shape = {.form = Form::duration_pair};
constinit const Shape percentage = {.form = Form::percentage};
constinit const Shape factor = {.form = Form::factor};
constinit const Shape rate = {.form = Form::rate};
constinit const Shape size = {.form = Form::size};
constinit const Shape flag = {.form = Form::flag};
constinit const Shape count = {.form = Form::integer, .low = 0};
constinit const Shape positive = {.form = Form::integer, .low = 1};
constinit const Shape small_positive = {.form = Form::integer, .low = 1, .high = 1'000'000};
constinit const Shape status = {.form = Form::integer, .low = 100, .high = 599};
constinit const Shape latency = {.form = Form::either,
                                 .options = latency_options,
                                 .phrase = "a duration such as \"250us\" or \"1m30s\""};
constinit const Shape names = {.form = Form::list, .low = 1, .element = &text};
constinit const Shape texts = {.form = Form::list, .element = &text};
constinit const Shape text_or_texts = {.form = Form::either, .options = text_or_texts_options};
constinit const Shape outcome = {.form = Form::word, .words = outcome_words};
constinit const Shape duration_or_never = {.form = Form::either,
                                           .options = duration_or_never_options};

}  // namespace sagalab::language::shape

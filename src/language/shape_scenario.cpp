// The file as a whole: its top, the bus and the network.
#include "language/lint.h"
#include "language/shape_table.h"

namespace sagalab::language::shape {
namespace {

constexpr std::string_view delivery_words[] = {"at-least-once", "at-most-once"};
constinit const Shape delivery_mode = {.form = Form::word, .words = delivery_words};
constexpr std::string_view order_words[] = {"fifo", "per-key", "none"};
constinit const Shape order = {.form = Form::word, .words = order_words};
constexpr std::string_view letter_words[] = {"message", "sequence"};
constinit const Shape dead_letter = {.form = Form::word, .words = letter_words};

constexpr Key delivery_key = {"delivery", &delivery_mode, optional, "at-least-once (default)."};
constexpr Key order_key = {"order", &order, optional, "fifo for each link (default)."};
constexpr Key key_key = {"key", &expression, optional, "Of `per-key`: the key, over `msg`."};
constexpr Key latency_key = {"latency", &latency, optional, "How long messages travel (1ms)."};
constexpr Key most_key = {"maxDeliveries", &small_positive, optional, "Then a dead letter (5)."};
constexpr Key again_key = {"redeliverAfter", &duration, optional, "When it comes again (10ms)."};
constexpr Key letter_key = {"deadLetter", &dead_letter, optional, "What is set aside (message)."};

constexpr Key topic_keys[] = {delivery_key, order_key, key_key,   latency_key,
                              most_key,     again_key, letter_key};
constexpr Object topic = {"a topic", "How events of one type travel.", rows(topic_keys)};
constinit const Shape topic_shape = {.form = Form::object, .object = &topic};
constinit const Shape topics = {
    .form = Form::map, .element = &topic_shape, .key = Form::name, .key_what = "event"};
constexpr Key bus_keys[] = {
    delivery_key, order_key,
    key_key,      latency_key,
    most_key,     again_key,
    letter_key,   {"topics", &topics, optional, "What is otherwise for some events, by type."}};
constexpr Object bus_object = {"the bus", "How messages travel.", rows(bus_keys)};

constexpr Key link_keys[] = {{"from", &name, required, "The caller."},
                             {"to", &name, required, "The callee."},
                             {"latency", &latency, required, "How long each way takes."}};
constexpr Object link = {"a link", "The network between two services.", rows(link_keys)};
constinit const Shape link_shape = {.form = Form::object, .object = &link};
constinit const Shape links = {.form = Form::list, .element = &link_shape};
constexpr Key network_keys[] = {
    {"latency", &latency, optional, "How long each way of a call takes (1ms)."},
    {"links", &links, optional, "What is otherwise between some services."}};
constexpr Object network_object = {"the network", "How calls travel.", rows(network_keys)};

constexpr Key limits_keys[] = {{"events", &positive, optional, "Items taken up (100,000,000)."},
                               {"virtualTime", &duration, optional, "Virtual time (1000h)."},
                               {"memory", &size, optional, "Memory (4G)."}};
constexpr Object limits_object = {"the limits", "Where a run is stopped.", rows(limits_keys)};

constinit const Shape params = {
    .form = Form::map, .element = &any, .key = Form::name, .key_what = "param"};
constinit const Shape case_shape = {.form = Form::object, .object = &scenario_case};
constinit const Shape cases = {
    .form = Form::map, .element = &case_shape, .key = Form::text, .key_what = "case"};

constexpr Key replays_keys[] = {
    {"scenario", &text, required, "The file, by its path from this one."},
    {"case", &text, optional, "Its case, where it has several."},
    {"version", &text, optional, "Of sagalab, when the choices were pinned."}};
constexpr Object replays_object = {"what is replayed", "The case whose choices are pinned.",
                                   rows(replays_keys)};
constinit const Shape replays = {.form = Form::object, .object = &replays_object};

constexpr Key head_keys[] = {
    {"$schema", &text, optional, "The schema, for editors."},
    {"scenario", &text, optional, "The title; without it the file is part of a system."},
    {"include", &texts, optional, "Parts of the system, by paths from this file."},
    {"replays", &replays, optional, "The case whose choices this file pins."}};

// What a file and a case share.
constexpr Key part_keys[] = {
    {"params", &params, optional, "Constants: params.NAME, \"${params.NAME}\", --set."},
    {"services", &services, optional, "Services by name."},
    {"bus", &bus, optional, "How messages travel."},
    {"network", &network, optional, "How calls travel."},
    {"policies", &policies, optional, "Policies that calls name."},
    {"workload", &workload, optional, "What clients and operators do."},
    {"faults", &faults, optional, "What goes wrong."},
    {"expect", &expect, optional, "What must hold."},
    {"explore", &explore, optional, "Budgets of faults that are all tried."},
    {"seed", &count, optional, "Where chance begins (1)."},
    {"limits", &limits, optional, "Where a run is stopped."},
    {"schedule", &texts, optional, "Choices that are pinned, as exploration writes them."},
    {"breaks", &texts, optional, "Expectations that are meant to break, by name."}};

constexpr Key cases_key[] = {
    {"cases", &cases, optional, "Variants by name, each merged over the file."}};
constexpr Key added_keys[] = {
    {"addFaults", &faults, optional, "Faults beside those of the file."},
    {"addWorkload", &workload, optional, "Workload beside that of the file."}};

template <std::size_t A, std::size_t B>
constexpr std::array<Key, A + B> join(const Key (&a)[A], const Key (&b)[B]) {
    std::array<Key, A + B> joined;
    for (std::size_t i = 0; i < A; ++i) joined[i] = a[i];
    for (std::size_t i = 0; i < B; ++i) joined[A + i] = b[i];
    return joined;
}

template <std::size_t A, std::size_t B>
constexpr std::array<Key, A + B> join(const std::array<Key, A>& a, const Key (&b)[B]) {
    std::array<Key, A + B> joined;
    for (std::size_t i = 0; i < A; ++i) joined[i] = a[i];
    for (std::size_t i = 0; i < B; ++i) joined[A + i] = b[i];
    return joined;
}

constexpr auto scenario_keys = join(join(head_keys, part_keys), cases_key);
constexpr auto case_keys = join(part_keys, added_keys);

constinit const Shape lint = {.form = Form::word, .words = lint_names};
constinit const Shape lints = {.form = Form::list, .element = &lint};
constexpr Key every_object_keys[] = {
    {"about", &text_or_texts, optional, "What a reader should know of it."},
    {"allow", &lints, optional, "Lints that are silenced inside it, by name."}};

}  // namespace

constinit const Shape bus = {.form = Form::object, .object = &bus_object};
constinit const Shape network = {.form = Form::object, .object = &network_object};
constinit const Shape limits = {.form = Form::object, .object = &limits_object};
constinit const Object scenario = {"a scenario", "A whole file.", scenario_keys};
constinit const Object scenario_case = {"a case", "A variant, merged over the file.", case_keys};

constinit const std::span<const Key> common_keys = every_object_keys;

const Key* find_key(const Object& object, std::string_view key_name) {
    for (const Key& key : object.keys) {
        if (key.name == key_name) return &key;
    }
    for (const Key& key : common_keys) {
        if (key.name == key_name) return &key;
    }
    return nullptr;
}

}  // namespace sagalab::language::shape

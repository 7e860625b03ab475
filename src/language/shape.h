// What a scenario file may contain: one declarative table, checked here, and the source of the JSON
// Schema and the reference pages.
//
// A `Shape` is a kind of value. Objects of fixed keys are `Object`s, one row a key; what begins
// with a verb (steps, workload, faults, distributions) is a `Verbs`, one `Object` a verb, the verb
// being its first key. The tables stand in shape_*.cpp by topic; a new key is a new row there.
// `about` and `allow` are keys of every object and stand in no row.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace sagalab::language::shape {

struct Object;
struct Verbs;

enum class Form : std::uint8_t {
    any,          // any JSON
    data,         // literal JSON with ${...} in its strings
    data_object,  // the same, an object
    text,         // any string; not empty
    phrase,       // text with ${...}
    name,         // an identifier that is not reserved: names a thing or refers to one by its name
    bound_name,   // the same, where ${...} may be a part of it
    expression,   // CEL
    operation,    // "Service.Operation"; also of "Service.table" and "Service.Aggregate"
    message,      // an event's type or "Service.Operation"
    party,        // a service, or one of its replicas: "OrderService/2"
    delivery,     // "Operation -> Service"
    route,        // "GET /orders/{orderId}"
    duration,     // "1m30s"
    duration_pair,  // two durations, the second not the smaller
    percentage,     // "2%"
    factor,         // "1.5"
    rate,           // "200/s"
    size,           // "4G"
    integer,        // between `low` and `high`
    flag,           // true or false
    word,           // one of `words`
    list,           // array of `element`, at least `low` of them
    map,            // object of any names (of the form `key`) -> `element`
    object,         // the keys of `object`
    verbs,          // an object that begins with one verb of `verbs`
    either,         // one of `options`, told apart by the kind of JSON
};

struct Shape {
    Form form = Form::any;
    std::int64_t low = 0;
    std::int64_t high = std::numeric_limits<std::int64_t>::max();
    std::span<const std::string_view> words = {};
    const Shape* element = nullptr;
    Form key = Form::text;
    std::string_view key_what = {};  // "service", "table": what a name or a map's keys name
    const Object* object = nullptr;
    const Verbs* verbs = nullptr;
    std::span<const Shape* const> options = {};
    std::string_view phrase = {};  // what messages call it, where the form says too little
};

struct Key {
    std::string_view name;
    const Shape* shape = nullptr;
    bool required = false;
    std::string_view about = {};
};

// What the presence of keys must agree with.
struct Rule {
    enum class Kind : std::uint8_t {
        one_of,       // exactly one of `keys`
        at_most_one,  // of `keys`
        needs,        // the first of `keys` stands only with one of the others
    };
    Kind kind;
    std::span<const std::string_view> keys;
};

struct Object {
    std::string_view phrase;  // "a service", "an \"insert\" step"
    std::string_view about;
    std::span<const Key> keys;
    std::span<const Rule> rules = {};
};

struct Verbs {
    std::string_view phrase;  // "a step"
    std::string_view about;
    std::span<const Object* const> objects;  // the verb is the first key of each
};

extern const Object scenario;       // a whole file
extern const Object scenario_case;  // what may be merged over it

// Keys of every object: `about`, `allow`.
extern const std::span<const Key> common_keys;

// The row of `name` in `object`, common keys included; null if there is none.
const Key* find_key(const Object& object, std::string_view name);

}  // namespace sagalab::language::shape

// Value: what messages, rows and expressions are made of.
//
//     Value row = Value::map({{"status", "pending"}, {"amount", 5}});
//     row.find("status")->text()   // "pending"
//
// Null, boolean, 64-bit integer, duration (nanoseconds), string (UTF-8), list and map with string
// keys, sorted by bytes. Sixteen bytes each: numbers and strings of up to 14 bytes stand inline,
// anything longer is an immutable heap object that copies share. `error` is a value only inside
// the evaluation of an expression, where CEL lets && and || absorb it; it never enters the world.
//
// Threads: values may be shared freely; one Value object belongs to one thread at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/time.h"

namespace sagalab {

struct MapEntry;

class Value {
public:
    enum class Kind : std::uint8_t { null, boolean, integer, duration, string, list, map, error };

    Value() noexcept : low_(0), high_(0) {}
    Value(bool truth) noexcept : low_(tag(Kind::boolean)), high_(truth ? 1 : 0) {}
    Value(int number) noexcept : Value(static_cast<std::int64_t>(number)) {}
    Value(std::int64_t number) noexcept
        : low_(tag(Kind::integer)), high_(static_cast<std::uint64_t>(number)) {}
    Value(std::string_view text);
    Value(const std::string& text) : Value(std::string_view(text)) {}
    Value(const char* text) : Value(std::string_view(text)) {}

    [[gnu::always_inline]] Value(const Value& other) noexcept
        : low_(other.low_), high_(other.high_) {
        if (on_heap()) retain();
    }
    [[gnu::always_inline]] Value(Value&& other) noexcept
        : low_(std::exchange(other.low_, 0)), high_(std::exchange(other.high_, 0)) {}
    Value& operator=(const Value& other) noexcept {
        Value copy(other);
        swap(copy);
        return *this;
    }
    [[gnu::always_inline]] Value& operator=(Value&& other) noexcept {
        Value taken(std::move(other));
        swap(taken);
        return *this;
    }
    [[gnu::always_inline]] ~Value() {
        if (on_heap()) release();
    }
    void swap(Value& other) noexcept {
        std::swap(low_, other.low_);
        std::swap(high_, other.high_);
    }

    static Value duration(Nanos time);
    static Value list(std::span<Value> items);  // takes the items
    static Value list(std::initializer_list<Value> items);
    // Takes the entries; keys must be strings. Sorts them; of equal keys the last one stays.
    static Value map(std::span<MapEntry> entries);
    static Value map(std::initializer_list<MapEntry> entries);
    // Takes `values`; `keys` are sorted and without duplicates already.
    static Value record(std::span<const Value> keys, std::span<Value> values);
    // `base` with the entries of `patch` set over it; both are maps. One level, no nesting.
    static Value merged(const Value& base, const Value& patch);
    // Sets the entries of `patch` in this map itself, if nobody shares it and it has all the keys.
    bool merge(const Value& patch);
    // An evaluation error: a stable code and a sentence.
    static Value error(std::string_view code, std::string_view message);

    [[nodiscard]] Kind kind() const { return static_cast<Kind>(low_ & 0xffU); }
    [[nodiscard]] bool is(Kind kind) const { return this->kind() == kind; }
    [[nodiscard]] bool is_null() const { return is(Kind::null); }
    [[nodiscard]] bool is_error() const { return is(Kind::error); }

    // Each of these asks for the kind it names.
    [[nodiscard]] bool truth() const { return high_ != 0; }
    [[nodiscard]] std::int64_t integer() const { return static_cast<std::int64_t>(high_); }
    [[nodiscard]] Nanos nanos() const { return static_cast<Nanos>(high_); }
    [[nodiscard]] std::string_view text() const {
        return inline_text()
                   ? std::string_view(reinterpret_cast<const char*>(this) + 2, size_byte())
                   : heap_text();
    }
    [[nodiscard]] std::span<const Value> items() const;       // of a list
    [[nodiscard]] std::span<const MapEntry> entries() const;  // of a map, sorted by key
    [[nodiscard]] const Value* find(const Value& key) const;  // in a map; null if missing
    [[nodiscard]] const Value* find(std::string_view key) const;
    [[nodiscard]] const Value* find(const char* key) const { return find(std::string_view(key)); }
    [[nodiscard]] std::string_view error_code() const;
    [[nodiscard]] std::string_view error_message() const;
    // Both are the same heap object or the same bits: equal without a look inside.
    [[nodiscard]] bool same(const Value& other) const {
        return low_ == other.low_ && high_ == other.high_;
    }

    // Structural; an integer never equals a duration or a string.
    [[gnu::always_inline]] friend bool operator==(const Value& a, const Value& b) {
        return a.same(b) || (a.on_heap() && b.on_heap() && equal_on_heap(a, b));
    }
    // 64 well-mixed bits, structural.
    [[nodiscard, gnu::always_inline]] std::uint64_t hash() const {
        return on_heap() ? heap_hash() : mix64(low_ * 0x9e3779b97f4a7c15ULL ^ mix64(high_ + 1));
    }
    [[nodiscard]] Hash128 hash128(Hash128 start = {}) const;
    // Different for different values, structural, and not mixed: a part of what is to be hashed. A
    // list or map works it out once.
    [[nodiscard, gnu::always_inline]] Hash128 digest() const {
        return on_heap() ? heap_digest() : Hash128{high_, low_};
    }

    // Begins to fetch what it holds on the heap.
    void prefetch() const {
        if (on_heap()) __builtin_prefetch(box());
    }

    // JSON text: keys in order, durations as CEL's text, errors as "error: ...".
    [[nodiscard]] std::string json() const;
    void append_json(std::string& out) const;

private:
    static constexpr std::uint64_t heap_flag = 0x8000;
    static constexpr std::size_t inline_max = 14;

    struct Header {
        std::atomic<std::uint32_t> count;
        std::uint32_t size;  // bytes of a text, items, entries
        // Of a text its hash; of a list or map half of its digest, zero until somebody asks.
        std::atomic<std::uint64_t> hash;
    };
    struct TextBox;
    struct ListBox;
    struct MapBox;

    static constexpr std::uint64_t tag(Kind kind) { return static_cast<std::uint64_t>(kind); }
    Value(Kind kind, Header* box) noexcept
        : low_(tag(kind) | heap_flag), high_(reinterpret_cast<std::uint64_t>(box)) {}

    [[nodiscard]] std::size_t size_byte() const { return low_ >> 8U & 0x7fU; }
    [[nodiscard]] bool on_heap() const { return (low_ & heap_flag) != 0; }
    [[nodiscard]] bool inline_text() const { return !on_heap(); }
    [[nodiscard]] Header* box() const { return reinterpret_cast<Header*>(high_); }
    void retain() const { box()->count.fetch_add(1, std::memory_order_relaxed); }
    void release() {
        std::atomic<std::uint32_t>& count = box()->count;
        if (count.load(std::memory_order_acquire) == 1 ||
            count.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            destroy();
        }
    }
    void destroy();
    [[nodiscard]] std::string_view heap_text() const;
    [[nodiscard]] std::uint64_t heap_hash() const;
    [[nodiscard]] Hash128 heap_digest() const;
    static bool equal_on_heap(const Value& a, const Value& b);
    static ListBox* new_list(std::size_t size);
    static MapBox* new_map(std::size_t size);

    // low_: kind in byte 0, inline length or the heap flag in byte 1, the first inline characters;
    // high_: number, pointer, or the rest of the characters.
    std::uint64_t low_;
    std::uint64_t high_;
};

struct MapEntry {
    Value key;
    Value value;
};

static_assert(sizeof(Value) == 16);

// By bytes: the order of map keys, row keys and names everywhere.
inline bool key_less(const Value& a, const Value& b) { return a.text() < b.text(); }

std::string_view kind_name(Value::Kind kind);  // "int", "string", ... as CEL names its types
// `text` as a JSON string with its quotes. Control characters and DEL are escaped.
void append_json_string(std::string& out, std::string_view text);

}  // namespace sagalab

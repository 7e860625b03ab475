#include "base/value.h"

#include <algorithm>
#include <bit>
#include <new>

#include "base/pool.h"

namespace sagalab {

static_assert(std::endian::native == std::endian::little, "inline strings rely on the byte order");

struct Value::TextBox : Header {
    char* bytes() { return reinterpret_cast<char*>(this + 1); }
};
// The other half of a digest, written before `hash`.
struct Value::ListBox : Header {
    std::atomic<std::uint64_t> digest;
    Value* items() { return reinterpret_cast<Value*>(this + 1); }
};
struct Value::MapBox : Header {
    std::atomic<std::uint64_t> digest;
    MapEntry* entries() { return reinterpret_cast<MapEntry*>(this + 1); }
};

namespace {

template <class Box>
Box* allocate(std::size_t size, std::size_t bytes) {
    Box* box = new (pool_allocate(sizeof(Box) + bytes)) Box;
    box->count.store(1, std::memory_order_relaxed);
    box->size = static_cast<std::uint32_t>(size);
    box->hash.store(0, std::memory_order_relaxed);
    return box;
}

}  // namespace

Value::Value(std::string_view text) : low_(tag(Kind::string)), high_(0) {
    if (text.size() <= inline_max) {
        char* bytes = reinterpret_cast<char*>(this);
        bytes[1] = static_cast<char>(text.size());
        if (!text.empty()) std::memcpy(bytes + 2, text.data(), text.size());
        return;
    }
    auto* box = allocate<TextBox>(text.size(), text.size());
    std::memcpy(box->bytes(), text.data(), text.size());
    box->hash.store(hash_text(text), std::memory_order_relaxed);
    *this = Value(Kind::string, box);
}

Value Value::duration(Nanos time) {
    Value value(time);
    value.low_ = tag(Kind::duration);
    return value;
}

Value::ListBox* Value::new_list(std::size_t size) {
    return allocate<ListBox>(size, size * sizeof(Value));
}

Value::MapBox* Value::new_map(std::size_t size) {
    return allocate<MapBox>(size, size * sizeof(MapEntry));
}

Value Value::list(std::span<Value> items) {
    ListBox* box = new_list(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
        new (box->items() + i) Value(std::move(items[i]));
    return {Kind::list, box};
}

Value Value::list(std::initializer_list<Value> items) {
    std::vector<Value> copy(items);
    return list(std::span(copy));
}

Value Value::map(std::span<MapEntry> entries) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const MapEntry& a, const MapEntry& b) { return key_less(a.key, b.key); });
    std::size_t size = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (size > 0 && entries[size - 1].key == entries[i].key) --size;
        if (size != i) entries[size] = std::move(entries[i]);
        ++size;
    }
    MapBox* box = new_map(size);
    for (std::size_t i = 0; i < size; ++i) new (box->entries() + i) MapEntry(std::move(entries[i]));
    return {Kind::map, box};
}

Value Value::map(std::initializer_list<MapEntry> entries) {
    std::vector<MapEntry> copy(entries);
    return map(std::span(copy));
}

Value Value::record(std::span<const Value> keys, std::span<Value> values) {
    MapBox* box = new_map(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        new (box->entries() + i) MapEntry{keys[i], std::move(values[i])};
    }
    return {Kind::map, box};
}

Value Value::merged(const Value& base, const Value& patch) {
    std::span<const MapEntry> old = base.entries();
    std::span<const MapEntry> set = patch.entries();
    std::size_t size = old.size();
    for (const MapEntry& entry : set) size += base.find(entry.key) ? 0 : 1;
    MapBox* box = new_map(size);
    std::size_t a = 0;
    std::size_t b = 0;
    for (MapEntry* entry = box->entries(); a < old.size() || b < set.size(); ++entry) {
        bool both = a < old.size() && b < set.size();
        bool take_old = b == set.size() || (both && key_less(old[a].key, set[b].key));
        if (!take_old && both && old[a].key == set[b].key) ++a;
        new (entry) MapEntry(take_old ? old[a++] : set[b++]);
    }
    return {Kind::map, box};
}

bool Value::merge(const Value& patch) {
    if (!on_heap() || box()->count.load(std::memory_order_acquire) != 1) return false;
    auto* map = static_cast<MapBox*>(box());
    std::span<const MapEntry> set = patch.entries();
    for (const MapEntry& entry : set) {
        if (!find(entry.key)) return false;
    }
    std::uint32_t at = 0;
    for (const MapEntry& entry : set) {
        while (!(map->entries()[at].key == entry.key)) ++at;
        map->entries()[at].value = entry.value;
    }
    map->hash.store(0, std::memory_order_relaxed);
    return true;
}

Value Value::error(std::string_view code, std::string_view message) {
    Value parts = list({Value(code), Value(message)});
    parts.low_ = tag(Kind::error) | heap_flag;
    return parts;
}

std::string_view Value::error_code() const {
    return static_cast<ListBox*>(box())->items()[0].text();
}

std::string_view Value::error_message() const {
    return static_cast<ListBox*>(box())->items()[1].text();
}

void Value::destroy() {
    Header* header = box();
    std::size_t bytes = sizeof(TextBox) + header->size;
    if (is(Kind::map)) {
        auto* map = static_cast<MapBox*>(header);
        for (std::uint32_t i = 0; i < map->size; ++i) map->entries()[i].~MapEntry();
        bytes = sizeof(MapBox) + map->size * sizeof(MapEntry);
    } else if (!is(Kind::string)) {
        auto* list = static_cast<ListBox*>(header);
        for (std::uint32_t i = 0; i < list->size; ++i) list->items()[i].~Value();
        bytes = sizeof(ListBox) + list->size * sizeof(Value);
    }
    pool_release(header, bytes);
}

std::string_view Value::heap_text() const {
    auto* text = static_cast<TextBox*>(box());
    return {text->bytes(), text->size};
}

std::span<const Value> Value::items() const {
    auto* list = static_cast<ListBox*>(box());
    return {list->items(), list->size};
}

std::span<const MapEntry> Value::entries() const {
    auto* map = static_cast<MapBox*>(box());
    return {map->entries(), map->size};
}

const Value* Value::find(const Value& key) const {
    for (const MapEntry& entry : entries()) {
        if (entry.key == key) return &entry.value;
    }
    return nullptr;
}

const Value* Value::find(std::string_view key) const { return find(Value(key)); }

bool Value::equal_on_heap(const Value& a, const Value& b) {
    Kind kind = a.kind();
    if (kind != b.kind() || a.box()->size != b.box()->size) return false;
    if (kind == Kind::string) {
        return a.heap_hash() == b.heap_hash() && a.heap_text() == b.heap_text();
    }
    if (kind == Kind::map) {
        return std::equal(a.entries().begin(), a.entries().end(), b.entries().begin(),
                          [](const MapEntry& x, const MapEntry& y) {
                              return x.key == y.key && x.value == y.value;
                          });
    }
    return std::equal(a.items().begin(), a.items().end(), b.items().begin());
}

std::uint64_t Value::heap_hash() const {
    if (is(Kind::string)) return box()->hash.load(std::memory_order_relaxed);
    return hash128().high;
}

Hash128 Value::heap_digest() const {
    if (is(Kind::string)) return hash_text128(text());
    const bool is_map = is(Kind::map);
    std::atomic<std::uint64_t>& half =
        is_map ? static_cast<MapBox*>(box())->digest : static_cast<ListBox*>(box())->digest;
    const std::uint64_t known = box()->hash.load(std::memory_order_acquire);
    if (known != 0) return {half.load(std::memory_order_relaxed), known};
    Words words;
    words.add(tag(kind()));
    if (is_map) {
        for (const MapEntry& entry : entries()) {
            words.add(entry.key.digest()).add(entry.value.digest());
        }
    } else {
        for (const Value& item : items()) words.add(item.digest());
    }
    Hash128 digest = words.hash();
    if (digest.low == 0) digest.low = 1;
    half.store(digest.high, std::memory_order_relaxed);
    box()->hash.store(digest.low, std::memory_order_release);
    return digest;
}

Hash128 Value::hash128(Hash128 start) const {
    Hash128 hash = start.with(tag(kind()));
    switch (kind()) {
        case Kind::string:
            return on_heap() ? hash.with(hash_text128(text())) : hash.with(low_).with(high_);
        case Kind::map:
            for (const MapEntry& entry : entries()) {
                hash = entry.value.hash128(entry.key.hash128(hash));
            }
            return hash.with(entries().size());
        case Kind::list:
        case Kind::error:
            for (const Value& item : items()) hash = item.hash128(hash);
            return hash.with(items().size());
        default: return hash.with(high_);
    }
}

std::string Value::json() const {
    std::string out;
    append_json(out);
    return out;
}

void Value::append_json(std::string& out) const {
    const char* separator = "";
    switch (kind()) {
        case Kind::null: out += "null"; break;
        case Kind::boolean: out += truth() ? "true" : "false"; break;
        case Kind::integer: out += std::to_string(integer()); break;
        case Kind::duration: append_json_string(out, format_cel_duration(nanos())); break;
        case Kind::string: append_json_string(out, text()); break;
        case Kind::list:
            out += '[';
            for (const Value& item : items()) {
                out += std::exchange(separator, ", ");
                item.append_json(out);
            }
            out += ']';
            break;
        case Kind::map:
            out += '{';
            for (const MapEntry& entry : entries()) {
                out += std::exchange(separator, ", ");
                entry.key.append_json(out);
                out += ": ";
                entry.value.append_json(out);
            }
            out += '}';
            break;
        case Kind::error: append_json_string(out, "error: " + std::string(error_message())); break;
    }
}

std::string_view kind_name(Value::Kind kind) {
    switch (kind) {
        case Value::Kind::null: return "null";
        case Value::Kind::boolean: return "bool";
        case Value::Kind::integer: return "int";
        case Value::Kind::duration: return "duration";
        case Value::Kind::string: return "string";
        case Value::Kind::list: return "list";
        case Value::Kind::map: return "map";
        case Value::Kind::error: break;
    }
    return "error";
}

void append_json_string(std::string& out, std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    out += '"';
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '\r') {
            out += "\\r";
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\u00";
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        } else {
            out += c;
        }
    }
    out += '"';
}

}  // namespace sagalab

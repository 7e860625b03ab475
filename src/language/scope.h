// What names mean at one place of a scenario file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/value.h"

namespace sagalab::language {

// What is known of a value before the run. `any` is known at run time only.
enum class Type : std::uint8_t { any, null, boolean, integer, duration, string, list, map };

struct Binding {
    enum class Kind : std::uint8_t {
        slot,      // a slot of the frame
        constant,  // `params`: a map known at load
        meta,      // `meta`
        store,     // `store`: the tables of `service`
        service,   // in `expect`: a service by its name, selecting one of its tables
        unusable,  // exists, but not here; `why` says so
    };
    Kind kind = Kind::slot;
    std::uint32_t slot = 0;
    Type type = Type::any;
    Value constant;
    ServiceId service;
    std::string why;
    // Of a slot: all fields that it can have, where that is known, and what each of them is called.
    std::optional<std::vector<std::string>> fields = std::nullopt;
    std::string what = {};
};

// Names that hold here. Scopes nest: a name not found here is looked for outside.
class Scope {
public:
    explicit Scope(const Scope* outer = nullptr) : outer_(outer) {
        if (!outer) return;
        tables_are_local = outer->tables_are_local;
        may_ask_deliveries = outer->may_ask_deliveries;
    }
    void bind(const std::string& name, Binding binding) { names_[name] = std::move(binding); }
    [[nodiscard]] const Binding* find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> all_names() const;
    // In handlers a table is its number inside its service, in `expect` its number in the program.
    bool tables_are_local = true;
    // `delivered('PayOrder -> PaymentService')` may be called.
    bool may_ask_deliveries = false;

private:
    const Scope* outer_;
    std::map<std::string, Binding, std::less<>> names_;
};

}  // namespace sagalab::language

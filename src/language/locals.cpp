#include "language/locals.h"

#include <utility>

namespace sagalab::language {

void Way::join(const Way& other) {
    if (other.ended) return;
    if (ended) {
        *this = other;
        return;
    }
    for (auto name = bound.begin(); name != bound.end();) {
        name = other.bound.count(*name) != 0 ? std::next(name) : bound.erase(name);
    }
    pivots.join(other.pivots);
}

void Locals::show(const std::string& name, const Local& local) {
    Binding binding;
    if (way_.bound.count(name) != 0) {
        binding.slot = local.slot;
        binding.type = local.type;
    } else {
        binding.kind = Binding::Kind::unusable;
        binding.why = local.why;
    }
    scope_.bind(name, binding);
}

void Locals::take(Way way) {
    way_ = std::move(way);
    for (const auto& entry : locals_) show(entry.first, entry.second);
}

void Locals::take_all(const Snapshot& names) {
    Way way;
    for (const auto& entry : names) {
        Local& local = locals_[entry.first];
        local = entry.second;
        local.type = Type::any;
        way.bound.insert(entry.first);
    }
    take(std::move(way));
}

std::uint32_t Locals::bind(const std::string& name, Type type, std::uint32_t extra,
                           std::string why) {
    const auto [place, is_new] = locals_.try_emplace(name);
    Local& local = place->second;
    if (is_new || local.extra != extra) {
        local = Local{slots_, extra, type, std::move(why)};
        slots_ += 1 + extra;
    } else if (local.type != type) {
        local.type = Type::any;
    }
    way_.bound.insert(name);
    show(name, local);
    return local.slot;
}

void Locals::unbind(const std::string& name) {
    way_.bound.erase(name);
    show(name, locals_[name]);
}

void Locals::show_own(const std::string& name, std::uint32_t slot) {
    Binding binding;
    binding.slot = slot;
    binding.type = Type::map;
    scope_.bind(name, binding);
}

void Locals::hide_own(const std::string& name, std::string why) {
    Binding binding;
    binding.kind = Binding::Kind::unusable;
    binding.why = std::move(why);
    scope_.bind(name, binding);
}

}  // namespace sagalab::language

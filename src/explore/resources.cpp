#include "explore/resources.h"

namespace sagalab::explore {
namespace {

Hash128 name_of(const Resource& resource) { return {resource.key, resource.kind}; }

bool is_soft(ResourceKind kind) {
    return kind == ResourceKind::time || kind == ResourceKind::up || kind == ResourceKind::loss;
}

}  // namespace

std::uint32_t Resources::number(const Resource& resource) {
    bool added = false;
    std::uint32_t& number = numbers_.at_or_added(name_of(resource).hash128(), added);
    if (added) {
        number = static_cast<std::uint32_t>(known_.size());
        known_.push_back({kind_number(resource.kind), resource.key == 0});
    }
    return number;
}

std::uint32_t Resources::find(const Resource& resource) const {
    const std::uint32_t* number = numbers_.find(name_of(resource).hash128());
    return number ? *number : none;
}

std::uint32_t Resources::kind_number(std::uint64_t kind) {
    bool added = false;
    std::uint32_t& number = kind_numbers_.at_or_added(Hash128{kind, 0}.hash128(), added);
    if (added) {
        number = static_cast<std::uint32_t>(kinds_.size());
        const ResourceKind what = kind_of(kind);
        bool joins = what != ResourceKind::time && what != ResourceKind::waiting;
        kinds_.push_back({what, number_of(kind), is_soft(what), joins});
    }
    return number;
}

void Resources::forget() {
    known_.clear();
    kinds_.clear();
    numbers_ = {};
    kind_numbers_ = {};
}

}  // namespace sagalab::explore

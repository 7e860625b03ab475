#include "explore/profile.h"

namespace sagalab::explore {

void Profiles::fill(std::vector<Touch>& target, const std::vector<Access>& accesses,
                    const Value& message, bool crashes) {
    for (const Access& access : accesses) {
        const ResourceKind kind = kind_of(access.kind);
        bool by_crash = access.write && (kind == ResourceKind::up || kind == ResourceKind::loss);
        if (by_crash && !crashes) continue;
        std::uint64_t key = 0;
        if (access.key.kind != Origin::Kind::unknown) {
            Value value = access.key.of(message);
            key = Footprints::key_of(value);
            if (access.saga && key != 0) {
                key =
                    Value(program_[access.saga].name + "/" + std::string(value.text())).hash() | 1U;
            }
        }
        target.push_back({resources.number({access.kind, key}), access.write, never});
    }
}

const Profile* Profiles::of(HandlerId handler, const Value& message, bool crashes) {
    const std::uint64_t how = std::uint64_t{handler.value} << 1U | (crashes ? 1U : 0U);
    bool added = false;
    std::uint32_t& number =
        numbers_.at_or_added(Words().add(how).add(message.digest()).hash(), added);
    if (!added) return &profiles_[number];
    number = static_cast<std::uint32_t>(profiles_.size());
    Profile& made = profiles_.emplace_back();
    fill(made.own, footprints_.own(handler), message, crashes);
    fill(made.future, footprints_.future(handler), message, crashes);
    for (const Touch& each : made.future) {
        const Resources::Kind& kind = resources.kind(resources[each.resource].kind);
        if (kind.what == ResourceKind::everything) made.everything = true;
        if (kind.what == ResourceKind::awaiting) made.awaits.emplace_back(kind.number);
    }
    return &made;
}

void Profiles::forget() {
    resources.forget();
    profiles_.clear();
    numbers_ = {};
}

}  // namespace sagalab::explore

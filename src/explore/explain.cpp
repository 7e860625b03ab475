#include "explore/explain.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "explore/footprint.h"

namespace sagalab::explore {
namespace {

using program::Program;

std::string key_text(const Origin& key) {
    if (key.kind == Origin::Kind::unknown) return "any";
    std::string text = key.kind == Origin::Kind::constant ? key.constant.json() : "msg";
    for (const Value& field : key.path) text += "." + std::string(field.text());
    return text;
}

class Explanation {
public:
    Explanation(const Program& program, const program::Exploration& bounds)
        : program_(program), footprints_(program, bounds) {}

    std::string text() {
        for (std::uint32_t i = 0; i < program_.handlers.size(); ++i) handler(HandlerId(i));
        const std::vector<Cost> costs = costs_of(program_);
        text_ += costs.empty() ? "  nothing costs reduction\n" : "  what costs reduction:\n";
        for (const Cost& cost : costs) text_ += "    " + cost_line(cost) + "\n";
        return std::move(text_);
    }

private:
    void handler(HandlerId id) {
        const program::Handler& spec = program_[id];
        const std::string& service = program_[spec.service].name;
        bool client = spec.kind == program::HandlerKind::client;
        text_ += "  " + printable(client ? service : service + "." + spec.name) + "\n";
        const std::vector<Access>& own = footprints_.own(id);
        std::vector<Access> later;
        for (const Access& access : footprints_.future(id)) {
            if (!has(own, access)) later.push_back(access);
        }
        const std::string before = text_;
        list("reads", own, Wanted::read);
        list("writes", own, Wanted::written);
        list("needs up", own, Wanted::up);
        list("may crash", own, Wanted::crash);
        list("then reads", later, Wanted::read);
        list("then writes", later, Wanted::written);
        list("then needs up", later, Wanted::up);
        list("then may crash", later, Wanted::crash);
        if (text_ == before) text_ += "    nothing that others touch\n";
    }

    enum class Wanted : std::uint8_t { read, written, up, crash };

    [[nodiscard]] static Wanted wanted_of(const Access& access) {
        const ResourceKind kind = kind_of(access.kind);
        if (kind == ResourceKind::up) return access.write ? Wanted::crash : Wanted::up;
        if (kind == ResourceKind::loss && access.write) return Wanted::crash;
        return access.write ? Wanted::written : Wanted::read;
    }

    static bool has(const std::vector<Access>& accesses, const Access& access) {
        return std::find(accesses.begin(), accesses.end(), access) != accesses.end();
    }

    // What is written is not listed among what is read once more.
    void list(std::string_view verb, const std::vector<Access>& accesses, Wanted wanted) {
        std::vector<std::string> names;
        for (const Access& access : accesses) {
            if (wanted_of(access) != wanted) continue;
            Access written = access;
            written.write = true;
            if (wanted == Wanted::read && has(accesses, written)) continue;
            names.push_back(name_of(access));
        }
        std::erase(names, std::string());
        std::sort(names.begin(), names.end());
        names.erase(std::unique(names.begin(), names.end()), names.end());
        constexpr std::size_t width = 16;
        for (const std::string& name : names) {
            text_ += "    " + std::string(verb) + std::string(width - verb.size(), ' ') +
                     printable(name) + "\n";
        }
    }

    [[nodiscard]] std::string service(std::uint64_t number) const {
        return program_.services[number].name;
    }

    [[nodiscard]] std::string link(std::uint64_t number) const {
        const std::uint64_t count = program_.services.size();
        return service(number / count) + " -> " + service(number % count);
    }

    [[nodiscard]] std::string row(std::uint64_t number, const Access& access) const {
        const program::Table& table = program_.tables[number];
        return program_[table.service].name + "." + table.name + "[" + key_text(access.key) + "]";
    }

    // Nothing is lost where nothing may crash.
    [[nodiscard]] std::string loss(ServiceId id, const Access& access) const {
        const std::string& name = program_[id].name;
        if (access.write) return name;
        return footprints_.crashable(id) ? "what a crash of " + name + " loses" : std::string();
    }

    // Of a claim that is decided key by key.
    [[nodiscard]] std::string claim(std::uint64_t number, const Access& access) const {
        std::string text = "what always \"" + program_.expect.always[number].title + "\" looks at";
        if (access.key.kind != Origin::Kind::unknown) text += ", key " + key_text(access.key);
        return text;
    }

    [[nodiscard]] std::string name_of(const Access& access) const {
        const std::uint64_t number = number_of(access.kind);
        switch (kind_of(access.kind)) {
            case ResourceKind::table: return row(number, access);
            case ResourceKind::link: return "the end of the ordered link " + link(number);
            case ResourceKind::busy: return "who works in " + service(number);
            case ResourceKind::breaker: return "the breakers of " + service(number);
            case ResourceKind::limiter: return "the limits of " + service(number);
            case ResourceKind::awaiting: return "who awaits an event in " + service(number);
            case ResourceKind::loss: return loss(ServiceId(number), access);
            case ResourceKind::up: return service(number);
            case ResourceKind::still: return "whether " + service(number) + " stands still";
            case ResourceKind::way: return "whether ways are cut, " + link(number);
            case ResourceKind::claim: return claim(number, access);
            case ResourceKind::sequence: return "how far sequence has come";
            case ResourceKind::faults: return "what scripted faults have struck";
            case ResourceKind::inbox: return "the inbox of " + service(number) + in(access);
            case ResourceKind::outbox: return "the outbox of " + service(number);
            case ResourceKind::time: return "the time, by a timer";
            case ResourceKind::everything: return "everything";
            default: return {};
        }
    }

    [[nodiscard]] std::string in(const Access& access) const {
        if (access.saga) {
            return ", of " + program_[access.saga].name + " " + key_text(access.key);
        }
        return access.key.kind == Origin::Kind::unknown ? "" : "[" + key_text(access.key) + "]";
    }

    const Program& program_;
    Footprints footprints_;
    std::string text_;
};

}  // namespace

std::string cost_line(const Cost& cost) {
    constexpr std::size_t shown = 3;
    std::string line = printable(cost.what);
    if (cost.places.empty()) return line;
    line += " (";
    for (std::size_t i = 0; i < std::min(shown, cost.places.size()); ++i) {
        line += (i == 0 ? "" : ", ") + cost.places[i];
    }
    if (cost.places.size() > shown) {
        line += " and " + std::to_string(cost.places.size() - shown) + " more";
    }
    return line + ")";
}

std::string explained(const Program& program, const program::Exploration& bounds) {
    return Explanation(program, bounds).text();
}

}  // namespace sagalab::explore

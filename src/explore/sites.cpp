#include "explore/sites.h"

#include <algorithm>
#include <set>

#include "program/points.h"

namespace sagalab::explore {

using program::Adversity;
using program::Program;
using trace::MessageKind;
using world::Item;
using world::Variant;

namespace {

constexpr unsigned code_bits = 8;
constexpr unsigned place_bits = 28;
constexpr unsigned service_bits = 22;
constexpr std::uint64_t low(unsigned bits) { return (std::uint64_t{1} << bits) - 1; }

SiteWord pack(const FaultSite& site) {
    SiteWord word = static_cast<SiteWord>(site.kind);
    word = word << service_bits | (site.service.value & low(service_bits));
    word = word << 1U | (site.reply ? 1U : 0U);
    word = word << place_bits | (site.place & low(place_bits));
    return word << code_bits | (site.code & low(code_bits));
}

FaultSite at_message(Adversity kind, const Item& item, std::uint32_t code = 0) {
    FaultSite site;
    site.kind = kind;
    site.service = item.service;
    site.code = code;
    if (!item.message) return site;
    site.reply = item.message->kind == MessageKind::reply;
    site.place = item.message->operation.value;
    return site;
}

FaultSite at_place(Adversity kind, ServiceId service, std::uint32_t place) {
    FaultSite site;
    site.kind = kind;
    site.service = service;
    site.place = place;
    return site;
}

FaultSite at_rest(Adversity kind, ServiceId service) {
    return at_place(kind, service, Index<void>::absent);
}

FaultSite between(ServiceId a, ServiceId b) { return at_place(Adversity::partition, a, b.value); }

StepSites only(const FaultSite& site) {
    StepSites sites;
    sites.add(pack(site));
    return sites;
}

template <class List>
std::uint32_t value_at(const List& list, std::uint32_t at) {
    return at < list.size() ? list[at] : Index<void>::absent;
}

// Everything that could be handled, or written, somewhere in the program.
class Within {
public:
    explicit Within(const Adversary& adversary)
        : adversary_(adversary),
          program_(adversary.program()),
          bounds_(adversary.bounds()),
          start_(adversary.start()) {}

    std::vector<SiteWord> all() {
        for (std::size_t i = 0; i < program_.handlers.size(); ++i) handler(HandlerId(i));
        outages();
        return {sites_.begin(), sites_.end()};
    }

private:
    void add(const FaultSite& site) { sites_.insert(pack(site)); }

    void handler(HandlerId id) {
        const program::Handler& handler = program_[id];
        if (!handler.entry) return;
        if (handler.kind != program::HandlerKind::client) points(id);
        for (const program::Instruction& step : program_.code_of(handler)) {
            if (step.table) write(handler, step.table);
            if (step.operation) sent(handler, step.operation);
            if (step.op == program::Op::call) called(handler, program_.calls[step.call].operation);
            if (step.op != program::Op::append) continue;
            for (const program::AppendedEvent& event : program_.appends[step.call].events) {
                if (event.event) sent(handler, event.event);
            }
        }
    }

    void outages() {
        for (std::size_t i = 0; i < program_.services.size(); ++i) {
            const ServiceId service(i);
            if (adversary_.may_pause(start_, service)) add(at_rest(Adversity::pause, service));
        }
        for (const Pair& pair : adversary_.pairs()) {
            if (adversary_.may_cut(start_, pair)) add(between(pair.a, pair.b));
        }
    }

    void points(HandlerId id) {
        for (std::uint32_t at = program_.first_point[id.value];
             at < program_.first_point[id.value + 1]; ++at) {
            if (!program::can_be_passed(program_, program_.points[at])) continue;
            for (Adversity kind : {Adversity::crash, Adversity::stall}) {
                if (adversary_.may_stop(start_.left, kind, program_[id].service, at)) {
                    add(at_place(kind, program_[id].service, at));
                }
            }
        }
    }

    // A message such as the handler sends, or is sent: enough of one to be asked about.
    static Item item_of(const world::Message& message) {
        Item item;
        item.service = message.to;
        item.from = message.from;
        item.message = &message;
        return item;
    }

    void write(const program::Handler& handler, TableId table) {
        world::Message message;
        message.operation = handler.operation;
        message.to = handler.service;
        if (!start_.left.any(Adversity::fail_store)) return;
        if (handler.kind == program::HandlerKind::client) return;
        if (!adversary_.may_fail(item_of(message), table)) return;
        coded(at_place(Adversity::fail_store, program_[table].service, table.value));
    }

    void sent(const program::Handler& from, OperationId operation) {
        for (HandlerId id : program_[operation].handlers) {
            world::Message message;
            message.operation = operation;
            message.from = from.service;
            message.to = program_[id].service;
            const Item item = item_of(message);
            for (Adversity kind : {Adversity::delay, Adversity::duplicate, Adversity::drop,
                                   Adversity::reject, Adversity::fail}) {
                if (adversary_.may(start_, kind, item)) coded(at_message(kind, item));
            }
        }
    }

    void called(const program::Handler& from, OperationId operation) {
        if (!operation) return;
        sent(from, operation);
        world::Message reply;
        reply.kind = MessageKind::reply;
        reply.operation = operation;
        reply.from = program_[operation].service;
        reply.to = from.service;
        const Item item = item_of(reply);
        if (adversary_.may(start_, Adversity::delay, item)) {
            add(at_message(Adversity::delay, item));
        }
        bool lost = adversary_.may(start_, Adversity::drop, item) ||
                    adversary_.may(start_, Adversity::drop_reply, item);
        if (lost) add(at_message(Adversity::drop, item));
    }

    // With each code of the budget.
    void coded(FaultSite site) {
        const std::size_t codes = bounds_.budget(site.kind).with.size();
        for (site.code = 0; site.code < std::max<std::size_t>(1, codes); ++site.code) add(site);
    }

    const Adversary& adversary_;
    const Program& program_;
    const program::Exploration& bounds_;
    Node start_;
    std::set<SiteWord> sites_;
};

// An item that is taken up.
StepSites sites_of(const Item& item, const Step& step, const world::Passed* passed) {
    StepSites sites;
    if (step.duplicate) sites.add(pack(at_message(Adversity::duplicate, item)));
    auto stopped = [&](Adversity kind) {
        std::uint32_t point = passed ? value_at(passed->points, step.at) : Index<void>::absent;
        sites.add(pack(at_place(kind, item.service, point)));
    };
    switch (static_cast<Variant::Kind>(step.variant)) {
        case Variant::Kind::plain: break;
        // A reply that is lost is lost, whichever budget pays.
        case Variant::Kind::drop: sites.add(pack(at_message(Adversity::drop, item))); break;
        case Variant::Kind::reject:
            sites.add(pack(at_message(Adversity::reject, item, step.at)));
            break;
        case Variant::Kind::fail:
            sites.add(pack(at_message(Adversity::fail, item, step.at)));
            break;
        case Variant::Kind::crash: stopped(Adversity::crash); break;
        case Variant::Kind::stall: stopped(Adversity::stall); break;
        case Variant::Kind::fail_store: {
            const std::uint32_t write = step.at >> 4U;
            bool known = passed && write < passed->writes.size();
            FaultSite site = at_place(Adversity::fail_store, item.service,
                                      known ? passed->writes[write].value : Index<void>::absent);
            site.code = step.at & 15U;
            sites.add(pack(site));
            break;
        }
    }
    return sites;
}

bool is_known(const FaultSite& site) { return site.place != Index<void>::absent; }

std::string stop_name(const Program& program, const FaultSite& site) {
    const std::string& service = program[site.service].display;
    if (!is_known(site)) return service + " while it waits";
    const program::Point& point = program.points[site.place];
    return service + " " + program::point_name(program, point) + ", handling " +
           program[point.handler].name;
}

std::string table_name(const Program& program, const FaultSite& site) {
    return is_known(site) ? program[TableId(site.place)].name : "a table";
}

std::string message_name(const Program& program, const FaultSite& site) {
    return is_known(site) ? program[OperationId(site.place)].label : "a message";
}

std::string code_of(const program::Exploration& bounds, const FaultSite& site) {
    const std::vector<Value>& codes = bounds.budget(site.kind).with;
    return site.code < codes.size() ? " with " + std::string(codes[site.code].text()) : "";
}

}  // namespace

FaultSite site_of(SiteWord word) {
    FaultSite site;
    site.code = static_cast<std::uint32_t>(word & low(code_bits));
    word >>= code_bits;
    site.place = static_cast<std::uint32_t>(word & low(place_bits));
    if (site.place == low(place_bits)) site.place = Index<void>::absent;
    word >>= place_bits;
    site.reply = (word & 1U) != 0;
    word >>= 1U;
    site.service = ServiceId(static_cast<std::uint32_t>(word & low(service_bits)));
    site.kind = static_cast<Adversity>(word >> service_bits);
    return site;
}

StepSites sites_of(const std::vector<Item>& items, const Step& step, const world::Passed* passed) {
    const ServiceId service(step.item);  // of what strikes no item
    switch (step.deed) {
        case Deed::take: return sites_of(items[step.item], step, passed);
        case Deed::delay: return only(at_message(Adversity::delay, items[step.item]));
        case Deed::crash: return only(at_rest(Adversity::crash, service));
        case Deed::pause: return only(at_rest(Adversity::pause, service));
        case Deed::cut: return only(between(service, ServiceId(step.at)));
    }
    return {};
}

std::vector<SiteWord> sites_within(const Adversary& adversary) { return Within(adversary).all(); }

std::string site_name(const Program& program, const program::Exploration& bounds, SiteWord word) {
    const FaultSite site = site_of(word);
    const std::string& service = program[site.service].display;
    std::string verb(program::adversity_rows[static_cast<std::size_t>(site.kind)].name);
    switch (site.kind) {
        case Adversity::crash:
        case Adversity::stall: return verb + " " + stop_name(program, site);
        case Adversity::fail_store:
            return "write to " + service + "." + table_name(program, site) + " fails" +
                   code_of(bounds, site);
        case Adversity::pause: return verb + " " + service;
        case Adversity::partition:
            return "cut " + service + " from " + program[ServiceId(site.place)].display;
        case Adversity::delay:
        case Adversity::duplicate:
        case Adversity::drop:
        case Adversity::drop_reply:
        case Adversity::reject:
        case Adversity::fail:
            return verb + " " + (site.reply ? "reply of " : "") + message_name(program, site) +
                   " to " + service + code_of(bounds, site);
        case Adversity::count: break;
    }
    return verb;
}

std::string names_of(const Program& program, const program::Exploration& bounds,
                     const SiteSet& sites) {
    std::string names;
    for (SiteWord site : sites) {
        names += (names.empty() ? "" : "; ") + site_name(program, bounds, site);
    }
    return names;
}

std::vector<SiteSet> smallest(std::vector<SiteSet> sets) {
    std::ranges::sort(sets, [](const SiteSet& a, const SiteSet& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    std::vector<SiteSet> kept;
    for (SiteSet& set : sets) {
        bool contains = std::ranges::any_of(
            kept, [&](const SiteSet& other) { return std::ranges::includes(set, other); });
        if (!contains) kept.push_back(std::move(set));
    }
    return kept;
}

}  // namespace sagalab::explore

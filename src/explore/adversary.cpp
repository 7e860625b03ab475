#include "explore/adversary.h"

#include <algorithm>
#include <utility>

#include "expect/check.h"
#include "program/points.h"

namespace sagalab::explore {

using program::Adversity;
using program::Site;
using trace::MessageKind;
using world::Item;
using world::Variant;

namespace {

// Keeps what expectations look at.
class Keep : public trace::Sink {
public:
    Keep(std::vector<trace::Record>& records, bool& asserted, trace::Sink* also)
        : records_(records), asserted_(asserted), also_(also) {}

    void take(const trace::Record& record) override {
        if (also_) also_->take(record);
        switch (record.kind) {
            case trace::RecordKind::assertion: asserted_ = true; [[fallthrough]];
            case trace::RecordKind::row_changed:
            case trace::RecordKind::replied:
            case trace::RecordKind::dead_letter: records_.push_back(record); break;
            default: break;
        }
    }

private:
    std::vector<trace::Record>& records_;
    bool& asserted_;
    trace::Sink* also_;
};

bool is_client(const program::Program& program, ServiceId service) {
    return service && program[service].kind == program::ServiceKind::client;
}

}  // namespace

Adversary::Adversary(const program::Program& program, const program::Exploration& bounds)
    : program_(program),
      bounds_(bounds),
      pairs_(cuttable_pairs(program, bounds)),
      traits_(world::Traits::of(program)),
      interest_(expect::Check(program).interest(false)) {
    interest_.points = false;
    everything_ = expect::Check(program).interest(true);
    everything_.points = false;
}

Node Adversary::start() const {
    Node node;
    node.world = world::initial_world(program_);
    node.ledger = std::make_shared<const expect::Ledger>(program_);
    node.left = Left(bounds_);
    return node;
}

Hash128 Adversary::hash(const Node& node) const {
    return node.ledger->hash128(world::canonical_hash(program_, traits_, node.world));
}

void Adversary::expand(const Node& node, const std::vector<Item>& items, const Selection* selection,
                       const Found& found) {
    for (std::uint32_t place = 0; place < items.size(); ++place) {
        if (!items[place].enabled || (selection && !selection->items[place])) continue;
        take(node, items[place], place, found);
    }
    auto strike = [&](Step&& step) { go(node, items, step, found); };
    for (std::size_t i = 0; i < program_.services.size(); ++i) {
        if (!selection || selection->crashes[i]) crash_at_rest(node, ServiceId(i), strike);
        if (!selection || selection->pauses[i]) pause(node, items, ServiceId(i), strike);
    }
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
        if (!selection || selection->cuts[i]) cut(node, pairs_[i], strike);
    }
}

void Adversary::go(const Node& node, const std::vector<Item>& items, const Step& step,
                   const Found& found) {
    Item item = is_about_an_item(step.deed) ? items[step.item] : resting(node, step);
    tell(node, carry_out(node, item, step), step, found);
}

std::vector<Step> Adversary::strikes(const Node& node, const Item& item, const Step& plain,
                                     const world::Passed& passed) const {
    std::vector<Step> all;
    auto emit = [&](Step&& step) { all.push_back(std::move(step)); };
    strike_within(node, item, plain, passed, emit);
    Step bare = plain;
    bare.options.clear();
    lose(node, item, bare, emit);
    if (may_duplicate(node, item)) {
        Step twice = plain;
        twice.duplicate = true;
        all.push_back(twice);
        strike_within(node, item, twice, passed, emit);
    }
    refuse(node, item, bare, emit);
    delay(node, item, bare, emit);
    return all;
}

void Adversary::take(const Node& node, const Item& item, std::uint32_t place, const Found& found) {
    Step step;
    step.item = place;
    auto emit = [&](Step&& other) { tell(node, carry_out(node, item, other), other, found); };
    if (item.message && world::is_cut_off(node.world, *item.message)) {
        emit(Step(step));  // it is lost whatever else would strike it
        return delay(node, item, step, emit);
    }
    take_options(node, item, step, found);
    lose(node, item, step, emit);
    if (may_duplicate(node, item)) {
        Step twice = step;
        twice.duplicate = true;
        take_options(node, item, twice, found);
    }
    refuse(node, item, step, emit);
    delay(node, item, step, emit);
}

bool Adversary::may_duplicate(const Node& node, const Item& item) const {
    return item.message && item.message->kind != MessageKind::reply &&
           may(node, Adversity::duplicate, item);
}

void Adversary::lose(const Node& node, const Item& item, const Step& step, const Emit& emit) const {
    if (!item.message || !may(node, loss(node, item), item)) return;
    Step lost = step;
    lost.variant = static_cast<std::uint8_t>(Variant::Kind::drop);
    emit(std::move(lost));
}

void Adversary::delay(const Node& node, const Item& item, const Step& step,
                      const Emit& emit) const {
    if (!may_delay(node, item)) return;
    Step late = step;
    late.deed = Deed::delay;
    emit(std::move(late));
}

// As it comes, then once more for each other way that an open choice may go.
void Adversary::take_options(const Node& node, const Item& item, Step step, const Found& found) {
    std::vector<Step> todo{std::move(step)};
    while (!todo.empty()) {
        Step now = std::move(todo.back());
        todo.pop_back();
        Node after = carry_out(node, item, now);
        world::Passed passed = effects_.passed;
        for (std::size_t i = now.options.size(); i < passed.options.size(); ++i) {
            if (i >= options_max || passed.options[i] > option_max) {
                too_many_options_ = true;
                break;
            }
            for (unsigned option = passed.options[i]; option-- > 1;) {
                Step other = now;
                other.options.resize(i);
                other.options.push_back(static_cast<std::uint8_t>(option));
                todo.push_back(std::move(other));
            }
        }
        tell(node, std::move(after), now, found);
        strike_within(node, item, now, passed, [&](Step&& struck) {
            tell(node, carry_out(node, item, struck), struck, found);
        });
    }
}

void Adversary::strike_within(const Node& node, const Item& item, const Step& step,
                              const world::Passed& passed, const Emit& emit) const {
    strike_points(node, item, step, passed, emit);
    strike_writes(node, item, step, passed.writes, emit);
}

void Adversary::strike_points(const Node& node, const Item& item, const Step& step,
                              const world::Passed& passed, const Emit& emit) const {
    const Left left = spend(node, item, step);
    for (Adversity kind : {Adversity::crash, Adversity::stall}) {
        Variant::Kind variant =
            kind == Adversity::crash ? Variant::Kind::crash : Variant::Kind::stall;
        for (std::uint32_t at = 0; at < passed.points.size(); ++at) {
            if (!may_stop(left, kind, item.service, passed.points[at])) continue;
            Step stopped = step;
            stopped.variant = static_cast<std::uint8_t>(variant);
            stopped.at = at;
            emit(std::move(stopped));
        }
    }
}

void Adversary::strike_writes(const Node& node, const Item& item, const Step& step,
                              const std::vector<TableId>& writes, const Emit& emit) const {
    if (!spend(node, item, step).any(Adversity::fail_store)) return;
    const std::size_t codes = bounds_.budget(Adversity::fail_store).with.size();
    for (std::uint32_t at = 0; at < writes.size(); ++at) {
        if (!may_fail(item, writes[at])) continue;
        for (std::uint32_t code = 0; code < codes; ++code) {
            Step failing = step;
            failing.variant = static_cast<std::uint8_t>(Variant::Kind::fail_store);
            failing.at = at << 4U | code;
            emit(std::move(failing));
        }
    }
}

void Adversary::refuse(const Node& node, const Item& item, const Step& step,
                       const Emit& emit) const {
    if (!item.message || item.message->kind == MessageKind::reply) return;
    for (Adversity kind : {Adversity::reject, Adversity::fail}) {
        if (!may(node, kind, item)) continue;
        Variant::Kind variant =
            kind == Adversity::reject ? Variant::Kind::reject : Variant::Kind::fail;
        for (std::uint32_t code = 0; code < bounds_.budget(kind).with.size(); ++code) {
            Step refused = step;
            refused.variant = static_cast<std::uint8_t>(variant);
            refused.at = code;
            emit(std::move(refused));
        }
    }
}

Variant Adversary::variant_of(const Step& step) const {
    Variant variant;
    variant.kind = static_cast<Variant::Kind>(step.variant);
    variant.duplicate = step.duplicate;
    variant.at = step.at;
    variant.options = step.options;
    variant.restart_after = bounds_.budget(Adversity::crash).restart;
    auto code = [&](Adversity kind, std::uint32_t which) {
        const std::vector<Value>& codes = bounds_.budget(kind).with;
        return which < codes.size() ? codes[which] : Value("Injected");
    };
    switch (variant.kind) {
        case Variant::Kind::reject: variant.code = code(Adversity::reject, step.at); break;
        case Variant::Kind::fail: variant.code = code(Adversity::fail, step.at); break;
        case Variant::Kind::fail_store:
            variant.at = step.at >> 4U;
            variant.code = code(Adversity::fail_store, step.at & 15U);
            break;
        default: break;
    }
    return variant;
}

Node Adversary::carry_out(const Node& node, const Item& item, const Step& step, trace::Sink* also) {
    Node after = node;
    after.left = spend(node, item, step);
    records_.clear();
    asserted_ = false;
    if (step.deed == Deed::delay) {
        world::make_late(after.world, item);
        return after;
    }
    Variant variant = variant_of(step);
    Keep keep(records_, asserted_, also);
    if (step.deed == Deed::cut) {
        reaction_ = world::cut(after.world, item.service, item.from, everything_, also);
        return after;
    }
    effects_.variant = &variant;
    reaction_ =
        world::step(program_, also ? everything_ : interest_, after.world, item, effects_, &keep);
    effects_.variant = nullptr;
    bool counted = reaction_.handled && !program_.deliveries.empty();
    bool told = std::ranges::any_of(records_, [](const trace::Record& record) {
        return record.kind != trace::RecordKind::row_changed;
    });
    if (!counted && !told) return after;
    auto ledger = std::make_shared<expect::Ledger>(*node.ledger);
    if (counted) ledger->delivered(reaction_);
    for (const trace::Record& record : records_) ledger->take(record);
    after.ledger = std::move(ledger);
    return after;
}

void Adversary::tell(const Node& before, Node&& after, Step step, const Found& found) {
    Successor next;
    next.node = std::move(after);
    next.faults = before.left.faults() - next.node.left.faults();
    next.severity = Left::severity(before.left, next.node.left);
    bool passes = step.deed != Deed::delay && step.deed != Deed::cut;
    if (passes) next.passed = &effects_.passed;
    next.step = std::move(step);
    next.records = &records_;
    next.asserted = asserted_;
    found(std::move(next));
}

bool Adversary::replay(Node& node, const Step& step, trace::Sink* sink, world::Reaction* reaction) {
    reaction_ = {};
    if (!is_about_an_item(step.deed)) {
        if (!can_strike(node, step)) return false;
        node = carry_out(node, resting(node, step), step, sink);
        if (reaction) *reaction = reaction_;
        return true;
    }
    std::vector<Item> pending = items(node);
    if (step.item >= pending.size() || !pending[step.item].enabled) return false;
    node = carry_out(node, pending[step.item], step, sink);
    if (reaction) *reaction = reaction_;
    return true;
}

world::Passed Adversary::passed(const Node& node, const Item& item, Step step) {
    step.variant = static_cast<std::uint8_t>(Variant::Kind::plain);
    step.at = 0;
    step.duplicate = false;
    step.deed = Deed::take;
    carry_out(node, item, step);
    return effects_.passed;
}

Left Adversary::spend(const Node& node, const Item& item, const Step& step) const {
    Left left = node.left;
    auto pay = [&](Adversity kind) { left = left.without(kind); };
    if (step.deed == Deed::delay) pay(Adversity::delay);
    if (step.deed == Deed::crash) pay(Adversity::crash);
    if (step.deed == Deed::pause) pay(Adversity::pause);
    if (step.deed == Deed::cut) pay(Adversity::partition);
    if (step.deed != Deed::take) return left;
    if (step.duplicate) pay(Adversity::duplicate);
    switch (static_cast<Variant::Kind>(step.variant)) {
        case Variant::Kind::plain: break;
        case Variant::Kind::drop: pay(loss(node, item)); break;
        case Variant::Kind::reject: pay(Adversity::reject); break;
        case Variant::Kind::fail: pay(Adversity::fail); break;
        case Variant::Kind::crash: pay(Adversity::crash); break;
        case Variant::Kind::stall: pay(Adversity::stall); break;
        case Variant::Kind::fail_store: pay(Adversity::fail_store); break;
    }
    return left;
}

// A reply has a budget of its own; where that is spent, or is for others only, it is a message like
// any other.
Adversity Adversary::loss(const Node& node, const Item& item) const {
    bool reply = item.message && item.message->kind == MessageKind::reply;
    return reply && may(node, Adversity::drop_reply, item) ? Adversity::drop_reply
                                                           : Adversity::drop;
}

bool Adversary::fits(const Site& site, const Item& item) const {
    const world::Message* message = item.message;
    if (site.table || !site.point.empty()) return false;
    bool reply = message && message->kind == MessageKind::reply;
    bool part = site.part == Site::Part::both || reply == (site.part == Site::Part::reply);
    if (site.operation) return message && part && message->operation == site.operation;
    return site.service == (reply ? message->from : item.service);
}

bool Adversary::may(const Node& node, Adversity kind, const Item& item) const {
    if (!node.left.any(kind)) return false;
    const program::Budget& budget = bounds_.budget(kind);
    auto within = [&](const std::vector<Site>& sites) {
        return sites.empty() ||
               std::ranges::any_of(sites, [&](const Site& site) { return fits(site, item); });
    };
    if (!within(budget.only) || !within(bounds_.only)) return false;
    if (!item.message) return true;
    // The client's own request is left alone unless it is named.
    bool own = is_client(program_, item.message->from) || is_client(program_, item.message->to);
    auto named = [&](const std::vector<Site>& sites) {
        return std::ranges::any_of(
            sites, [&](const Site& site) { return site.operation && fits(site, item); });
    };
    return !own || named(budget.only) || named(bounds_.only);
}

bool Adversary::may_fail(const Item& item, TableId table) const {
    auto within = [&](const std::vector<Site>& sites) {
        return sites.empty() || std::ranges::any_of(sites, [&](const Site& site) {
                   return site.table ? site.table == table : fits(site, item);
               });
    };
    return within(bounds_.budget(Adversity::fail_store).only) && within(bounds_.only);
}

bool Adversary::may_delay(const Node& node, const Item& item) const {
    return item.kind == Item::Kind::flight && item.message && may(node, Adversity::delay, item);
}

bool Adversary::may_stop(const Left& left, Adversity kind, ServiceId service,
                         std::uint32_t point) const {
    if (!left.any(kind) || program_[service].kind != program::ServiceKind::service) {
        return false;
    }
    // What has not begun cannot be held.
    if (kind == Adversity::stall && !program::can_stall_at(program_.points[point].kind)) {
        return false;
    }
    auto fits_here = [&](const Site& site) {
        if (site.service) return site.service == service;
        if (point == Index<void>::absent) return false;
        const program::Point& passed = program_.points[point];
        if (!site.point.empty()) return program::point_name(program_, passed) == site.point;
        return site.operation && program_[passed.handler].operation == site.operation;
    };
    auto within = [&](const std::vector<Site>& sites) {
        return sites.empty() || std::ranges::any_of(sites, fits_here);
    };
    return within(bounds_.budget(kind).only) && within(bounds_.only);
}

}  // namespace sagalab::explore

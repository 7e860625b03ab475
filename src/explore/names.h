// What the steps of a path are called: names that survive small edits of a scenario.
//
//     deliver PayOrder (r1) from OrderService to PaymentService
//     deliver PayOrder (r1) from OrderService to PaymentService, crash after insert payments
//     drop reply PaymentGateway.Charge (r1) from PaymentGateway to PaymentService
//     fire timeout of PaymentGateway.Charge in PaymentService (r1)
//     restart PaymentService
//     pause OrderService replica 2
//     resume OrderService replica 2
//     cut OrderService from PaymentService
//     heal OrderService and PaymentService
//
// In parentheses stands the workload item that everything began with. Of several that would be
// called the same, the second in canonical order is "#2".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "explore/adversary.h"

namespace sagalab::explore {

// Between what strikes and which open choices were made: "..., choosing option 2 and 1".
inline constexpr std::string_view choosing = ", choosing option ";

std::string step_name(Adversary& adversary, const Node& node, const std::vector<world::Item>& items,
                      const Step& step);

// The step of that name, of all that may happen in this world; nothing where there is none.
std::optional<Step> step_named(Adversary& adversary, const Node& node, const std::string& name);

// The step of that name is about this item, as `item_name` says it: of whatever number, whatever
// happens to it.
bool is_about(std::string_view step, std::string_view item);

// What is pending is called, without "#2": "PayOrder (r1) from OrderService to PaymentService".
std::string item_name(const program::Program& program, const world::World& world,
                      const world::Item& item);

// What a fault does, as a sentence: "PaymentService crashes after insert payments, handling
// PayOrder (r1)".
std::string fault_sentence(Adversary& adversary, const Node& node,
                           const std::vector<world::Item>& items, const Step& step);

}  // namespace sagalab::explore

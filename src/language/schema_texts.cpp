#include "language/schema_texts.h"

#include "language/cel.h"

namespace sagalab::language::schema {

using shape::Form;

namespace {

constexpr std::string_view identifier = "[A-Za-z_][A-Za-z0-9_]*";
constexpr std::string_view hole = R"(\$\{[^}]*\})";

// Not one of the reserved words alone.
std::string not_reserved() {
    std::string words;
    for (std::string_view word : reserved_words()) {
        if (!words.empty()) words += '|';
        words += word;
    }
    return "(?!(?:" + words + ")$)";
}

std::string operation() { return std::string(identifier) + R"(\.)" + std::string(identifier); }

std::string message() {
    return std::string(identifier) + R"((?:\.)" + std::string(identifier) + ")?";
}

// With holes, of which each stands for a part of a name.
std::string bound_name() {
    std::string any_hole(hole);
    return not_reserved() + "(?:[A-Za-z_]|" + any_hole + ")(?:[A-Za-z0-9_]|" + any_hole + ")*";
}

constexpr std::string_view name_examples[] = {"OrderService"};
constexpr std::string_view bound_examples[] = {"r${i}"};
constexpr std::string_view operation_examples[] = {"PaymentService.Charge"};
constexpr std::string_view message_examples[] = {"PayOrder", "PaymentService.Charge"};
constexpr std::string_view party_examples[] = {"PaymentService", "PaymentService/2"};
constexpr std::string_view delivery_examples[] = {"PayOrder -> PaymentService"};
constexpr std::string_view route_examples[] = {"GET /orders/{orderId}"};
constexpr std::string_view duration_examples[] = {"10ms", "250us", "1m30s"};
constexpr std::string_view percentage_examples[] = {"2%"};
constexpr std::string_view factor_examples[] = {"1.5"};
constexpr std::string_view rate_examples[] = {"200/s"};
constexpr std::string_view size_examples[] = {"4G"};

}  // namespace

std::string pattern_of(Form form) {
    switch (form) {
        case Form::name: return not_reserved() + std::string(identifier);
        case Form::bound_name: return bound_name();
        case Form::operation: return operation();
        case Form::message: return message();
        case Form::party: return std::string(identifier) + "(?:/[1-9][0-9]{0,6})?";
        case Form::delivery: return message() + " -> " + std::string(identifier);
        case Form::route: return "[A-Z]+ /[^ ]*";
        case Form::duration: return "(?:[0-9]+(?:ns|us|ms|s|m|h))+";
        case Form::percentage: return R"((?:100(?:\.0{1,4})?|[1-9]?[0-9](?:\.[0-9]{1,4})?)%)";
        case Form::factor:
            return R"((?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?|1000000000(?:\.0{1,6})?)";
        case Form::rate: return R"((?!0(?:\.0*)?/)(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?/[smh])";
        case Form::size: return "[1-9][0-9]{0,18}(?:[KMGT]i?)?";
        default: return {};
    }
}

std::string_view name_of(Form form) {
    switch (form) {
        case Form::any:
        case Form::data: return "data";
        case Form::data_object: return "data-object";
        case Form::text: return "text";
        case Form::phrase: return "phrase";
        case Form::name: return "name";
        case Form::bound_name: return "bound-name";
        case Form::expression: return "expression";
        case Form::operation: return "operation";
        case Form::message: return "message";
        case Form::party: return "party";
        case Form::delivery: return "delivery";
        case Form::route: return "route";
        case Form::duration: return "duration";
        case Form::duration_pair: return "duration-pair";
        case Form::percentage: return "percentage";
        case Form::factor: return "factor";
        case Form::rate: return "rate";
        case Form::size: return "size";
        case Form::integer: return "integer";
        case Form::flag: return "flag";
        case Form::word: return "word";
        case Form::list: return "list";
        case Form::map: return "map";
        case Form::object: return "object";
        case Form::verbs: return "verbs";
        case Form::either: return "either";
    }
    return "value";
}

std::span<const std::string_view> examples_of(Form form) {
    switch (form) {
        case Form::name: return name_examples;
        case Form::bound_name: return bound_examples;
        case Form::operation: return operation_examples;
        case Form::message: return message_examples;
        case Form::party: return party_examples;
        case Form::delivery: return delivery_examples;
        case Form::route: return route_examples;
        case Form::duration: return duration_examples;
        case Form::percentage: return percentage_examples;
        case Form::factor: return factor_examples;
        case Form::rate: return rate_examples;
        case Form::size: return size_examples;
        default: return {};
    }
}

std::string_view param_pattern() { return R"(\$\{[ \t]*params\.[A-Za-z_][A-Za-z0-9_]*[ \t]*\})"; }

std::string whole(std::string_view pattern) {
    bool is_grouped = pattern.find('|') == std::string_view::npos;
    return is_grouped ? "^" + std::string(pattern) + "$" : "^(?:" + std::string(pattern) + ")$";
}

std::string whole_or_param(std::string_view pattern) {
    return whole(std::string(pattern) + "|" + std::string(param_pattern()));
}

}  // namespace sagalab::language::schema

#include "language/lint.h"

#include <algorithm>

namespace sagalab::language {

const std::string_view lint_names[lint_count] = {
    "unheard-event",     "unsent-event", "unwritten-field", "never-called",    "missing-row",
    "retry-without-key", "dual-write",   "short-timeout",   "bare-expression", "never-equal"};

namespace {

constexpr LintRow all_rows[lint_count] = {
    {Lint::unheard_event, "SL001", "unheard-event", "An event is published and nobody handles it.",
     true,
     "Nothing happens when the event comes to the bus, and no run shows that anything\n"
     "is missing. Often the type is misspelt on one of the two sides.\n"
     "An appended event is heard by its aggregate and is not meant.\n",
     "\"CreateOrder\": [ { \"publish\": \"OrderCreatd\", \"copy\": [\"orderId\"] } ]\n"
     "...\n"
     "\"on\": { \"OrderCreated\": [ ... ] }\n",
     "Spell both the same, add a handler under \"on\", or leave the step out.\n"},
    {Lint::unsent_event, "SL002", "unsent-event",
     "An event is handled or awaited and nobody sends it.", true,
     "No service, job or client publishes or appends the event, so the steps never\n"
     "run, and an \"await\" ends only with its timeout. What stands in an included file\n"
     "is left alone: another scenario may send it.\n",
     "\"on\": { \"PaymentFaild\": [ ... ] }\n"
     "...\n"
     "{ \"publish\": \"PaymentFailed\", \"copy\": [\"orderId\"] }\n",
     "Spell both the same, publish the event somewhere, or remove the handler.\n"},
    {Lint::unwritten_field, "SL003", "unwritten-field",
     "A handler reads a field of msg that no sender writes.", true,
     "All that is ever sent to the handler is known, and none of it has the field in\n"
     "its \"data\" or \"copy\". Reading it ends the handler with ExpressionError. A field\n"
     "that the handler asks for with has(msg.field) is left alone.\n",
     "{ \"publish\": \"PayOrder\", \"copy\": [\"orderId\"] }\n"
     "...\n"
     "\"PayOrder\": [ { \"insert\": \"payments\", \"key\": \"msg.orderId\",\n"
     "                \"copy\": [\"amount\"] } ]\n",
     "Send the field as well, or do not read it.\n"},
    {Lint::never_called, "SL004", "never-called", "An operation, saga or route is never called.",
     true,
     "No step and no client calls it, sends to it, or requests it, so its steps never\n"
     "run. What stands in an included file is left alone: another scenario may call it.\n"
     "A file without a workload is left alone, too.\n",
     "\"api\": { \"Refund\": [ ... ] }\n"
     "...\n"
     "\"compensate\": { \"call\": \"Payments.Cancel\" }\n",
     "Call it, or remove it.\n"},
    {Lint::missing_row, "SL005", "missing-row",
     "An expectation reads a row that no step can create.", true,
     "The key of every insert and upsert into the table is known from the workload and\n"
     "the seeded rows, and the one that is read is not among them: the expectation\n"
     "fails, whatever happens. Asking with \"in\" or get() is left alone.\n",
     "\"workload\": [ { \"publish\": \"CreateOrder\", \"data\": { \"orderId\": \"o-1\" } } ],\n"
     "...\n"
     "\"finally\": { \"paid\": \"OrderService.orders['o-2'].status == 'paid'\" }\n",
     "Read a row that is created, or ask whether it is there: 'o-2' in S.orders.\n"},
    {Lint::retry_without_key, "SL006", "retry-without-key",
     "A call is tried again without an idempotency key.", false,
     "Each attempt is a message of its own. After a timeout the first one may have had\n"
     "its effect, and nothing tells the callee that the second means the same: the\n"
     "card is charged twice. An inbox does not help, it knows messages by their ids.\n"
     "Left alone: calls in sagas, which have a key; starts of sagas, which have an id;\n"
     "policies that try again only what is known to have failed; and operations that\n"
     "may run twice, or look for the row of msg before they begin.\n",
     "{ \"call\": \"Payments.Charge\", \"copy\": [\"orderId\", \"amount\"],\n"
     "  \"retry\": { \"maxAttempts\": 3 } }\n",
     "Give it a key, and an inbox to the callee (or let it look at\n"
     "meta.idempotencyKey itself):\n"
     "  \"idempotencyKey\": \"msg.orderId\"\n"
     "  \"Payments\": { \"inbox\": true, ... }\n"},
    {Lint::dual_write, "SL007", "dual-write",
     "A handler writes to its store and sends a message without an outbox.", false,
     "The write and the message are two commits. A crash between them leaves the one\n"
     "without the other: an order that nobody hears of, or an event about an order that\n"
     "is not there. Left alone: append, which is its own outbox; sagas, which take up\n"
     "their steps again from the log; external services.\n",
     "\"CreateOrder\": [\n"
     "  { \"insert\": \"orders\", \"key\": \"msg.orderId\", \"row\": { \"status\": \"new\" } },\n"
     "  { \"publish\": \"OrderCreated\", \"copy\": [\"orderId\"] } ]\n",
     "Give the service an outbox, or append events to an aggregate:\n"
     "  \"OrderService\": { \"outbox\": true, ... }\n"},
    {Lint::short_timeout, "SL008", "short-timeout", "A timeout is shorter than what it waits for.",
     false,
     "The way there and back, what the callee takes and waits, and the timeouts it gives\n"
     "to its own calls come to more than the timeout. The caller gives up while the\n"
     "callee still works, and its outcome is unknown. Only what is certain is summed\n"
     "up: the least of each latency, and steps that are no branch and no loop.\n",
     "{ \"call\": \"Payments.Pay\", \"timeout\": \"50ms\" }\n"
     "...\n"
     "\"Pay\": [ { \"call\": \"Bank.Charge\", \"timeout\": \"50ms\" }, { \"reply\": {} } ]\n",
     "Wait longer outside than inside, or shorten what is inside.\n"},
    {Lint::bare_expression, "SL009", "bare-expression", "A text in data looks like an expression.",
     false, "Values in data are taken as they stand; only ${...} inserts a value.\n",
     "\"data\": { \"orderId\": \"msg.orderId\" }\n",
     "Write \"${msg.orderId}\", or name the field in \"copy\".\n"},
    {Lint::never_equal, "SL010", "never-equal", "Values of two types are compared.", false,
     "Values of different types are never equal, so == is always false and != always\n"
     "true.\n",
     "\"if\": \"size(store.orders) == '1'\"\n", "Compare values of the same type.\n"},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < lint_count; ++i) {
        if (static_cast<std::size_t>(all_rows[i].lint) != i) return false;
    }
    return true;
}
static_assert(in_order());

}  // namespace

std::span<const LintRow> lint_rows() { return all_rows; }

const LintRow& row_of(Lint lint) { return all_rows[static_cast<std::size_t>(lint)]; }

const LintRow* find_lint(std::string_view code_or_name) {
    const auto* found = std::find_if(
        std::begin(all_rows), std::end(all_rows),
        [&](const LintRow& row) { return row.code == code_or_name || row.name == code_or_name; });
    return found == std::end(all_rows) ? nullptr : found;
}

}  // namespace sagalab::language

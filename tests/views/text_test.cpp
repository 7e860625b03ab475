#include "views/text.h"

#include "support/catch.h"
#include "views/sample.h"

using namespace sagalab;
using namespace sagalab::views;
using trace::Record;
using trace::RecordKind;

namespace {

std::vector<Record> a_declined_payment() {
    using namespace sample;
    std::vector<Record> all;
    all.push_back(
        message(RecordKind::sent, 0, client, order_service, create_order, create_id, firing));
    all.back().value = Value::map({{"orderId", "o-1"}});
    all.push_back(message(RecordKind::delivered, millisecond, order_service, client, create_order,
                          create_id, create_id));
    all.push_back(row_change(millisecond, create_id, Value(), Value::map({{"status", "pending"}})));
    all.push_back(message(RecordKind::sent, millisecond, order_service, payment_service, pay_order,
                          pay_id, create_id));
    all.push_back(message(RecordKind::ended, millisecond, order_service, client, create_order,
                          create_id, create_id));
    all.push_back(message(RecordKind::delivered, 2 * millisecond, payment_service, order_service,
                          pay_order, pay_id, pay_id));
    all.push_back(message(RecordKind::sent, 2 * millisecond, payment_service, payment_gateway,
                          charge, charge_id, pay_id));
    all.back().message_kind = trace::MessageKind::call;
    all.push_back(message(RecordKind::fault, 3 * millisecond, payment_gateway, payment_service,
                          charge, charge_id, charge_id));
    all.back().fault = FaultId(0U);
    all.push_back(message(RecordKind::returned, 4 * millisecond, payment_service, payment_gateway,
                          charge, charge_id, pay_id));
    all.back().outcome = program::Outcome::rejected;
    all.back().code = Value("CardDeclined");
    return all;
}

std::string told(const program::Program& program, const std::vector<Record>& records,
                 const TextOptions& options = {}) {
    StringOutput output;
    TextStory story(program, output, options);
    for (const Record& record : records) story.take(record);
    story.finish({});
    return output.text();
}

}  // namespace

TEST_CASE("a run reads as a story") {
    program::Program program = sample::program();
    CHECK(told(program, a_declined_payment()) ==
          "     0ms  client          publishes CreateOrder to OrderService {\"orderId\": \"o-1\"}\n"
          "     1ms  OrderService    takes CreateOrder from client\n"
          "                          orders['o-1']: (none) -> {\"status\": \"pending\"}\n"
          "                          publishes PayOrder to PaymentService\n"
          "     2ms  PaymentService  takes PayOrder from OrderService\n"
          "                          calls PaymentGateway.Charge\n"
          "     3ms  PaymentGateway  ! fault: reject PaymentGateway.Charge with CardDeclined\n"
          "     4ms  PaymentService  hears from PaymentGateway: Charge rejected, CardDeclined\n");
}

TEST_CASE("title and about come before the run") {
    program::Program program = sample::program();
    program.case_name = "declined\x1b";
    StringOutput output;
    TextStory story(program, output, {});
    story.begin();
    story.finish({});
    CHECK(output.text() ==
          "Order saga\n  case: declined\\x1b\n  A declined charge undoes the order.\n\n");
}

TEST_CASE("a handling that was left for another says what it goes on with") {
    using namespace sample;
    program::Program program = sample::program();
    std::vector<Record> records{
        message(RecordKind::delivered, 0, order_service, client, create_order, create_id,
                create_id),
        message(RecordKind::delivered, 0, payment_service, client, pay_order, pay_id, pay_id),
        row_change(0, create_id, Value(), Value::map({{"a", 1}}))};
    CHECK(told(program, records) ==
          "     0ms  OrderService    takes CreateOrder from client\n"
          "     0ms  PaymentService  takes PayOrder from client\n"
          "     0ms  OrderService    goes on with CreateOrder\n"
          "                          orders['o-1']: (none) -> {\"a\": 1}\n");
}

TEST_CASE("an event to several subscribers is published once") {
    using namespace sample;
    program::Program program = sample::program();
    program.operations[1].handlers = {HandlerId(0U), HandlerId(1U)};
    Record first = message(RecordKind::sent, 0, client, order_service, pay_order, pay_id, firing);
    first.instruction = InstructionId(0U);
    program.code.resize(1);
    Record other = first;
    other.peer = payment_service;
    CHECK(told(program, {first, other}) ==
          "     0ms  client          publishes PayOrder to OrderService, PaymentService\n");
}

TEST_CASE("a fault stands before what it struck, under one header") {
    using namespace sample;
    program::Program program = sample::program();
    Record fault = message(RecordKind::fault, 0, payment_gateway, payment_service, charge,
                           charge_id, charge_id);
    fault.fault = FaultId(0U);
    Record taken = fault;
    taken.kind = RecordKind::delivered;
    CHECK(told(program, {fault, taken}) ==
          "     0ms  PaymentGateway  ! fault: reject PaymentGateway.Charge with CardDeclined\n"
          "                          takes Charge from PaymentService\n");
}

TEST_CASE("a client's answer is read from a settled call") {
    program::Program program = sample::program();
    Record replied = sample::record(RecordKind::replied, 0, sample::client, sample::firing);
    replied.key = Value("r1");
    replied.value = Value::map({{"body", Value()}, {"code", "Declined"}, {"outcome", "rejected"}});
    CHECK(phrase(program, replied).lines ==
          std::vector<std::string>{"has its answer to r1: rejected, Declined"});
}

TEST_CASE("correlation ids are shown when there may be several") {
    program::Program program = sample::program();
    program.workload[0].times = 2;
    std::vector<Record> records = a_declined_payment();
    records.erase(records.begin());
    records.resize(2);
    CHECK(told(program, records) ==
          "     1ms  OrderService    takes CreateOrder from client  (CreateOrder)\n"
          "                          orders['o-1']: (none) -> {\"status\": \"pending\"}\n");
}

TEST_CASE("lines are cut to the width, unless everything was asked for") {
    using namespace sample;
    program::Program program = sample::program();
    Record sent =
        message(RecordKind::sent, 0, client, order_service, create_order, create_id, firing);
    sent.value = Value::map({{"text", std::string(200, 'x')}});
    std::string line = told(program, {sent});
    CHECK(line.size() == 101);
    CHECK(line.substr(97) == "...\n");
    TextOptions verbose;
    verbose.verbose = true;
    CHECK(told(program, {sent}, verbose).size() > 200);
}

TEST_CASE("colours stand only where they were asked for") {
    program::Program program = sample::program();
    TextOptions options;
    CHECK(told(program, a_declined_payment(), options).find('\x1b') == std::string::npos);
    options.color = true;
    CHECK(told(program, a_declined_payment(), options).find("\x1b[1;31m! fault") !=
          std::string::npos);
}

TEST_CASE("final stores are sorted and cut after some rows") {
    program::Program program = sample::program();
    drivers::RunResult result;
    result.stores.resize(1);
    for (int i = 0; i < 12; ++i) {
        result.stores[0].put(Value("k" + std::to_string(10 + i)), Value::map({{"n", i}}));
    }
    StringOutput output;
    TextStory story(program, output, {});
    story.finish(result);
    const std::string& text = output.text();
    CHECK(text.starts_with("\nFinal stores\n  OrderService.orders\n    k10  {\"n\": 0}\n"));
    CHECK(text.ends_with("    k19  {\"n\": 9}\n    ... and 2 more\n"));
}

TEST_CASE("every kind of record that is nobody else's has words") {
    using namespace sample;
    program::Program program = sample::program();
    auto words = [&](RecordKind kind) {
        Record record = message(kind, 0, order_service, payment_gateway, charge, charge_id, pay_id);
        record.time = 5 * millisecond;
        record.value = Value("text");
        record.key = Value("r1");
        record.code = Value("Code");
        record.note = trace::SagaNote::compensating;
        record.fault = FaultId(0U);
        Phrase told_words = phrase(program, record);
        return told_words.lines.empty() ? std::string() : told_words.lines[0];
    };
    CHECK(words(RecordKind::unheard) == "publishes Charge, and nobody listens \"text\"");
    CHECK(words(RecordKind::late) ==
          "hears too late from PaymentGateway: Charge succeeded, Code \"text\"");
    CHECK(words(RecordKind::timed_out) ==
          "gives up waiting for PaymentGateway: Charge timed out, now unknown");
    CHECK(words(RecordKind::resumed) == "goes on after its wait");
    CHECK(words(RecordKind::retrying) == "will try Charge again at 5ms (attempt 2)");
    CHECK(words(RecordKind::rolled_back) == "rolls back what it wrote");
    CHECK(words(RecordKind::logged) == "logs: text");
    CHECK(words(RecordKind::saga_logged) == "saga saga['r1'] log: compensating");
    CHECK(words(RecordKind::saga_state) == "saga saga['r1'] is now compensating");
    CHECK(words(RecordKind::redelivering) == "delivery failed: Charge comes again at 5ms");
    CHECK(words(RecordKind::dead_letter) == "! dead letter: Charge is given up: Code");
    CHECK(words(RecordKind::assertion) == "! assertion failed: text");
    CHECK(words(RecordKind::replied) == "has its answer to r1: succeeded, Code \"text\"");
}

TEST_CASE("a stop says why") {
    using namespace sample;
    program::Program program = sample::program();
    Record ended =
        message(RecordKind::ended, 0, order_service, client, create_order, create_id, create_id);
    CHECK(phrase(program, ended).lines.empty());
    ended.code = Value("seen already");
    CHECK(phrase(program, ended).lines == std::vector<std::string>{"stops: seen already"});
}

TEST_CASE("a late message says until when") {
    using namespace sample;
    program::Program program = sample::program();
    program.faults[0].kind = program::FaultKind::delay;
    program.faults[0].text = "delay PayOrder by 20ms";
    Record fault = message(RecordKind::fault, 2 * millisecond, payment_service, order_service,
                           pay_order, pay_id, pay_id);
    fault.fault = FaultId(0U);
    fault.time = 22 * millisecond;
    CHECK(phrase(program, fault).lines ==
          std::vector<std::string>{"! fault: delay PayOrder by 20ms, late until 22ms"});
}

TEST_CASE("a saga names the step it tries again, and a deadline that came after its pivot") {
    using namespace sample;
    program::Program program = sample::program();
    program.sagas.resize(1);
    program.sagas[0].name = "BookTrip";
    program.sagas[0].steps.resize(1);
    program.sagas[0].steps[0].name = "Mailing.SendTickets";
    Record retrying = sample::record(RecordKind::retrying, 0, order_service, create_id);
    retrying.operation = create_order;
    retrying.saga = SagaId(0U);
    retrying.step = 0;
    retrying.time = 57 * millisecond;
    CHECK(phrase(program, retrying).lines ==
          std::vector<std::string>{"will try Mailing.SendTickets again at 57ms (attempt 2)"});
    Record late = sample::record(RecordKind::saga_state, 0, order_service, create_id);
    late.saga = SagaId(0U);
    late.key = Value("t-1");
    late.note = trace::SagaNote::deadline;
    CHECK(phrase(program, late).lines ==
          std::vector<std::string>{
              "saga BookTrip['t-1'] has passed its deadline and goes on: its pivot is done"});
}

TEST_CASE("a payload that is too long for its line goes on below") {
    using namespace sample;
    program::Program program = sample::program();
    Record sent =
        message(RecordKind::sent, 0, client, order_service, create_order, create_id, firing);
    sent.value = Value::map({{"text", std::string(50, 'x')}});
    CHECK(told(program, {sent}) ==
          "     0ms  client          publishes CreateOrder to OrderService\n" +
              std::string(28, ' ') + "{\"text\": \"" + std::string(50, 'x') + "\"}\n");
}

TEST_CASE("the row of a saga says first what became of it") {
    program::Program program = sample::program();
    program.tables[0].kind = program::TableKind::saga;
    drivers::RunResult result;
    result.stores.resize(1);
    Value row = Value::map({{"epoch", 1},
                            {"left", Value::list({Value("Hotel.Reserve")})},
                            {"log", Value::list({Value::map({})})},
                            {"state", "parked"}});
    result.stores[0].put(Value("o-1"), row);
    auto stores = [&](const TextOptions& options) {
        StringOutput output;
        TextStory(program, output, options).finish(result);
        return output.text();
    };
    CHECK(stores({}).ends_with(
        "    o-1  parked, epoch 1, not undone [\"Hotel.Reserve\"], 1 record in its log\n"));
    TextOptions verbose;
    verbose.verbose = true;
    CHECK(stores(verbose).ends_with("    o-1  " + row.json() + "\n"));
}

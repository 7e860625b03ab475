#include "views/jsonl.h"

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "support/catch.h"
#include "views/sample.h"
#include "views/version.h"

using namespace sagalab;
using namespace sagalab::views;
using trace::Record;
using trace::RecordKind;

namespace {

std::vector<std::string> lines_of(const program::Program& program,
                                  const std::vector<Record>& records) {
    StringOutput output;
    JsonLines view(program, output, "order.json");
    for (const Record& record : records) view.take(record);
    view.finish({});
    std::vector<std::string> lines;
    std::istringstream text(output.text());
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

Record hostile_record() {
    Record record = sample::row_change(0, sample::create_id, Value(), Value::map({{"a", 1}}));
    record.key = Value("quote \" backslash \\ newline \n escape \x1b");
    return record;
}

}  // namespace

TEST_CASE("the first and the last line frame the run") {
    program::Program program = sample::program();
    auto lines = lines_of(program, {});
    REQUIRE(lines.size() == 2);
    auto first = nlohmann::json::parse(lines[0]);
    CHECK(first["type"] == "sagalab.run.started");
    CHECK(first["data"]["version"] == std::string(version));
    CHECK(first["data"]["seed"] == 1);
    CHECK(first["data"]["case"] == "Order saga");
    CHECK(first["data"]["file"] == "order.json");
    auto last = nlohmann::json::parse(lines[1]);
    CHECK(last["type"] == "sagalab.run.finished");
    CHECK(last["data"]["verdict"] == "holds");
}

#ifdef SAGALAB_VERSION
TEST_CASE("the version is that of the project") { CHECK(version == SAGALAB_VERSION); }
#endif

TEST_CASE("a message is one CloudEvent a line") {
    using namespace sample;
    program::Program program = sample::program();
    Record sent = message(RecordKind::sent, 2'500'000, order_service, payment_service, pay_order,
                          pay_id, create_id);
    sent.time = 3'500'000;
    sent.value = Value::map({{"orderId", "o-1"}});
    auto lines = lines_of(program, {sent});
    REQUIRE(lines.size() == 3);
    auto event = nlohmann::json::parse(lines[1]);
    std::string run = nlohmann::json::parse(lines[0])["id"];
    run = run.substr(0, run.find('/'));
    CHECK(event["specversion"] == "1.0");
    CHECK(event["type"] == "sagalab.message.sent");
    CHECK(event["source"] == "/OrderService");
    CHECK(event["subject"] == "PayOrder");
    CHECK(event["time"] == "2000-01-01T00:00:00.002500000Z");
    CHECK(event["sequence"] == "000000000001");
    CHECK(event["datacontenttype"] == "application/json");
    CHECK(event["correlationid"] == "CreateOrder");
    CHECK(event["id"] == run + "/" + pay_id.hex() + "/PaymentService");
    CHECK(event["causationid"] == run + "/" + create_id.hex() + "/OrderService");
    CHECK(event["data"]["at"] == 2'500'000);
    CHECK(event["data"]["due"] == 3'500'000);
    CHECK(event["data"]["to"] == "PaymentService");
    CHECK(event["data"]["payload"]["orderId"] == "o-1");
}

TEST_CASE("what a handling did names the line of its message as the cause") {
    using namespace sample;
    program::Program program = sample::program();
    Record sent =
        message(RecordKind::sent, 0, client, order_service, create_order, create_id, firing);
    Record taken = message(RecordKind::delivered, millisecond, order_service, client, create_order,
                           create_id, create_id);
    Record row = row_change(millisecond, create_id, Value(), Value::map({{"a", 1}}));
    auto lines = lines_of(program, {sent, taken, row});
    auto id = nlohmann::json::parse(lines[1])["id"];
    CHECK(nlohmann::json::parse(lines[2])["causationid"] == id);
    CHECK(nlohmann::json::parse(lines[3])["causationid"] == id);
    CHECK(nlohmann::json::parse(lines[3])["data"]["before"].is_null());
    CHECK(nlohmann::json::parse(lines[3])["data"]["after"]["a"] == 1);
}

TEST_CASE("ids are unique, also of equal records in one instant") {
    program::Program program = sample::program();
    Record row = sample::row_change(0, sample::create_id, Value(), Value::map({{"a", 1}}));
    Record other = sample::row_change(0, sample::pay_id, Value(), Value::map({{"a", 1}}));
    std::set<std::string> ids;
    auto lines = lines_of(program, {row, row, other, row, other});
    for (const std::string& line : lines) {
        auto event = nlohmann::json::parse(line);
        ids.insert(event["source"].get<std::string>() + " " + event["id"].get<std::string>());
    }
    CHECK(ids.size() == lines.size());
}

TEST_CASE("attribute names are lower-case letters and digits, values scalars") {
    program::Program program = sample::program();
    for (const std::string& line : lines_of(program, {hostile_record()})) {
        auto event = nlohmann::json::parse(line);
        for (const auto& [name, value] : event.items()) {
            INFO(name);
            CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") ==
                  std::string::npos);
            CHECK((name == "data" || value.is_string()));
        }
    }
}

TEST_CASE("hostile text is escaped for JSON") {
    program::Program program = sample::program();
    Record record = hostile_record();
    auto lines = lines_of(program, {record});
    REQUIRE(lines.size() == 3);
    CHECK(nlohmann::json::parse(lines[1])["data"]["key"] == std::string(record.key.text()));
    CHECK(lines[1].find('\x1b') == std::string::npos);
}

TEST_CASE("a service's name becomes a path of a URI") {
    program::Program program = sample::program();
    auto lines =
        lines_of(program, {sample::record(RecordKind::resumed, 0, sample::client, sample::firing)});
    CHECK(nlohmann::json::parse(lines[1])["source"] == "/client%20CreateOrder");
}

// The table of shapes itself, and the small texts as numbers.
#include "language/shape.h"

#include <set>
#include <string>

#include "language/shape_values.h"
#include "support/catch.h"

using namespace sagalab;
using namespace sagalab::language;

namespace {

// Walks the whole table once.
class Walk {
public:
    void object(const shape::Object& object) {
        if (!seen_objects_.insert(&object).second) return;
        INFO(object.phrase);
        CHECK_FALSE(object.phrase.empty());
        CHECK(object.about.ends_with('.'));
        std::set<std::string_view> names;
        for (const shape::Key& key : object.keys) {
            INFO(key.name);
            CHECK(names.insert(key.name).second);
            CHECK(key.about.ends_with('.'));
            CHECK(key.name != "about");
            REQUIRE(key.shape != nullptr);
            value(*key.shape);
        }
        for (const shape::Rule& rule : object.rules) {
            for (std::string_view key : rule.keys) CHECK(names.count(key) == 1);
        }
    }

    [[nodiscard]] std::size_t objects() const { return seen_objects_.size(); }

private:
    void value(const shape::Shape& shape) {
        if (!seen_shapes_.insert(&shape).second) return;
        using shape::Form;
        if (shape.form == Form::word) CHECK_FALSE(shape.words.empty());
        if (shape.form == Form::map) CHECK_FALSE(shape.key_what.empty());
        if (shape.element != nullptr) value(*shape.element);
        if (shape.object != nullptr) object(*shape.object);
        for (const shape::Shape* option : shape.options) value(*option);
        if (shape.verbs == nullptr) return;
        for (const shape::Object* one : shape.verbs->objects) {
            object(*one);
            CHECK(one->keys[0].required);
        }
    }

    std::set<const shape::Object*> seen_objects_;
    std::set<const shape::Shape*> seen_shapes_;
};

}  // namespace

TEST_CASE("shape: every row of the table is whole") {
    Walk walk;
    walk.object(shape::scenario);
    walk.object(shape::scenario_case);
    CHECK(walk.objects() > 80);
}

TEST_CASE("shape: about stands on every object") {
    CHECK(shape::find_key(shape::scenario, "about") != nullptr);
    CHECK(shape::find_key(shape::scenario, "seed") != nullptr);
    CHECK(shape::find_key(shape::scenario, "addFaults") == nullptr);
    CHECK(shape::find_key(shape::scenario_case, "addFaults") != nullptr);
}

TEST_CASE("shape values: durations") {
    CHECK(duration_of("1m30s") == 90 * second);
    CHECK(duration_of("0ms") == 0);
    for (const char* text : {"", "5", "-5ms", "1.5s", "5 ms", "ms"}) CHECK_FALSE(duration_of(text));
}

TEST_CASE("shape values: percentages") {
    CHECK(millionths_of_percentage("2%") == 20'000);
    CHECK(millionths_of_percentage("0%") == 0);
    CHECK(millionths_of_percentage("100%") == 1'000'000);
    CHECK(millionths_of_percentage("0.0001%") == 1);
    CHECK(millionths_of_percentage("12.5%") == 125'000);
    for (const char* text : {"2", "%", "101%", "-1%", "0.00001%", "1.%", ".5%", "02%", "100.1%"}) {
        INFO(text);
        CHECK_FALSE(millionths_of_percentage(text));
    }
}

TEST_CASE("shape values: factors") {
    CHECK(factor_millionths("1.5") == 1'500'000);
    CHECK(factor_millionths("10") == 10'000'000);
    CHECK(factor_millionths("0.000001") == 1);
    for (const char* text : {"", "x", "-1", "1e3", "1.0000001", "99999999999", "1,5"}) {
        INFO(text);
        CHECK_FALSE(factor_millionths(text));
    }
    Node node;
    node.kind = Node::Kind::integer;
    node.integer = 2;
    CHECK(factor_millionths(node) == 2'000'000);
    node.integer = -2;
    CHECK_FALSE(factor_millionths(node));
}

TEST_CASE("shape values: rates") {
    CHECK(rate_millionths_per_second("200/s") == 200'000'000);
    CHECK(rate_millionths_per_second("0.5/s") == 500'000);
    CHECK(rate_millionths_per_second("6/m") == 100'000);
    CHECK(rate_millionths_per_second("36/h") == 10'000);
    for (const char* text : {"", "/s", "200", "0/s", "5/d", "-1/s", "200 /s"}) {
        INFO(text);
        CHECK_FALSE(rate_millionths_per_second(text));
    }
}

TEST_CASE("shape values: sizes") {
    CHECK(size_bytes("4G") == 4'000'000'000U);
    CHECK(size_bytes("1Ki") == 1024U);
    CHECK(size_bytes("512") == 512U);
    CHECK(size_bytes("7M") == 7'000'000U);
    for (const char* text : {"", "G", "0", "4g", "4GB", "-4G", "1.5G", "99999999999999999T"}) {
        INFO(text);
        CHECK_FALSE(size_bytes(text));
    }
}

#include "base/random.h"

#include <set>

#include "base/value.h"
#include "support/catch.h"

using namespace sagalab;

// Seeds, ids and traces of every version rest on these: they must not change.
TEST_CASE("hashes and draws have the values they always had") {
    CHECK(hash_text("") == 0x2d06800538d394c2ULL);                        // XXH3_64bits of nothing
    CHECK(hash_text128("").hex() == "99aa06d3014798d86001c324468d497f");  // XXH3_128bits
    CHECK(mix64(0) == 0);
    CHECK(mix64(0x9e3779b97f4a7c15ULL) == 0xe220a8397b1dcdafULL);  // SplitMix64's first number
    const Hash128 one = Hash128{}.with(1);
    CHECK(one.hex() == "1ccf5b6669e62fd6910a2dec89025cc1");
    CHECK(one.with(2).hex() == "80b3aa25c5a467d4a210775992417318");
    CHECK(draw(1, Purpose::latency, hash_text128("PayOrder")) == 0x94a04a23fc9cc528ULL);
    CHECK(draw(2, Purpose::schedule, Hash128{}) == 0xc5ea4f933c7247d6ULL);
    const Value map =
        Value::map({{"a", 1}, {"b", Value::list({Value(true), Value(), Value("text")})}});
    CHECK(map.hash128().hex() == "a4de37870f2efa643179518e723d3a51");
    CHECK(Value("a text that stands on the heap").hash128().hex() ==
          "576964dd4e6ca6f4f919f82517d2608c");
    CHECK(Value("o-1").hash() == 0x3eea0fea418a06cbULL);
    CHECK(Value(42).hash() == 0xfa1167c710d9615bULL);
}

TEST_CASE("a draw depends on its seed, its purpose and its name and on nothing else") {
    const Hash128 name = hash_text128("PayOrder");
    const std::uint64_t alone = draw(7, Purpose::latency, name);
    for (std::uint64_t i = 0; i < 100; ++i) (void)draw(i, Purpose::fault, name.with(i));
    CHECK(draw(7, Purpose::latency, name) == alone);
    std::set<std::uint64_t> draws;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        for (Purpose purpose : {Purpose::latency, Purpose::jitter, Purpose::fault, Purpose::choice,
                                Purpose::arrival, Purpose::takes, Purpose::schedule}) {
            for (std::uint64_t i = 0; i < 20; ++i) draws.insert(draw(seed, purpose, name.with(i)));
        }
    }
    CHECK(draws.size() == 20U * 7 * 20);
}

TEST_CASE("scaled bits stay below their bound and reach all of it") {
    CHECK(scale(0, 10) == 0);
    CHECK(scale(~0ULL, 10) == 9);
    CHECK(scale(~0ULL, 1) == 0);
    CHECK(scale(~0ULL, ~0ULL) == ~0ULL - 1);
    std::uint64_t hits[6] = {};
    for (std::uint64_t i = 0; i < 6000; ++i) {
        const std::uint64_t at = scale(draw(1, Purpose::choice, Hash128{}.with(i)), 6);
        REQUIRE(at < 6);
        ++hits[at];
    }
    for (std::uint64_t count : hits) {
        CHECK(count > 850);
        CHECK(count < 1150);
    }
}

TEST_CASE("a hash of a sequence depends on its order and a sum of hashes does not") {
    const Hash128 start;
    CHECK(start.with(1).with(2) != start.with(2).with(1));
    CHECK(start.with(0) != start);
    CHECK(start.with(0) != start.with(0).with(0));
    const Hash128 a = start.with(1);
    const Hash128 b = start.with(2);
    Hash128 sum;
    sum += a;
    sum += b;
    Hash128 other;
    other += b;
    other += a;
    CHECK(sum == other);
    sum -= a;
    CHECK(sum == b);
}

TEST_CASE("a hash is written as 32 digits") {
    CHECK(Hash128{}.hex() == std::string(32, '0'));
    CHECK(Hash128{0x0123456789abcdefULL, 0xf}.hex() == "0123456789abcdef000000000000000f");
}

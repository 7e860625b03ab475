#include "base/queue.h"

#include <deque>

#include "base/random.h"
#include "base/value.h"
#include "support/catch.h"

using namespace sagalab;

namespace {

struct Numbers {
    std::uint64_t seed = 0;
    std::uint64_t count = 0;
    std::uint64_t below(std::uint64_t bound) {
        return scale(draw(seed, Purpose::choice, Hash128{}.with(count++)), bound);
    }
};

// A number in order, and which of equal ones it is. A value on the heap shows copies that leak.
struct Item {
    std::uint64_t order = 0;
    Value name;
};

using Model = std::deque<Item>;

Item item_of(Numbers& numbers, std::uint64_t order) {
    return {order, Value("a name that stands on the heap " + std::to_string(numbers.count))};
}

void insert(Queue<Item>& queue, Model& model, const Item& item) {
    queue.insert(item, [&](const Item& other) { return other.order > item.order; });
    auto at = model.end();
    while (at != model.begin() && std::prev(at)->order > item.order) --at;
    model.insert(at, item);
}

bool same(const Queue<Item>& queue, const Model& model) {
    if (queue.size() != model.size() || queue.empty() != model.empty()) return false;
    std::size_t at = 0;
    bool equal = true;
    queue.for_each([&](const Item& item) {
        equal = equal && at < model.size() && item.name == model[at].name;
        ++at;
    });
    for (std::size_t n = 0; equal && n < model.size(); ++n) {
        equal = queue.at(n).name == model[n].name;
    }
    if (model.empty()) return equal && at == 0;
    return equal && at == model.size() && queue.front().name == model.front().name &&
           queue.back().name == model.back().name;
}

void step(Queue<Item>& queue, Model& model, Numbers& numbers, std::uint64_t growth) {
    if (model.empty() || numbers.below(100) < growth) {
        if (numbers.below(3) == 0 || model.empty()) {
            const Item item = item_of(numbers, model.empty() ? 50 : model.back().order);
            queue.push_back(item);
            model.push_back(item);
        } else {
            insert(queue, model, item_of(numbers, numbers.below(100)));
        }
        return;
    }
    const std::size_t n = numbers.below(2) == 0 ? 0 : numbers.below(model.size());
    const Item taken = n == 0 ? queue.pop_front() : queue.take_at(n);
    REQUIRE(taken.name == model[n].name);
    model.erase(model.begin() + static_cast<std::ptrdiff_t>(n));
}

}  // namespace

TEST_CASE("a queue does what a std::deque does") {
    for (std::uint64_t growth : {35, 50, 60, 90}) {
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            INFO("growth " << growth << " seed " << seed);
            Numbers numbers{seed, 0};
            Queue<Item> queue;
            Model model;
            for (int i = 0; i < 600; ++i) {
                step(queue, model, numbers, growth);
                if (i % 4 == 0) REQUIRE(same(queue, model));
            }
        }
    }
}

TEST_CASE("copies of a queue never see each other's changes") {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        INFO(seed);
        Numbers numbers{seed, 0};
        std::vector<Queue<Item>> queues(3);
        std::vector<Model> models(3);
        for (int i = 0; i < 1500; ++i) {
            const std::size_t at = numbers.below(3);
            if (numbers.below(25) == 0) {
                const std::size_t from = numbers.below(3);
                queues[at] = Queue<Item>(queues[from]);
                models[at] = Model(models[from]);
                continue;
            }
            step(queues[at], models[at], numbers, 55);
        }
        for (std::size_t i = 0; i < 3; ++i) REQUIRE(same(queues[i], models[i]));
    }
}

// One late element stays at the back while others pass before it: the first chunk grows where part
// of it has been taken already.
TEST_CASE("elements pass before a late one for as long as it takes") {
    for (std::size_t waiting : {1U, 3U, 8U, 15U, 20U, 31U, 40U}) {
        INFO(waiting);
        Numbers numbers;
        Queue<Item> queue;
        Model model;
        queue.push_back({1000, Value("late")});
        model.push_back({1000, Value("late")});
        for (int i = 0; i < 200; ++i) {
            insert(queue, model, item_of(numbers, 1));
            ++numbers.count;
            if (model.size() <= waiting) continue;
            REQUIRE(queue.pop_front().name == model.front().name);
            model.pop_front();
            REQUIRE(same(queue, model));
        }
    }
}

TEST_CASE("a long queue is taken from the front to its end") {
    Queue<int> queue;
    for (int i = 0; i < 5000; ++i) queue.push_back(i);
    const Queue<int> copy = queue;
    for (int i = 0; i < 5000; ++i) REQUIRE(queue.pop_front() == i);
    CHECK(queue.empty());
    queue.push_back(1);
    CHECK(queue.front() == 1);
    CHECK(copy.size() == 5000);
    CHECK(copy.at(4999) == 4999);
}

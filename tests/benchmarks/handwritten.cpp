// The program that a good engineer would write by hand for exactly one scenario: orders by
// choreography through three services. `orders.json` is the same for sagalab, and `run.py`
// compares the two.
//
//     orders-by-hand [ORDERS]
//
// It does what that takes and no more: a queue of messages in the order of virtual time, handlers
// by topic, a table a service. There is no trace, fault, check, scenario file or thread.
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <queue>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

constexpr std::int64_t link_latency_ns = 1'000'000;

struct Payload {
    std::string order_id;
    std::int64_t amount = 0;
    bool declined = false;
    std::string reason;
};

struct Message {
    std::int64_t time_ns = 0;
    std::uint64_t number = 0;  // of the sending: first sent, first delivered
    std::string topic;
    Payload payload;
};

struct Later {
    bool operator()(const Message& a, const Message& b) const {
        return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.number > b.number;
    }
};

class Bus {
public:
    using Handler = std::function<void(const Payload&)>;

    void subscribe(std::string topic, Handler handler) {
        handlers_[std::move(topic)].push_back(std::move(handler));
    }

    void publish(std::string topic, Payload payload) {
        queue_.push({now_ns_ + link_latency_ns, next_++, std::move(topic), std::move(payload)});
    }

    // Delivers until nothing is left; returns how many messages that were.
    std::uint64_t run() {
        std::uint64_t delivered = 0;
        while (!queue_.empty()) {
            // The queue is about to lose it, so its strings may be taken.
            Message message = std::move(const_cast<Message&>(queue_.top()));
            queue_.pop();
            now_ns_ = message.time_ns;
            for (const Handler& handler : handlers_[message.topic]) {
                handler(message.payload);
                ++delivered;
            }
        }
        return delivered;
    }

private:
    std::priority_queue<Message, std::vector<Message>, Later> queue_;
    std::unordered_map<std::string, std::vector<Handler>> handlers_;
    std::int64_t now_ns_ = 0;
    std::uint64_t next_ = 0;
};

struct Order {
    std::string status;
    std::int64_t amount = 0;
};

class OrderService {
public:
    explicit OrderService(Bus& bus) : bus_(bus) {
        bus.subscribe("CreateOrder", [this](const Payload& p) { create(p); });
        bus.subscribe("PaymentSucceeded", [this](const Payload& p) { pay(p); });
        bus.subscribe("PaymentFailed", [this](const Payload& p) { give_up(p); });
    }

    [[nodiscard]] std::size_t count(const std::string& status) const {
        std::size_t found = 0;
        for (const auto& [id, order] : orders_) found += order.status == status ? 1U : 0U;
        return found;
    }

private:
    void create(const Payload& p) {
        orders_.emplace(p.order_id, Order{"pending", p.amount});
        bus_.publish("PayOrder", {p.order_id, p.amount, p.declined, {}});
    }
    void pay(const Payload& p) { orders_.at(p.order_id).status = "paid"; }
    void give_up(const Payload& p) {
        orders_.at(p.order_id).status = "error";
        bus_.publish("LogOrderError", {p.order_id, 0, false, p.reason});
    }

    Bus& bus_;
    std::unordered_map<std::string, Order> orders_;
};

class PaymentService {
public:
    explicit PaymentService(Bus& bus) : bus_(bus) {
        bus.subscribe("PayOrder", [this](const Payload& p) { pay(p); });
    }

    [[nodiscard]] std::size_t count() const { return payments_.size(); }

private:
    void pay(const Payload& p) {
        payments_.emplace(p.order_id, Order{p.declined ? "declined" : "paid", p.amount});
        if (p.declined) {
            bus_.publish("PaymentFailed", {p.order_id, 0, false, "CardDeclined"});
        } else {
            bus_.publish("PaymentSucceeded", {p.order_id, 0, false, {}});
        }
    }

    Bus& bus_;
    std::unordered_map<std::string, Order> payments_;
};

class LogService {
public:
    explicit LogService(Bus& bus) {
        bus.subscribe("LogOrderError",
                      [this](const Payload& p) { errors_.emplace(p.order_id, p.reason); });
    }

    [[nodiscard]] std::size_t count() const { return errors_.size(); }

private:
    std::unordered_map<std::string, std::string> errors_;
};

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t count = 10'000;
    if (argc == 2) {
        const char* end = argv[1] + std::strlen(argv[1]);
        const auto [stopped, error] = std::from_chars(argv[1], end, count);
        if (error != std::errc{} || stopped != end) {
            std::fprintf(stderr, "usage: %s [ORDERS]\n", argv[0]);
            return 2;
        }
    }
    Bus bus;
    const OrderService orders(bus);
    const PaymentService payments(bus);
    const LogService log(bus);
    for (std::uint64_t i = 0; i < count; ++i) {
        bus.publish("CreateOrder", {"o-" + std::to_string(i), 100, i % 4 == 0, {}});
    }
    const std::uint64_t delivered = bus.run();
    std::printf("messages %llu paid %zu error %zu payments %zu errors %zu\n",
                static_cast<unsigned long long>(delivered), orders.count("paid"),
                orders.count("error"), payments.count(), log.count());
    return 0;
}

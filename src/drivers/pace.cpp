#include "drivers/pace.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "base/hash.h"

namespace sagalab::drivers {

using SteadyClock = boost::asio::steady_timer::clock_type;

struct Pace::Clock {
    explicit Clock(Nanos rate) : per_second(rate), timer(context), start(SteadyClock::now()) {}

    Nanos per_second;
    boost::asio::io_context context;
    boost::asio::steady_timer timer;
    SteadyClock::time_point start;
};

Pace::Pace(Nanos per_second) {
    if (per_second > 0) clock_ = std::make_unique<Clock>(per_second);
}

Pace::~Pace() = default;

void Pace::until(Nanos time, const std::atomic<bool>* stop) {
    if (!clock_) return;
    constexpr auto slice = std::chrono::milliseconds(50);  // how soon `stop` is noticed
    Wide real = Wide{time} * second / clock_->per_second;
    auto due = clock_->start + std::chrono::nanoseconds(static_cast<Nanos>(
                                   std::min<Wide>(real, Wide{1000} * 1000 * hour)));
    while (SteadyClock::now() < due && !(stop && stop->load())) {
        clock_->timer.expires_at(std::min(due, SteadyClock::now() + slice));
        boost::system::error_code interrupted;  // by a signal: `stop` says what it meant
        clock_->timer.wait(interrupted);
    }
}

}  // namespace sagalab::drivers

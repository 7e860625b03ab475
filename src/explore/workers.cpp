#include "explore/workers.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <latch>

namespace sagalab::explore {

namespace {

constexpr std::size_t pieces_at_once = 8;

}  // namespace

struct Workers::Pool {
    explicit Pool(unsigned others) : threads(others) {}
    boost::asio::thread_pool threads;
};

Workers::Workers(unsigned threads) : others_(threads > 1 ? threads - 1 : 0) {
    if (others_ > 0) pool_ = std::make_unique<Pool>(others_);
}

Workers::~Workers() = default;

void Workers::each(std::size_t count, const std::function<void(std::size_t, unsigned)>& work) {
    std::atomic<std::size_t> next = 0;
    auto help = [&](unsigned worker) {
        for (;;) {
            std::size_t at = next.fetch_add(pieces_at_once, std::memory_order_relaxed);
            if (at >= count) return;
            for (std::size_t end = std::min(count, at + pieces_at_once); at < end; ++at) {
                work(at, worker);
            }
        }
    };
    if (others_ == 0 || count <= pieces_at_once) return help(0);
    std::latch done(others_);
    for (unsigned worker = 1; worker <= others_; ++worker) {
        boost::asio::post(pool_->threads, [&, worker] {
            help(worker);
            done.count_down();
        });
    }
    help(0);
    done.wait();
}

}  // namespace sagalab::explore

#include "drivers/strands.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace sagalab::drivers {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;

struct Strands::Pool {
    explicit Pool(unsigned threads)
        : context(static_cast<int>(threads)), guard(asio::make_work_guard(context)) {
        for (unsigned i = 1; i < threads; ++i) workers.emplace_back([this] { context.run(); });
    }
    ~Pool() {
        guard.reset();
        context.stop();
        for (std::thread& worker : workers) worker.join();
    }
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    asio::io_context context;
    asio::executor_work_guard<Executor> guard;
    std::vector<std::thread> workers;
    std::vector<std::optional<asio::strand<Executor>>> strands;
};

Strands::Strands(unsigned threads, std::size_t services) : pool_(std::make_unique<Pool>(threads)) {
    pool_->strands.resize(services);
}

Strands::~Strands() = default;

void Strands::post(ServiceId service, std::function<void()> work) {
    std::optional<asio::strand<Executor>>& strand = pool_->strands[service.value];
    if (!strand) strand.emplace(pool_->context.get_executor());
    asio::post(*strand, std::move(work));
}

void Strands::help_until(const std::atomic<bool>& done) {
    while (!done.load(std::memory_order_acquire)) {
        if (pool_->context.poll_one() == 0) {
            if (pool_->workers.empty()) continue;
            done.wait(false, std::memory_order_acquire);
        }
    }
}

}  // namespace sagalab::drivers

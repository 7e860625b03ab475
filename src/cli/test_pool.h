// Work that several threads do in any order and one takes in order.
//
// What is taken, and in which order, does not depend on the number of threads. Ctrl-C ends it
// early: work that was done is still taken, in order, and the rest is missing.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "cli/interrupt.h"

namespace sagalab::cli {

template <class Outcome>
class OrderedPool {
public:
    using Work = std::function<Outcome(std::size_t)>;
    // Where it says false nothing more is begun or taken.
    using Take = std::function<bool(std::size_t, const Outcome&)>;

    // `work` is called for 0 to count - 1, by any thread.
    OrderedPool(std::size_t count, Work work) : work_(std::move(work)), slots_(count) {}

    // `take` is called by this thread. What either throws is thrown here, when all have ended.
    void run(unsigned threads, const Take& take) {
        open_ = std::min<std::size_t>(threads, slots_.size());
        std::vector<std::thread> workers;
        for (std::size_t i = open_; i > 0; --i) workers.emplace_back([this] { do_work(); });
        try {
            take_all(take);
        } catch (...) {
            fail(std::current_exception());
        }
        enough_.store(true);
        for (std::thread& worker : workers) worker.join();
        if (error_) std::rethrow_exception(error_);
    }

private:
    void do_work() {
        for (;;) {
            std::size_t index = next_.fetch_add(1);
            if (index >= slots_.size() || enough_.load() || stop_asked()) break;
            try {
                put(index, work_(index));
            } catch (...) {
                fail(std::current_exception());
            }
        }
        std::lock_guard<std::mutex> lock(mutex_);
        --open_;
        ready_.notify_one();
    }

    void put(std::size_t index, Outcome outcome) {
        std::lock_guard<std::mutex> lock(mutex_);
        slots_[index] = std::move(outcome);
        ready_.notify_one();
    }

    void fail(std::exception_ptr error) {
        std::lock_guard<std::mutex> lock(mutex_);
        if (!error_) error_ = std::move(error);
        enough_.store(true);
    }

    // The outcome of that number, when it is there or when nobody is left who could bring it.
    std::optional<Outcome> wait_for(std::size_t index) {
        std::unique_lock<std::mutex> lock(mutex_);
        ready_.wait(lock, [&] { return slots_[index] || open_ == 0; });
        return std::exchange(slots_[index], std::nullopt);
    }

    void take_all(const Take& take) {
        for (std::size_t index = 0; index < slots_.size(); ++index) {
            std::optional<Outcome> outcome = wait_for(index);
            if (outcome && !take(index, *outcome)) return;
        }
    }

    Work work_;
    std::mutex mutex_;
    std::condition_variable ready_;
    std::vector<std::optional<Outcome>> slots_;  // those not taken yet
    std::size_t open_ = 0;                       // threads at work
    std::exception_ptr error_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> enough_{false};
};

}  // namespace sagalab::cli

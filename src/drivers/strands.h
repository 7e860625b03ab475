// Strands: one Asio strand a service, on a pool of threads.
//
// A service's work is posted to its strand, so two pieces of it never run at once and services run
// side by side; that is the actor model of Asio (Kohlhoff's actor example), with the order between
// actors decided elsewhere. The calling thread is one of the `threads`: it helps while it waits.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "base/ids.h"

namespace sagalab::drivers {

class Strands {
public:
    // At least one thread; the caller counts.
    Strands(unsigned threads, std::size_t services);
    ~Strands();
    Strands(const Strands&) = delete;
    Strands& operator=(const Strands&) = delete;

    void post(ServiceId service, std::function<void()> work);
    // Runs posted work until `done` is set. Whoever sets it calls done.notify_all().
    void help_until(const std::atomic<bool>& done);

private:
    struct Pool;
    std::unique_ptr<Pool> pool_;
};

}  // namespace sagalab::drivers

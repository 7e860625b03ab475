// Workers: a pool of Asio threads that share a batch of independent pieces of work.
//
// Which thread takes which piece is open; what each piece does must not depend on it. The calling
// thread is one of them.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace sagalab::explore {

class Workers {
public:
    explicit Workers(unsigned threads);  // at least one
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    // Calls work(0, w) ... work(count - 1, w), each once, `w` the number of its thread; returns
    // when all of them are done.
    void each(std::size_t count, const std::function<void(std::size_t, unsigned)>& work);

private:
    struct Pool;
    unsigned others_ = 0;
    std::unique_ptr<Pool> pool_;
};

}  // namespace sagalab::explore

#include "base/pool.h"

#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "support/catch.h"

using namespace sagalab;

namespace {

struct Block {
    unsigned char* bytes;
    std::size_t size;
    unsigned char mark;
};

Block take(std::size_t size, unsigned char mark) {
    auto* bytes = static_cast<unsigned char*>(pool_allocate(size));
    std::memset(bytes, mark, size);
    return {bytes, size, mark};
}

bool intact(const Block& block) {
    for (std::size_t i = 0; i < block.size; ++i) {
        if (block.bytes[i] != block.mark) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("blocks of the pool are aligned and never overlap") {
    std::vector<Block> blocks;
    for (std::size_t size = 1; size <= pool_max + 64; size += size < 100 ? 1 : 37) {
        blocks.push_back(take(size, static_cast<unsigned char>(size)));
        CHECK(reinterpret_cast<std::uintptr_t>(blocks.back().bytes) % 16 == 0);
    }
    for (const Block& block : blocks) CHECK(intact(block));
    for (const Block& block : blocks) pool_release(block.bytes, block.size);
}

TEST_CASE("a block that one thread took may be released by another") {
    for (int round = 0; round < 4; ++round) {
        std::vector<std::vector<Block>> made(4);
        std::vector<std::thread> makers;
        for (std::size_t t = 0; t < made.size(); ++t) {
            makers.emplace_back([&mine = made[t], t] {
                for (std::size_t i = 0; i < 3000; ++i) {
                    mine.push_back(take(16 + i % 7 * 48, static_cast<unsigned char>(t * 50 + i)));
                }
            });
        }
        for (std::thread& maker : makers) maker.join();
        std::vector<std::thread> droppers;
        std::vector<int> damaged(made.size());
        for (std::size_t t = 0; t < made.size(); ++t) {
            droppers.emplace_back([&theirs = made[(t + 1) % made.size()], &bad = damaged[t]] {
                for (const Block& block : theirs) {
                    if (!intact(block)) ++bad;
                    pool_release(block.bytes, block.size);
                }
                // What came back serves again, and nobody else has it.
                std::vector<Block> again;
                for (std::size_t i = 0; i < 1000; ++i) again.push_back(take(64, 7));
                for (const Block& block : again) {
                    if (!intact(block)) ++bad;
                    pool_release(block.bytes, block.size);
                }
            });
        }
        for (std::thread& dropper : droppers) dropper.join();
        CHECK(damaged == std::vector<int>(4, 0));
    }
}

TEST_CASE("containers work on the pool") {
    std::vector<int, PoolAllocator<int>> numbers;
    for (int i = 0; i < 10'000; ++i) numbers.push_back(i);
    CHECK(numbers[9'999] == 9'999);
    CHECK(PoolAllocator<int>() == PoolAllocator<int>(PoolAllocator<char>()));
}

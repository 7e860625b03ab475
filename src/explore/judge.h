// Judges the steps and the ends of paths: `always` after each commit, the rest at quiescence.
//
// One for each thread. A claim by key is looked at for the changed row only, as in a run.
#pragma once

#include <vector>

#include "expect/always.h"
#include "explore/node.h"

namespace sagalab::explore {

class Judge {
public:
    explicit Judge(const program::Program& program);

    // What the rows that changed break; `before` is the world before them.
    std::vector<expect::Verdict> look(const world::World& before,
                                      const std::vector<trace::Record>& records);
    // What the rows that are there from the start break.
    [[nodiscard]] std::vector<expect::Verdict> at_start() const;
    // What an `assert` that was false says, of several the last one.
    static expect::Verdict asserted(const std::vector<trace::Record>& records);
    // What is broken in a world in which nothing can happen any more. A scripted fault that another
    // one has pre-empted is excused. `sometimes` that holds here is noted.
    std::vector<expect::Verdict> settled(const Node& node);

    // By the position in Expect::always: there was something to look at, and its premise was true.
    [[nodiscard]] std::vector<expect::Verdict> always() const { return always_.verdicts(); }
    // By the position in Expect::sometimes: it held at the end of some path.
    [[nodiscard]] const std::vector<bool>& seen() const { return seen_; }

private:
    const program::Program& program_;
    expect::Always always_;
    std::vector<TableId> watched_;
    std::vector<bool> seen_;
};

}  // namespace sagalab::explore

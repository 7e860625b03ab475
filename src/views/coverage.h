// The coverage report of a scenario file: what none of its runs has reached.
//
// The cases of a file may be different programs, so spots are united by what they are and where
// they stand. What lies in a handler that never began is not listed by itself.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "program/coverage.h"
#include "program/program.h"
#include "views/text.h"

namespace sagalab::views {

class CoverageReport {
public:
    // What one case has reached, in one run or in several.
    void add(const program::Program& program, const program::CoverageMap& map,
             const program::Coverage& coverage);
    // "handlers 7/9, branches 4/6, outcomes 5/12, compensations 1/2, points 40/52"
    [[nodiscard]] std::string totals() const;
    // A line for each thing that was not reached, kind by kind, in the order of the program:
    // "  never taken  order.json:12  OrderService.CreateOrder: if msg.total > 10: false"
    [[nodiscard]] std::string lines(const TextOptions& options) const;

private:
    struct Entry {
        program::SpotKind kind = program::SpotKind::handler;
        std::string place;    // "order.json:12"
        std::string owner;    // the handler: "OrderService.CreateOrder"
        std::string subject;  // of what it is one, if it is: "call PaymentGateway.Charge"
        std::string item;     // "rejected"
        bool reached = false;
    };

    struct Row {
        std::string word;
        std::string place;
        std::string text;
    };

    [[nodiscard]] std::vector<Row> rows() const;
    [[nodiscard]] bool is_listed(const Entry& entry) const;

    std::vector<Entry> entries_;
    std::map<std::string, std::size_t> known_;  // by all that names it, in entries_
    std::map<std::string, bool> begun_;         // by owner
};

}  // namespace sagalab::views

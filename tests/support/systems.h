// Random small systems for exploring: few messages, so that every order can be tried, but made of
// all that a reduction has to know about.
//
//     System system = random_system(seed);
//     program = load(system.text());
//
// Operations are numbered, and a handler only sends and calls what has a higher number, so nothing
// goes round. A system is kept in pieces, each a text of JSON, so that a failing one can be made
// smaller by leaving pieces out.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sagalab::test {

using Pieces = std::vector<std::string>;

struct System {
    struct Handler {
        std::string name;
        std::size_t service = 0;
        bool event = false;
        Pieces steps;
        Pieces options;
    };

    std::size_t services = 2;       // S0, S1, ...
    std::vector<Pieces> options;    // further members of each service
    std::vector<Pieces> tables;     // members of its store
    std::vector<Handler> handlers;  // of one event several
    Pieces saga;                    // steps of S0.G, which is there if there are any
    Pieces bus;
    Pieces network;
    Pieces workload;
    Pieces always;
    Pieces finally;
    Pieces expect;  // further members
    Pieces explore;

    [[nodiscard]] std::string text() const;
};

System random_system(std::uint64_t seed);

// The same with pauses and cuts, and with replicas.
System system_with_outages(std::uint64_t seed);

// The smallest that is found by leaving pieces out as long as `fails` says so; what does not load
// is for `fails` to refuse.
System smallest(System system, const std::function<bool(const System&)>& fails);

}  // namespace sagalab::test

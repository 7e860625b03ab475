// Lookahead: begins to fetch from memory what messages further down a link will need.
//
// The first row that a handler touches is known at load where its key is a field of the message.
// Looking at a message some places before its turn hides the time its row is on its way from
// memory. Changes nothing that anybody can see.
#pragma once

#include <vector>

#include "world/service.h"

namespace sagalab::world {

class Lookahead {
public:
    explicit Lookahead(const Program& program);
    // `service` is about to take up the first message of this link.
    void before_taking(const Service& service, std::uint32_t link) const;

private:
    struct Hint {
        ServiceId service;
        std::uint32_t table = 0;  // inside the service
        Value field;              // of the message: the key of the row
    };

    std::vector<std::vector<Hint>> hints_;  // by OperationId
};

}  // namespace sagalab::world

// A program as text, one line a thing: what the loader made of a scenario file.
//
//     OrderService on PayOrder, 2 slots
//         0  call PaymentGateway.Charge data {"amount": "${msg.amount}"} timeout 50ms on error 0
//         1  end
//
// For people who debug and for tests. Everything of one kind stands together, in the order of its
// numbers; what has its default is not shown. The form may change from version to version.
#pragma once

#include <string>

#include "program/program.h"

namespace sagalab::program {

struct DumpOptions {
    bool code_only = false;    // only handlers, their code, sagas
    bool expressions = false;  // the operations of every expression, too
};

std::string dump(const Program& program, const DumpOptions& options = {});

// One instruction without its number: "insert orders key msg.orderId ..."
std::string dump(const Program& program, const Instruction& instruction);

const char* op_name(Op op);  // as the verb of a step where there is one

}  // namespace sagalab::program

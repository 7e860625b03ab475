// API gateways after loading: routes, tokens, and the checks before any service is called.
//
// A request is a call to the operation of the route it matches, or to the gateway's operation for
// requests that match none. Its payload is {request, params, query, token, body}: the text as
// asked, what was found in it, and what came with it. A handler of a route has `msg` (the body) in
// slot 0, `path` in 1, `query` in 2, `user` in 3.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "base/value.h"

namespace sagalab::program {

struct Segment {
    bool parameter = false;
    std::string text;  // percent-decoded, or the parameter's name
};

struct Route {
    std::string method;
    std::vector<Segment> segments;
    OperationId operation;
    HandlerId handler;
    ExpressionId require;  // over `user`, `path`, `query` and `msg`; absent: everybody may
    Nanos timeout = never;
    std::uint64_t per_second_millionths = 0;  // for each user; 0: no limit
};

struct Token {
    Value token;
    Value user;  // {name, roles}
};

struct Gateway {
    ServiceId service;
    std::vector<Route> routes;  // the more specific first
    std::vector<Token> tokens;  // sorted by token
    bool open = true;           // without `tokens`
    OperationId unrouted;       // what matches no route
};

}  // namespace sagalab::program

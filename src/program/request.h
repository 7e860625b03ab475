// Requests to a gateway as text ("GET /orders/o-1?expand=lines"), and the route that one matches.
//
// Of RFC 3986: a path is segments between slashes, a query is pairs between ampersands, and both
// are percent-decoded after they have been taken apart. What is no escape ("%zz") stays as it is,
// and so does a part that would not be UTF-8. "/orders" and "/orders/" differ, as do capitals.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "program/gateway.h"

namespace sagalab::program {

struct Request {
    std::string method;
    std::vector<std::string> segments;  // decoded; of "/" a single empty one
    Value query;                        // a map of strings; of a key said twice the last one
};

// Nothing for text that is no request: capitals, one blank, and a path that begins with a slash
// and has neither blanks nor control characters.
std::optional<Request> parse_request(std::string_view text);

// "/orders/o%201" -> "orders", "o 1". The path begins with a slash.
std::vector<std::string> path_segments(std::string_view path);

// The first route that fits, or null; `params` is then the map of its path parameters. A parameter
// takes one segment that is not empty.
const Route* find_route(const Gateway& gateway, const Request& request, Value& params);

// The order in which routes are tried: from left to right, text before parameters.
bool more_specific(const Route& a, const Route& b);
// Both match exactly the same requests.
bool same_requests(const Route& a, const Route& b);

}  // namespace sagalab::program

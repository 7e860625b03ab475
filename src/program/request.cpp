#include "program/request.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/text.h"

namespace sagalab::program {
namespace {

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
    return std::nullopt;
}

std::string decoded(std::string_view part) {
    std::string out;
    for (std::size_t i = 0; i < part.size(); ++i) {
        const bool room = part[i] == '%' && i + 2 < part.size();
        const auto high = room ? hex_digit(part[i + 1]) : std::nullopt;
        const auto low = room ? hex_digit(part[i + 2]) : std::nullopt;
        if (!high || !low) {
            out += part[i];
            continue;
        }
        out += static_cast<char>(*high << 4U | *low);
        i += 2;
    }
    return find_invalid_utf8(out) == std::string_view::npos ? out : std::string(part);
}

// The parts between separators; of an empty text a single empty one.
std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

Value query_of(std::string_view text) {
    std::vector<MapEntry> entries;
    for (const std::string_view pair : split(text, '&')) {
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        const bool has_value = equals != std::string_view::npos;
        entries.push_back({Value(decoded(pair.substr(0, equals))),
                           Value(has_value ? decoded(pair.substr(equals + 1)) : std::string())});
    }
    return Value::map(std::span(entries));
}

bool fits(const Segment& segment, const std::string& text) {
    return segment.parameter ? !text.empty() : segment.text == text;
}

bool fits(const Route& route, const Request& request) {
    return route.method == request.method &&
           std::equal(route.segments.begin(), route.segments.end(), request.segments.begin(),
                      request.segments.end(),
                      [](const Segment& a, const std::string& b) { return fits(a, b); });
}

// Below zero: the first one is tried first; zero: they take the same segments.
int compare(const Segment& a, const Segment& b) {
    if (a.parameter != b.parameter) return a.parameter ? 1 : -1;
    return a.parameter ? 0 : a.text.compare(b.text);
}

int compare(const Route& a, const Route& b) {
    const std::size_t common = std::min(a.segments.size(), b.segments.size());
    for (std::size_t i = 0; i < common; ++i) {
        if (const int order = compare(a.segments[i], b.segments[i])) return order;
    }
    if (a.segments.size() != b.segments.size()) {
        return a.segments.size() < b.segments.size() ? -1 : 1;
    }
    return a.method.compare(b.method);
}

}  // namespace

std::vector<std::string> path_segments(std::string_view path) {
    std::vector<std::string> segments;
    for (const std::string_view part : split(path.substr(1), '/')) {
        segments.push_back(decoded(part));
    }
    return segments;
}

std::optional<Request> parse_request(std::string_view text) {
    const std::size_t blank = text.find(' ');
    if (blank == 0 || blank == std::string_view::npos) return std::nullopt;
    const std::string_view method = text.substr(0, blank);
    const std::string_view rest = text.substr(blank + 1);
    const bool capitals =
        std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    const bool plain = std::none_of(rest.begin(), rest.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    });
    if (!capitals || !plain || !rest.starts_with('/')) return std::nullopt;
    const std::size_t mark = rest.find('?');
    const bool has_query = mark != std::string_view::npos;
    Request request;
    request.method = method;
    request.segments = path_segments(rest.substr(0, mark));
    request.query = query_of(has_query ? rest.substr(mark + 1) : std::string_view());
    return request;
}

const Route* find_route(const Gateway& gateway, const Request& request, Value& params) {
    for (const Route& route : gateway.routes) {
        if (!fits(route, request)) continue;
        std::vector<MapEntry> entries;
        for (std::size_t i = 0; i < route.segments.size(); ++i) {
            if (!route.segments[i].parameter) continue;
            entries.push_back({Value(route.segments[i].text), Value(request.segments[i])});
        }
        params = Value::map(std::span(entries));
        return &route;
    }
    return nullptr;
}

bool more_specific(const Route& a, const Route& b) { return compare(a, b) < 0; }
bool same_requests(const Route& a, const Route& b) { return compare(a, b) == 0; }

}  // namespace sagalab::program

#include "language/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace sagalab::language {
namespace {

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view red = "\x1b[1;31m";
constexpr std::string_view magenta = "\x1b[1;35m";
constexpr std::string_view green = "\x1b[1;32m";
constexpr std::string_view plain = "\x1b[0m";

auto sort_key(const Diagnostic& diagnostic) {
    const Place& place = diagnostic.place;
    return std::tie(place.file, place.begin, diagnostic.severity, diagnostic.message, place.end);
}

bool same(const Diagnostic& a, const Diagnostic& b) {
    return a.place.file == b.place.file && a.place.begin == b.place.begin &&
           a.severity == b.severity && a.message == b.message;
}

// The bytes of the code point that begins at `at`; one byte where the text is no UTF-8.
std::size_t code_point_bytes(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && end < at + 4 &&
           (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
        ++end;
    }
    return end - at;
}

// One code point as it is shown, and how many columns it takes. Tabs stay; where they end up is
// the terminal's business, so the caret line repeats them.
struct Cell {
    std::string shown;
    std::size_t width = 0;
    bool tab = false;
};

Cell cell_at(std::string_view line, std::size_t at, std::size_t bytes) {
    if (line[at] == '\t') return {"\t", 1, true};
    Cell cell{printable(line.substr(at, bytes)), 0, false};
    cell.width = display_width(cell.shown);
    return cell;
}

struct Excerpt {
    std::string text;   // the line, cut
    std::string caret;  // blanks, then ^~~~
};

// The first byte to show, so that the place is seen in `width` columns.
std::size_t first_shown(std::string_view line, std::size_t begin, std::size_t width) {
    if (display_width(printable(line)) <= width) return 0;
    std::size_t before = width / 3;
    std::size_t at = begin;
    while (at > 0 && before > 0) {
        --at;
        while (at > 0 && (static_cast<unsigned char>(line[at]) & 0xc0U) == 0x80U) --at;
        --before;
    }
    return at;
}

Excerpt make_excerpt(std::string_view line, std::size_t begin, std::size_t end, std::size_t width) {
    Excerpt excerpt;
    std::size_t at = first_shown(line, begin, width);
    std::size_t used = 0;
    if (at > 0) {
        excerpt.text = "...";
        excerpt.caret = "   ";
        used = 3;
    }
    constexpr std::size_t ellipsis = 3;
    bool is_cut = display_width(printable(line.substr(at))) + used > width;
    std::size_t limit = is_cut ? width - ellipsis : width;
    std::size_t marked = 0;
    while (at < line.size()) {
        std::size_t bytes = code_point_bytes(line, at);
        Cell cell = cell_at(line, at, bytes);
        if (used + cell.width > limit) {
            excerpt.text += "...";
            break;
        }
        excerpt.text += cell.shown;
        used += cell.width;
        if (at + bytes <= begin) {
            excerpt.caret += cell.tab ? std::string("\t") : std::string(cell.width, ' ');
        } else if (at < end) {
            marked += cell.width;
        }
        at += bytes;
    }
    excerpt.caret += '^';
    if (marked > 1) excerpt.caret.append(marked - 1, '~');
    return excerpt;
}

void append_excerpt(std::string& out, const Place& place, const LineColumn& at,
                    const Sources& sources, const RenderOptions& options) {
    std::string_view line = sources.line(place.file, at.line);
    std::size_t begin = std::min<std::size_t>(at.column - 1, line.size());
    std::size_t end = std::min(line.size(), begin + (place.end - place.begin));
    std::string number = std::to_string(at.line);
    std::size_t gutter = std::max<std::size_t>(5, number.size() + 1);
    constexpr std::size_t narrowest = 20;
    std::size_t room = std::max(narrowest, options.width) - std::min(gutter + 3, narrowest / 2);
    Excerpt excerpt = make_excerpt(line, begin, end, room);
    out += fmt::format("{:>{}} | {}\n", number, gutter, excerpt.text);
    out += fmt::format("{:>{}} | {}{}{}\n", "", gutter, options.color ? green : "", excerpt.caret,
                       options.color ? plain : "");
}

void append_diagnostic(std::string& out, const Diagnostic& diagnostic, const Sources& sources,
                       const RenderOptions& options) {
    bool is_error = diagnostic.severity == Severity::error;
    std::string_view word = is_error ? "error: " : "warning: ";
    const Place& place = diagnostic.place;
    bool has_text = place.file < sources.size() && !sources.text(place.file).empty();
    std::string where =
        place.file < sources.size() ? printable(sources.path(place.file)) : std::string();
    LineColumn at;
    if (has_text) {
        at = sources.line_column(place);
        where += fmt::format(":{}:{}", at.line, at.column);
    }
    if (!where.empty()) where += ": ";
    std::string message = printable(diagnostic.message);
    if (diagnostic.lint) {
        const LintRow& row = row_of(*diagnostic.lint);
        message += fmt::format(" [{} {}]", row.code, row.name);
    }
    if (options.color) {
        out += fmt::format("{}{}{}{}{}{}{}{}{}\n", bold, where, plain, is_error ? red : magenta,
                           word, plain, bold, message, plain);
    } else {
        out += fmt::format("{}{}{}\n", where, word, message);
    }
    if (has_text) append_excerpt(out, place, at, sources, options);
}

}  // namespace

void Diagnostics::error(const Place& place, std::string message) {
    add({Severity::error, place, std::move(message)});
}

void Diagnostics::warning(Lint lint, const Place& place, std::string message) {
    add({Severity::warning, place, std::move(message), lint});
}

void Diagnostics::add(Diagnostic diagnostic) {
    if (diagnostic.severity == Severity::error) ++errors_;
    all_.push_back(std::move(diagnostic));
}

void Diagnostics::unknown_name(const Place& place, std::string_view kind, std::string_view name,
                               std::span<const std::string> candidates) {
    std::string message = fmt::format("unknown {} \"{}\"", kind, name);
    if (std::optional<std::string> near = nearest(name, candidates)) {
        message += fmt::format(" (did you mean \"{}\"?)", *near);
    }
    error(place, std::move(message));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
    std::vector<Diagnostic> list = all_;
    std::stable_sort(list.begin(), list.end(), [](const Diagnostic& a, const Diagnostic& b) {
        return sort_key(a) < sort_key(b);
    });
    list.erase(std::unique(list.begin(), list.end(), same), list.end());
    return list;
}

std::string render(const Diagnostics& diagnostics, const Sources& sources,
                   const RenderOptions& options) {
    std::string out;
    std::size_t errors = 0;
    std::size_t warnings = 0;
    for (const Diagnostic& diagnostic : diagnostics.sorted()) {
        bool is_error = diagnostic.severity == Severity::error;
        std::size_t& count = is_error ? errors : warnings;
        if (++count <= options.most) append_diagnostic(out, diagnostic, sources, options);
    }
    auto more = [&](std::size_t count, std::string_view word) {
        if (count <= options.most) return;
        std::size_t left = count - options.most;
        out += fmt::format("... and {} more {}{}\n", left, word, left == 1 ? "" : "s");
    };
    more(errors, "error");
    more(warnings, "warning");
    return out;
}

}  // namespace sagalab::language

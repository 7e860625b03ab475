#include "views/style.h"

namespace sagalab::views {
namespace {

std::string_view code(Tone tone) {
    switch (tone) {
        case Tone::plain: break;
        case Tone::dim: return "2";
        case Tone::title: return "1";
        case Tone::name: return "36";
        case Tone::good: return "32";
        case Tone::warning: return "33";
        case Tone::bad: return "1;31";
    }
    return "";
}

}  // namespace

std::string Paint::operator()(Tone tone, std::string_view text) const {
    std::string_view sequence = code(tone);
    if (!color_ || sequence.empty() || text.empty()) return std::string(text);
    std::string out = "\x1b[";
    out += sequence;
    out += 'm';
    out += text;
    out += "\x1b[0m";
    return out;
}

}  // namespace sagalab::views

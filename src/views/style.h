// Colours of text views: tones by meaning, as SGR sequences (ECMA-48), or nothing at all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sagalab::views {

enum class Tone : std::uint8_t { plain, dim, title, name, good, warning, bad };

class Paint {
public:
    explicit Paint(bool color = false) : color_(color) {}
    // `text` in that tone. The text itself must be printable already.
    [[nodiscard]] std::string operator()(Tone tone, std::string_view text) const;

private:
    bool color_;
};

}  // namespace sagalab::views

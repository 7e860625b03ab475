#include "language/schema_names.h"

#include <algorithm>

namespace sagalab::language::schema {

std::string slug(std::string_view phrase) {
    for (std::string_view article : {"a ", "an ", "the "}) {
        if (!phrase.starts_with(article)) continue;
        phrase.remove_prefix(article.size());
        break;
    }
    std::string out;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
        if (phrase.substr(i).starts_with("'s")) {
            ++i;
        } else if (phrase[i] == ' ') {
            out += '-';
        } else if (phrase[i] != '"') {
            out += phrase[i];
        }
    }
    return out;
}

bool DefinitionNames::is_taken(std::string_view name) const {
    return std::any_of(known_.begin(), known_.end(),
                       [&](const Known& known) { return known.name == name; });
}

std::string DefinitionNames::name(const void* thing, std::string_view wanted,
                                  std::string_view suffix) {
    for (const Known& known : known_) {
        if (known.thing == thing && known.suffix == suffix) return known.name;
    }
    std::string base = std::string(wanted) + std::string(suffix);
    std::string name = base;
    for (int number = 2; is_taken(name); ++number) name = base + "-" + std::to_string(number);
    known_.push_back({thing, std::string(suffix), name});
    return name;
}

}  // namespace sagalab::language::schema

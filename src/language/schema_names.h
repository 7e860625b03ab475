// Names of the definitions in the JSON Schema, from what the table calls things. Only schema*.cpp
// include this.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sagalab::language::schema {

// "an \"insert\" step" -> "insert-step", "a saga's compensation" -> "saga-compensation"
std::string slug(std::string_view phrase);

// One name for each thing, which its address and a suffix tell apart. Of two things that would be
// called the same, the one that is asked for later is "NAME-2".
class DefinitionNames {
public:
    std::string name(const void* thing, std::string_view wanted, std::string_view suffix = "");

private:
    struct Known {
        const void* thing;
        std::string suffix;
        std::string name;
    };
    [[nodiscard]] bool is_taken(std::string_view name) const;

    std::vector<Known> known_;
};

}  // namespace sagalab::language::schema

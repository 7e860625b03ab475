#include "language/scope.h"

#include <algorithm>

namespace sagalab::language {

const Binding* Scope::find(std::string_view name) const {
    for (const Scope* scope = this; scope; scope = scope->outer_) {
        auto found = scope->names_.find(name);
        if (found != scope->names_.end()) return &found->second;
    }
    return nullptr;
}

std::vector<std::string> Scope::all_names() const {
    std::vector<std::string> names;
    for (const Scope* scope = this; scope; scope = scope->outer_) {
        for (const auto& [name, binding] : scope->names_) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace sagalab::language

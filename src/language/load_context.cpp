#include "language/load_context.h"

#include "language/later.h"

namespace sagalab::language {

void LoadContext::need(const Place& place, std::string_view feature) {
    if (!is_later(feature)) return;
    error(place, "\"" + std::string(feature) + "\" is not available yet");
}

SourceId LoadContext::source(const Place& place) {
    const LineColumn at = sources.line_column(place);
    program.sources.push_back({place.file, at.line, at.column});
    return SourceId(program.sources.size() - 1);
}

}  // namespace sagalab::language

#include "language/load_context.h"

namespace sagalab::language {

SourceId LoadContext::source(const Place& place) {
    const LineColumn at = sources.line_column(place);
    program.sources.push_back({place.file, at.line, at.column});
    return SourceId(program.sources.size() - 1);
}

}  // namespace sagalab::language

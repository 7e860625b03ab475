// Defaults of keys, as the table says them: "How long to wait (1s)." Only schema*.cpp include this.
#pragma once

#include <optional>

#include "language/json.h"
#include "language/shape.h"

namespace sagalab::language::schema {

// What `about` says in its last brackets, if that is a value of the key's shape: "(1s)", "(5)",
// "(message)"; where it says "(default)" there, the word of the shape that stands before it.
// A string, an integer or a boolean; nothing where the sentence names no default.
std::optional<Node> default_of(const shape::Key& key);

}  // namespace sagalab::language::schema

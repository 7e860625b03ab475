// What ends a command early. Both end with exit code 2; a usage error also points to the help.
#pragma once

#include <stdexcept>
#include <string>

namespace sagalab::cli {

class UsageError : public std::runtime_error {
public:
    explicit UsageError(const std::string& message) : std::runtime_error(message) {}
};

// Something outside is wrong: a file cannot be read or written.
class Failure : public std::runtime_error {
public:
    explicit Failure(const std::string& message) : std::runtime_error(message) {}
};

}  // namespace sagalab::cli

#include "cli/file_output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "base/text.h"
#include "cli/errors.h"
#include "cli/interrupt.h"

namespace sagalab::cli {
namespace {

std::string cannot_write(const std::string& path, int error) {
    return "cannot write \"" + printable(path) + "\": " + error_text(error);
}

// Where a path leads when its links are followed, though nothing may be there yet.
std::string resolved(const std::string& path) {
    char* real = realpath(path.c_str(), nullptr);
    if (!real) return path;
    std::string out(real);
    std::free(real);
    return out;
}

bool is_same_file(const struct stat& file, const std::string& other) {
    struct stat status {};
    return stat(other.c_str(), &status) == 0 && status.st_dev == file.st_dev &&
           status.st_ino == file.st_ino;
}

}  // namespace

void DescriptorOutput::write(std::string_view text) {
    while (error_ == 0 && !text.empty()) {
        ssize_t written = ::write(descriptor_, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            error_ = errno;
            ask_to_stop();
        }
    }
}

void DescriptorOutput::close() {
    if (descriptor_ < 0) return;
    int descriptor = descriptor_;
    descriptor_ = -1;
    // EBADF: it was never open, and nothing was written.
    if (::close(descriptor) != 0 && error_ == 0 && errno != EBADF && errno != EINTR) {
        error_ = errno;
    }
}

FileOutput::FileOutput(const std::string& path, const std::vector<std::string>& inputs)
    : path_(path), target_(resolved(path)) {
    struct stat status {};
    bool exists = stat(target_.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) throw Failure(cannot_write(path_, EISDIR));
    for (const std::string& input : inputs) {
        if (exists && is_same_file(status, input)) {
            throw Failure("\"" + printable(path_) + "\" is an input file and is not overwritten");
        }
    }
    if (!exists || S_ISREG(status.st_mode)) {
        open_temporary();
        return;
    }
    int descriptor = open(target_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) throw Failure(cannot_write(path_, errno));
    output_ = std::make_unique<DescriptorOutput>(descriptor);
}

void FileOutput::open_temporary() {
    struct stat status {};
    bool exists = stat(target_.c_str(), &status) == 0;
    if (exists && access(target_.c_str(), W_OK) != 0) throw Failure(cannot_write(path_, errno));
    std::string name = target_ + ".XXXXXX";
    int descriptor = mkstemp(name.data());
    if (descriptor < 0) throw Failure(cannot_write(path_, errno));
    temporary_ = name;
    output_ = std::make_unique<DescriptorOutput>(descriptor);
    // mkstemp keeps others out; a result has the rights that any new file has.
    mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor, exists ? status.st_mode & 07777U : 0666U & ~mask);
}

FileOutput::~FileOutput() {
    if (output_) output_->close();
    if (!temporary_.empty()) unlink(temporary_.c_str());
}

void FileOutput::write(std::string_view text) { output_->write(text); }

void FileOutput::commit() {
    output_->close();
    if (output_->error() != 0) throw Failure(cannot_write(path_, output_->error()));
    if (temporary_.empty()) return;
    if (std::rename(temporary_.c_str(), target_.c_str()) != 0) {
        throw Failure(cannot_write(path_, errno));
    }
    temporary_.clear();
}

std::string error_text(int number) { return std::generic_category().message(number); }

}  // namespace sagalab::cli

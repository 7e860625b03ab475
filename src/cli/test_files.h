// Scenario files under paths: a file as it is named, a folder with every *.json file below it.
//
// Order: as the paths are given, below a folder by the bytes of the names. Hidden files and folders
// (".git") and links to folders are passed over; a file that is named twice is taken once.
#pragma once

#include <string>
#include <vector>

namespace sagalab::cli {

struct FoundFile {
    std::string path;    // "." and ".." worked out, relative if the path was
    bool named = false;  // by itself, not found in a folder
};

// Throws UsageError if there are no paths, Failure if one cannot be read.
std::vector<FoundFile> find_scenarios(const std::vector<std::string>& paths);

}  // namespace sagalab::cli

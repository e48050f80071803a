#pragma once
// Several files as one layer: a folder, or a pattern of names in one.

#include <filesystem>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

/// A folder, or a path whose last part holds * (any characters) or ? (one character) while there is no file of that
/// very name.
[[nodiscard]] bool names_several(const std::filesystem::path& path);

/// Where the files of such a path lie: the folder itself, or that of the pattern, written so that it ends in its name.
std::filesystem::path folder_of(const std::filesystem::path& path);

struct FileSet {
  std::vector<std::filesystem::path> files;  ///< in the order of their names' bytes
  Diagnostics diagnostics;                   ///< other-files, inner-folders
};

/// The files in the folder that can be read, by their extensions: not those in folders within, hidden ones, and files
/// that programs keep beside others, as the .dbf of a Shapefile. Plain texts (.txt) count only where there is nothing
/// else, or where the pattern asks for them. Throws InputError when there is none, or more than 10,000. O(n log n) in
/// the files of the folder.
FileSet list_files(const std::filesystem::path& path);

/// Whether list_files(path) would list a file of that name and place.
[[nodiscard]] bool would_list(const std::filesystem::path& path, const std::filesystem::path& file);

/// All files as one layer, each read as read_layer does, in a process of its own. Columns are joined by name, and the
/// column source_file says which file a row is from. Where types differ, integers become real where no digit is lost,
/// and everything else text (mixed-types), and units that differ are doubted (mixed-units); rows of a file that lacks a
/// column have none (missing-column). Positions go to the CRS of the first file that has features (reprojected-file).
/// An id in several files is doubted (repeated-id). One source for each file. `name` is the layer's. A file may lie
/// outside of the extent, or hold nothing that can be used: whether anything is left is judged of all files together.
/// Throws InputError when the files hold features of different kinds; else as read_layer.
ReadResult read_files(const std::vector<std::filesystem::path>& files, const std::string& name,
                      const ReadOptions& options, Progress& progress);

}  // namespace yaan

#pragma once
// One pass over the bytes of a JSON file that builds nothing: counts features and finds the run record, however large
// the file is.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace yaan {

struct JsonScan {
  std::uint64_t features = 0;                 ///< objects in arrays of the top-level object
  std::optional<std::uint64_t> record_begin;  ///< first byte of the value of the top-level member `yaan`, an object
  std::uint64_t record_end = 0;               ///< one past its last byte
  bool complete = false;                      ///< every bracket and string is closed, and nothing but space follows
  bool too_deep = false;                      ///< nested deeper than kDeepestJson: the scan stopped
};

inline constexpr int kDeepestJson = 256;

/// Throws InputError when the file cannot be read. A file that is not JSON gives whatever its brackets say.
JsonScan scan_json(const std::filesystem::path& file);

/// Bytes [begin, end) of a file. Throws InputError when it cannot be read or is shorter.
std::string read_bytes(const std::filesystem::path& file, std::uint64_t begin, std::uint64_t end);

}  // namespace yaan

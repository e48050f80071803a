#pragma once
// The bytes of a file on disk, or of one that was unpacked into memory.

#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <string>

namespace yaan {

/// Where unpacked files stand: GDAL's file system in memory, which users may not name (plain_file refuses it).
inline constexpr const char* kMemoryRoot = "/vsimem/yaan";

/// Unpacked there, not on disk.
bool is_in_memory(const std::filesystem::path& file);

/// For reading bytes; as std::ifstream, the stream is false when there is no such file. One for each thread.
std::unique_ptr<std::istream> open_input(const std::filesystem::path& file);

/// In bytes. Throws std::filesystem::filesystem_error when there is no such file.
std::uint64_t input_size(const std::filesystem::path& file);

bool is_input(const std::filesystem::path& file);

/// `count` bytes from `offset` on; fewer where the file ends before, none where there is no such file.
std::string bytes_at(const std::filesystem::path& file, std::uint64_t offset, std::size_t count);

/// All bytes, for small files; fewer where reading stops early.
std::string input_bytes(const std::filesystem::path& file);

}  // namespace yaan

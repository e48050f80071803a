#include "load/input_file.hpp"

#include <cpl_vsi.h>

#include <fstream>
#include <streambuf>
#include <system_error>

namespace yaan {

namespace fs = std::filesystem;

bool is_in_memory(const fs::path& file) { return file.string().starts_with(std::string(kMemoryRoot) + "/"); }

namespace {

struct MemoryBytes {
  char* data = nullptr;
  std::size_t size = 0;
};

MemoryBytes memory_of(const fs::path& file) {
  vsi_l_offset size = 0;
  GByte* data = VSIGetMemFileBuffer(file.c_str(), &size, FALSE);
  return {reinterpret_cast<char*>(data), data != nullptr ? static_cast<std::size_t>(size) : 0};
}

class MemoryBuffer : public std::streambuf {
 public:
  explicit MemoryBuffer(MemoryBytes bytes) { setg(bytes.data, bytes.data, bytes.data + bytes.size); }

 protected:
  pos_type seekoff(off_type offset, std::ios_base::seekdir from, std::ios_base::openmode mode) override {
    const off_type start = from == std::ios_base::beg ? 0 : from == std::ios_base::cur ? gptr() - eback() : size();
    return seekpos(start + offset, mode);
  }
  pos_type seekpos(pos_type place, std::ios_base::openmode /*mode*/) override {
    const off_type at = place;
    if (at < 0 || at > size()) return pos_type(off_type(-1));
    setg(eback(), eback() + at, egptr());
    return place;
  }

 private:
  [[nodiscard]] off_type size() const { return egptr() - eback(); }
};

class MemoryStream : public std::istream {
 public:
  explicit MemoryStream(MemoryBytes bytes) : std::istream(nullptr), m_buffer(bytes) {
    rdbuf(&m_buffer);
    if (bytes.data == nullptr) setstate(std::ios_base::failbit);
  }

 private:
  MemoryBuffer m_buffer;
};

}  // namespace

std::unique_ptr<std::istream> open_input(const fs::path& file) {
  if (is_in_memory(file)) return std::make_unique<MemoryStream>(memory_of(file));
  return std::make_unique<std::ifstream>(file, std::ios::binary);
}

std::uint64_t input_size(const fs::path& file) {
  if (!is_in_memory(file)) return fs::file_size(file);
  const MemoryBytes bytes = memory_of(file);
  if (bytes.data == nullptr)
    throw fs::filesystem_error("no such unpacked file", file,
                               std::make_error_code(std::errc::no_such_file_or_directory));
  return bytes.size;
}

bool is_input(const fs::path& file) {
  if (is_in_memory(file)) return memory_of(file).data != nullptr;
  std::error_code error;
  return fs::is_regular_file(file, error);
}

std::string bytes_at(const fs::path& file, std::uint64_t offset, std::size_t count) {
  std::string bytes(count, '\0');
  const auto in = open_input(file);
  in->seekg(static_cast<std::streamoff>(offset));
  in->read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(in->gcount()));
  return bytes;
}

std::string input_bytes(const fs::path& file) { return bytes_at(file, 0, input_size(file)); }

}  // namespace yaan

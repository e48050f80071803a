#pragma once
// SHA-256 (FIPS 180-4), by OpenSSL.

#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace yaan {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);
  /// 64 lower-case hexadecimal digits. The object is spent afterwards.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

std::string sha256_hex(std::string_view bytes);
/// Of a file's bytes. Throws InputError when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);
/// Of the bytes of several files, one after the other. Gives up, with an empty text, when a stop is asked for
/// meanwhile.
std::string sha256_of_files(std::span<const std::filesystem::path> paths, const std::stop_token& stop);

}  // namespace yaan

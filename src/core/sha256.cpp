#include "yaan/core/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "yaan/core/error.hpp"

namespace yaan {

namespace {
constexpr std::size_t kBufferBytes = std::size_t{1} << 18;  // what was read is still near when it is hashed
}

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

Sha256::Sha256() : m_state(std::make_unique<State>()) {
  if (m_state->context == nullptr || EVP_DigestInit_ex(m_state->context.get(), EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL offers no SHA-256");
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  if (EVP_DigestUpdate(m_state->context.get(), bytes.data(), bytes.size()) != 1)
    throw std::runtime_error("SHA-256 failed");
}

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_DigestFinal_ex(m_state->context.get(), digest.data(), &size) != 1) throw std::runtime_error("SHA-256 failed");
  std::string text;
  text.reserve(2 * size);
  for (unsigned i = 0; i < size; ++i) fmt::format_to(std::back_inserter(text), "{:02x}", digest[i]);
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

std::string sha256_of_file(const std::filesystem::path& path) { return sha256_of_files({&path, 1}, {}); }

std::string sha256_of_files(std::span<const std::filesystem::path> paths, const std::stop_token& stop) {
  Sha256 hash;
  std::vector<char> buffer(kBufferBytes);
  for (const std::filesystem::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw InputError(fmt::format("cannot read {}", path.string()), "check the name and the permissions");
    while (file) {
      if (stop.stop_requested()) return {};
      file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
      hash.update({buffer.data(), static_cast<std::size_t>(file.gcount())});
    }
    if (file.bad()) throw InputError(fmt::format("reading {} failed half way", path.string()));
  }
  return hash.hex();
}

}  // namespace yaan

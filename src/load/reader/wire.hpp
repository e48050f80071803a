#pragma once
// The bytes between a program and yaan-reader: both are of one build, so there is no version; numbers are in the order
// of the machine and every item starts at a multiple of 8. One description of each structure, `travel`, serves both
// directions.

#include <cstdint>
#include <cstring>
#include <deque>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace yaan {

/// The bytes are not what yaan-reader writes.
class CorruptAnswer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Collects what travels. Large arrays are not copied: what was packed must outlive the packer.
class Packer {
 public:
  static constexpr bool kUnpacks = false;

  template <class T>
  void fixed(T& value, std::uint64_t /*limit*/ = ~std::uint64_t{0}) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8);
    char bytes[8] = {};
    std::memcpy(bytes, &value, sizeof value);
    append({bytes, 8});
  }
  void text(std::string& value) { array(value.data(), value.size()); }
  void path_text(std::string& value) { text(value); }
  template <class T>
  void array(const T* items, std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::uint64_t stated = count;
    fixed(stated);
    append({reinterpret_cast<const char*>(items), count * sizeof(T)});
    append(std::string_view("\0\0\0\0\0\0\0", 7).substr(0, (8 - count * sizeof(T) % 8) % 8));
  }
  /// Of an array that nobody else keeps.
  template <class T>
  void keep_array(std::vector<T> items) {
    const std::string& kept =
        m_kept.emplace_back(reinterpret_cast<const char*>(items.data()), items.size() * sizeof(T));
    std::uint64_t stated = items.size();
    fixed(stated);
    append(kept);
    append(std::string_view("\0\0\0\0\0\0\0", 7).substr(0, (8 - kept.size() % 8) % 8));
  }
  template <class T, class Each>
  void list(std::vector<T>& items, Each&& each) {
    std::uint64_t count = items.size();
    fixed(count);
    for (T& item : items) each(item);
  }

  [[nodiscard]] const std::vector<std::string_view>& pieces();
  [[nodiscard]] std::string bytes();

 private:
  void append(std::string_view bytes);
  void close_small();

  std::string m_small;
  std::deque<std::string> m_kept;
  std::vector<std::string_view> m_pieces;
};

/// Takes them out again, trusting nothing: sizes stay within the bytes, texts are UTF-8, enumerations are in range.
/// Throws CorruptAnswer.
class Unpacker {
 public:
  static constexpr bool kUnpacks = true;

  /// The bytes start at a multiple of 8 and outlive the unpacker.
  explicit Unpacker(std::string_view bytes) : m_rest(bytes) {}

  /// `limit`: the largest value of an enumeration or a flag.
  template <class T>
  void fixed(T& value, std::uint64_t limit = ~std::uint64_t{0}) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8);
    const std::string_view bytes = take(8);
    std::uint64_t whole = 0;
    std::memcpy(&whole, bytes.data(), 8);
    if (limit != ~std::uint64_t{0} && whole > limit) throw CorruptAnswer("a value is out of its range");
    std::memcpy(&value, bytes.data(), sizeof value);
  }
  void text(std::string& value);
  void path_text(std::string& value);  ///< a path may be of any bytes: those that are not UTF-8 become U+FFFD
  void raw_text(std::string& value);   ///< as it is
  template <class T>
  std::span<const T> array() {
    std::uint64_t count = 0;
    fixed(count);
    if (count > m_rest.size() / sizeof(T)) throw CorruptAnswer("an array is longer than the answer");
    const std::string_view bytes = take(count * sizeof(T));
    take((8 - count * sizeof(T) % 8) % 8);
    return {reinterpret_cast<const T*>(bytes.data()), static_cast<std::size_t>(count)};
  }
  template <class T, class Each>
  void list(std::vector<T>& items, Each&& each) {
    std::uint64_t count = 0;
    fixed(count);
    if (count > m_rest.size() / 8) throw CorruptAnswer("a list is longer than the answer");
    items.clear();
    for (std::uint64_t i = 0; i < count; ++i) each(items.emplace_back());
  }
  void end() const {
    if (!m_rest.empty()) throw CorruptAnswer("bytes follow the answer");
  }

 private:
  std::string_view take(std::size_t bytes) {
    if (bytes > m_rest.size()) throw CorruptAnswer("the answer ends early");
    const std::string_view taken = m_rest.substr(0, bytes);
    m_rest.remove_prefix(bytes);
    return taken;
  }

  std::string_view m_rest;
};

}  // namespace yaan

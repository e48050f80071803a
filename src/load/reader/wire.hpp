#pragma once
// The bytes between a program and yaan-reader: both are of one build, so there is no version; numbers are in the order
// of the machine and every item takes a multiple of 8 bytes. One description of each structure, `travel`, serves both
// directions.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "yaan/core/memory_pages.hpp"

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

/// Where travelled bytes come from, front to back.
class ByteSource {
 public:
  ByteSource() = default;
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  /// Throws CorruptAnswer when they end before.
  virtual void read(char* to, std::size_t bytes) = 0;
  /// No more than this can follow.
  [[nodiscard]] virtual std::uint64_t most_left() const = 0;
  [[nodiscard]] virtual bool at_end() = 0;
};

/// Bytes in memory, which outlive it.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : m_rest(bytes) {}
  void read(char* to, std::size_t bytes) override;
  [[nodiscard]] std::uint64_t most_left() const override { return m_rest.size(); }
  [[nodiscard]] bool at_end() override { return m_rest.empty(); }

 private:
  std::string_view m_rest;
};

/// Takes them out again, trusting nothing: sizes stay within the bytes, texts are UTF-8, enumerations are in range.
/// Throws CorruptAnswer.
class Unpacker {
 public:
  static constexpr bool kUnpacks = true;

  explicit Unpacker(ByteSource& source) : m_source(source) {}

  /// `limit`: the largest value of an enumeration or a flag.
  template <class T>
  void fixed(T& value, std::uint64_t limit = ~std::uint64_t{0}) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8);
    char bytes[8];
    m_source.read(bytes, sizeof bytes);
    std::uint64_t whole = 0;
    std::memcpy(&whole, bytes, sizeof bytes);
    if (limit != ~std::uint64_t{0} && whole > limit) throw CorruptAnswer("a value is out of its range");
    std::memcpy(&value, bytes, sizeof value);
  }
  void text(std::string& value);
  void path_text(std::string& value);  ///< a path may be of any bytes: those that are not UTF-8 become U+FFFD
  void raw_text(std::string& value);   ///< as it is
  /// Into a vector or a string. A false count costs no more memory than the bytes that come.
  template <class Values>
  void array(Values& values) {
    constexpr std::size_t kItem = sizeof(values[0]);
    std::uint64_t count = 0;
    fixed(count);
    if (count > m_source.most_left() / kItem) throw CorruptAnswer("an array is longer than the answer");
    values.clear();
    reserve_in_huge_pages(values, count);
    while (values.size() < count) {
      const std::size_t had = values.size();
      const std::size_t more = std::min<std::size_t>(count - had, kPieceBytes / kItem);
      populate_next(values, more);
      values.resize(had + more);
      m_source.read(reinterpret_cast<char*>(values.data() + had), more * kItem);
    }
    char padding[8];
    m_source.read(padding, (8 - count * kItem % 8) % 8);
  }
  template <class T, class Each>
  void list(std::vector<T>& items, Each&& each) {
    std::uint64_t count = 0;
    fixed(count);
    if (count > m_source.most_left() / 8) throw CorruptAnswer("a list is longer than the answer");
    items.clear();
    for (std::uint64_t i = 0; i < count; ++i) each(items.emplace_back());
  }
  void end() const {
    if (!m_source.at_end()) throw CorruptAnswer("bytes follow the answer");
  }

 private:
  static constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

  ByteSource& m_source;
};

}  // namespace yaan

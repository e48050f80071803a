#pragma once
// POSIX calls of the writers, with errors as OutputError.

#include <filesystem>
#include <string>
#include <string_view>

namespace yaan {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : m_fd(fd) {}
  Descriptor(Descriptor&& other) noexcept : m_fd(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int get() const { return m_fd; }
  [[nodiscard]] bool open() const { return m_fd >= 0; }
  int release() {
    const int fd = m_fd;
    m_fd = -1;
    return fd;
  }

 private:
  int m_fd = -1;
};

/// Throws OutputError "cannot write WHAT: reason" for an errno, with advice where there is some.
[[noreturn]] void throw_write_error(const std::string& what, int error);

/// Writes all bytes, however many calls it takes. `what` is the file's name for the message.
void write_all(int fd, std::string_view bytes, const std::string& what);

/// Flushes file contents to the disk. File systems that cannot are accepted.
void flush_to_disk(int fd, const std::string& what);
/// Flushes the folder's entries, where the file system can; a failure is no longer the output's.
void flush_folder(const std::filesystem::path& folder);

enum class Rename { replace, no_replace, exchange };
/// 0 or an errno. `no_replace` gives EEXIST; `exchange` gives EINVAL or ENOSYS where the file system cannot.
int rename_file(const std::filesystem::path& from, const std::filesystem::path& to, Rename how);

}  // namespace yaan

#include "export/system_calls.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yaan/core/error.hpp"

namespace yaan {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (m_fd >= 0) ::close(m_fd);
    m_fd = other.release();
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (m_fd >= 0) ::close(m_fd);
}

void throw_write_error(const std::string& what, int error) {
  std::string reason;
  std::string advice;
  switch (error) {
    case ENOSPC:
      reason = "the disk is full";
      advice = "free some space or write to another disk";
      break;
    case EDQUOT:
      reason = "the disk quota is used up";
      advice = "free some space or write to another disk";
      break;
    case EFBIG: reason = "the file grows past the size limit"; break;
    case EACCES:
    case EPERM:
      reason = "permission denied";
      advice = "choose a folder that you may write to";
      break;
    case EROFS:
      reason = "the file system is read-only";
      advice = "choose a folder that you may write to";
      break;
    case ENAMETOOLONG: reason = "the name is too long"; break;
    case EPIPE: reason = "the reader has gone away"; break;
    default: reason = std::generic_category().message(error);
  }
  throw OutputError("cannot write " + what + ": " + reason, advice);
}

void write_all(int fd, std::string_view bytes, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t taken = ::write(fd, bytes.data(), bytes.size());
    if (taken < 0) {
      if (errno == EINTR) continue;
      throw_write_error(what, errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(taken));
  }
}

void flush_to_disk(int fd, const std::string& what) {
  // EINVAL and ENOTSUP: the file system has nothing to flush.
  while (::fsync(fd) != 0) {
    if (errno == EINTR) continue;
    if (errno == EINVAL || errno == ENOTSUP) return;
    throw_write_error(what, errno);
  }
}

void flush_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // The file is in place and its bytes are on the disk: a folder that cannot be flushed is no reason to call it failed.
  if (opened.open()) static_cast<void>(::fsync(opened.get()));
}

namespace {

int rename_without_renameat2(const std::filesystem::path& from, const std::filesystem::path& to) {
  // A hard link is the other call that never replaces.
  if (::link(from.c_str(), to.c_str()) == 0) return ::unlink(from.c_str()) == 0 ? 0 : errno;
  if (errno == EEXIST) return EEXIST;
  struct stat status {};
  if (::lstat(to.c_str(), &status) == 0) return EEXIST;
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

int rename_file(const std::filesystem::path& from, const std::filesystem::path& to, Rename how) {
  if (how == Rename::replace) return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
  const unsigned flags = how == Rename::exchange ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0) return 0;
  const int error = errno;
  if (how == Rename::no_replace && (error == EINVAL || error == ENOSYS)) return rename_without_renameat2(from, to);
  return error;
}

}  // namespace yaan

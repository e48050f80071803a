#include "yaan/export/whole_file.hpp"

#include <cerrno>
#include <random>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export/system_calls.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr std::size_t kLongestName = 255;

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

fs::path folder_of(const fs::path& target) {
  const fs::path parent = target.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

void check_folder(const fs::path& target) {
  const fs::path folder = folder_of(target);
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      throw OutputError("cannot write " + quoted(target) + ": the folder " + quoted(folder) + " does not exist",
                        "make it (mkdir -p " + folder.string() + ") or name another with --out");
    throw_write_error(quoted(target), errno);
  }
  if (!S_ISDIR(status.st_mode))
    throw OutputError("cannot write " + quoted(target) + ": " + quoted(folder) + " is not a folder",
                      "name a folder with --out");
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) throw_write_error(quoted(target), errno);
}

void check_not_an_input(const fs::path& target, const std::vector<fs::path>& inputs) {
  struct stat there {};
  if (::stat(target.c_str(), &there) != 0) return;
  for (const fs::path& input : inputs) {
    struct stat status {};
    if (::stat(input.c_str(), &status) == 0 && status.st_dev == there.st_dev && status.st_ino == there.st_ino)
      throw OutputError("the output " + quoted(target) + " is the input " + quoted(input),
                        "write to another file: inputs are never overwritten");
  }
}

std::string random_word() {
  static constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::random_device device;  // names only: nothing of it reaches an output
  std::string word;
  for (int i = 0; i < 12; ++i) word += kDigits[device() % 36];
  return word;
}

fs::path temporary_name(const fs::path& target) {
  // The extension stays last, because libraries choose the format by it.
  const std::string tail = ".yaan-" + random_word() + target.extension().string();
  std::string name = "." + target.filename().string() + tail;
  if (name.size() > kLongestName) name = tail;
  return folder_of(target) / name;
}

}  // namespace

void check_target(const fs::path& target, const WritePolicy& policy) {
  if (target.filename().empty() || target.filename() == "." || target.filename() == "..")
    throw OutputError("cannot write " + quoted(target) + ": it names a folder, not a file", "add a file name");
  struct stat status {};
  if (::stat(target.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
    throw OutputError("cannot write " + quoted(target) + ": it is a folder", "add a file name");
  check_folder(target);
  check_not_an_input(target, policy.inputs);
  if (::lstat(target.c_str(), &status) != 0) {
    if (errno == ENOENT) return;
    throw_write_error(quoted(target), errno);
  }
  if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
    throw OutputError("cannot write " + quoted(target) + ": it is a device, a pipe or a socket", "name a plain file");
  if (!policy.overwrite)
    throw OutputError("the output " + quoted(target) + " exists already",
                      "add --overwrite to replace it, or choose another name");
}

struct WholeFile::State {
  fs::path target;
  fs::path temporary;
  bool overwrite = false;
  Descriptor descriptor;
  std::string buffer;
  std::uint64_t written = 0;
  bool finished = false;

  State(const State&) = delete;
  State& operator=(const State&) = delete;
  State(fs::path path, bool replace) : target(std::move(path)), overwrite(replace) {}
  ~State() {
    // After the rename the name is free, or holds the file that was replaced: both are done with.
    if (!temporary.empty()) ::unlink(temporary.c_str());
  }

  void open() {
    for (;;) {
      const fs::path name = temporary_name(target);
      const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (fd >= 0) {
        descriptor = Descriptor(fd);
        temporary = name;
        return;
      }
      if (errno != EEXIST && errno != EINTR) throw_write_error(quoted(target), errno);
    }
  }

  void flush_buffer() {
    write_all(descriptor.get(), buffer, quoted(target));
    buffer.clear();
  }

  void put_in_place() {
    const int error = rename_file(temporary, target, overwrite ? Rename::replace : Rename::no_replace);
    if (error == EEXIST)
      throw OutputError("the output " + quoted(target) + " exists already: it appeared while the run was under way",
                        "add --overwrite to replace it, or choose another name");
    if (error != 0) throw_write_error(quoted(target), error);
  }
};

WholeFile::WholeFile(fs::path target, const WritePolicy& policy) {
  check_target(target, policy);
  m_state = std::make_unique<State>(std::move(target), policy.overwrite);
  m_state->open();
}

WholeFile::WholeFile(WholeFile&& other) noexcept : m_state(std::move(other.m_state)) {}
WholeFile& WholeFile::operator=(WholeFile&& other) noexcept {
  m_state = std::move(other.m_state);
  return *this;
}
WholeFile::~WholeFile() = default;

void WholeFile::write(std::string_view bytes) {
  m_state->written += bytes.size();
  if (m_state->buffer.size() + bytes.size() > kBufferBytes) m_state->flush_buffer();
  if (bytes.size() >= kBufferBytes)
    write_all(m_state->descriptor.get(), bytes, quoted(m_state->target));
  else
    m_state->buffer.append(bytes);
}

const fs::path& WholeFile::target() const { return m_state->target; }
const fs::path& WholeFile::temporary() const { return m_state->temporary; }
std::uint64_t WholeFile::bytes_written() const { return m_state->written; }
bool WholeFile::finished() const { return m_state->finished; }

void WholeFile::finish(const CountBack& count_back) {
  State& state = *m_state;
  state.flush_buffer();
  // By name, because a library may have replaced the file that was opened here.
  const Descriptor written(::open(state.temporary.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!written.open()) throw_write_error(quoted(state.target), errno);
  flush_to_disk(written.get(), quoted(state.target));
  struct stat status {};
  if (::fstat(written.get(), &status) != 0) throw_write_error(quoted(state.target), errno);
  if (state.written != 0 && static_cast<std::uint64_t>(status.st_size) != state.written)
    throw OutputError("cannot write " + quoted(state.target) + ": " + std::to_string(status.st_size) + " of " +
                      std::to_string(state.written) + " bytes arrived on the disk");
  if (count_back) count_back(state.temporary);
  state.descriptor = Descriptor();
  state.finished = true;
}

void WholeFile::commit(const CountBack& count_back) {
  if (!m_state->finished) finish(count_back);
  m_state->put_in_place();
  flush_folder(folder_of(m_state->target));
}

}  // namespace yaan

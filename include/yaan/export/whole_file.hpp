#pragma once
// Files that land whole or not at all. Bytes go to a temporary file with a hidden name in the target's folder; every
// write is checked; the file is flushed to disk, counted back, and only then renamed to its target. Until then nothing
// of the target changes, and the temporary is removed on every exception, Cancelled among them.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "yaan/export/byte_sink.hpp"

namespace yaan {

struct WritePolicy {
  bool overwrite = false;                     ///< replace an existing file
  std::vector<std::filesystem::path> inputs;  ///< files of this run: an output may not be one of them, by any name
};

/// Throws OutputError when `target` may not be written: it exists (without overwrite), it is one of the inputs (the
/// same file by another path, a symbolic or a hard link counts), it is a folder or a device, or its folder does not
/// exist. Call it for all outputs before a long computation; WholeFile checks again.
void check_target(const std::filesystem::path& target, const WritePolicy& policy);

/// Opens the finished temporary and throws OutputError when it does not hold what was meant to be written.
using CountBack = std::function<void(const std::filesystem::path& written)>;

/// One output. Move-only; destroyed without commit() it leaves nothing.
/// A target that is a symbolic link is replaced itself: the file behind the link is never touched.
class WholeFile : public ByteSink {
 public:
  /// Checks the target (see check_target) and makes the temporary; its mode follows the umask.
  explicit WholeFile(std::filesystem::path target, const WritePolicy& policy = {});
  WholeFile(WholeFile&&) noexcept;
  WholeFile& operator=(WholeFile&&) noexcept;
  ~WholeFile() override;

  /// Buffered. Throws OutputError on a full disk and on any other failed write.
  void write(std::string_view bytes) override;

  [[nodiscard]] const std::filesystem::path& target() const;
  /// The temporary, with the target's extension, for a library that opens and writes the file itself. Do not mix with
  /// write(). The library's own errors must be checked by the caller before finish().
  [[nodiscard]] const std::filesystem::path& temporary() const;
  /// Bytes taken by write() so far.
  [[nodiscard]] std::uint64_t bytes_written() const;

  /// Flushes to disk, checks the size against the bytes written and runs `count_back`. No write() afterwards.
  void finish(const CountBack& count_back = {});
  [[nodiscard]] bool finished() const;
  /// finish() where it was not called, then the rename, then the folder is flushed. Without overwrite an existing
  /// target is never replaced, even if it appeared in the meantime.
  void commit(const CountBack& count_back = {});

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

/// The outputs of one run, which appear together: all are finished before the first is renamed. When a rename fails,
/// those already done are taken back, so that the folder is as before the run.
class WholeSet {
 public:
  explicit WholeSet(WritePolicy policy = {});
  WholeSet(WholeSet&&) noexcept = default;
  WholeSet& operator=(WholeSet&&) noexcept = default;
  /// Throws OutputError as WholeFile does, and when two outputs of the set share a target. The reference stays good.
  WholeFile& add(const std::filesystem::path& target);
  [[nodiscard]] const WritePolicy& policy() const { return m_policy; }
  [[nodiscard]] std::size_t size() const { return m_files.size(); }
  [[nodiscard]] std::vector<std::filesystem::path> targets() const;
  /// Finishes every file that is not finished yet, then renames all.
  void commit();

 private:
  WritePolicy m_policy;
  std::vector<std::unique_ptr<WholeFile>> m_files;  // pointers: references handed out stay good
};

}  // namespace yaan

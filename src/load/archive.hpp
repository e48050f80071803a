#pragma once
// A zip archive of layers: what of it can be read, and one layer at a time unpacked into memory.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "load/file_format.hpp"
#include "yaan/core/diagnostics.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

/// One archive, opened for reading. Files only: other entries are set aside with a count, and an archive whose entries
/// would land outside of a folder, or twice at one place, is refused whole. Nothing is written anywhere.
class Archive {
 public:
  /// A file in it that holds layers.
  struct Member {
    std::string name;   ///< its place within the archive, folders separated by /
    std::string label;  ///< what --layer calls it: its stem, or the whole name where two have the same stem
    FileFormat format = FileFormat::csv;
  };

  /// `shown` is how messages call the archive. Throws InputError when it is no zip, damaged, beyond a bound, made to
  /// do harm, or when it holds nothing that can be read.
  Archive(const std::filesystem::path& file, std::string shown, const ReadOptions& options);
  ~Archive();
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  /// Those on offer, by name: the files of geographic formats, else the tables, else the plain texts. Of a KMZ its
  /// document.
  [[nodiscard]] const std::vector<Member>& members() const { return m_members; }

  struct Choice {
    Member member;
    std::string layer;  ///< within the member; "" where none was asked for
  };
  /// By the text of --layer: a label, a label/LAYER, or a layer of the only member. Throws UsageError that lists the
  /// labels when there are several and none is named.
  [[nodiscard]] Choice choose(const std::string& layer) const;

  /// The path in memory of the member, with the parts of a Shapefile beside it; what was unpacked before is gone.
  /// Throws InputError when a part is damaged, beyond a bound or not as long as the archive says, Cancelled.
  std::filesystem::path unpack(const Member& member, Progress& progress);

  /// How messages call the member.
  [[nodiscard]] std::string shown(const Member& member) const { return m_shown + "/" + member.name; }
  /// What was set aside.
  [[nodiscard]] const Diagnostics& diagnostics() const { return m_diagnostics; }
  /// Says which files beside the member were not read.
  void note_others(const Member& member, Diagnostics& diagnostics) const;

 private:
  struct Entry;
  struct Handle;
  struct Part {
    const Entry* entry = nullptr;
    std::string file;  // its name in memory
  };
  void list_entries();
  void set_aside(const std::string& code, const std::string& what, const std::string& name);
  bool is_plain(const Entry& entry);
  void choose_members();
  [[noreturn]] void throw_without_members() const;
  [[nodiscard]] std::vector<Part> parts_of(const Member& member) const;
  void check_sizes(const std::vector<Part>& parts) const;
  void unpack_entry(const Entry& entry, const std::string& place, Progress& progress);
  void forget_unpacked();

  std::string m_shown;
  std::string m_where;
  ReadOptions m_options;
  std::unique_ptr<Handle> m_handle;
  std::vector<Entry> m_entries;  // plain files
  std::vector<Member> m_readable;
  std::vector<Member> m_members;  // of m_readable, those on offer
  std::vector<std::string> m_unpacked;
  Diagnostics m_diagnostics;
};

}  // namespace yaan

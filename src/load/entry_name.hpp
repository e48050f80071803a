#pragma once
// What the name of an archive's entry tells about it.

#include <string>
#include <string_view>

namespace yaan {

enum class EntryName {
  plain,
  folder,    ///< ends with /
  leftover,  ///< of a system's file manager: __MACOSX, .DS_Store, Thumbs.db, desktop.ini, ._x
  outside,   ///< absolute, or with a part .. : it would land outside of the folder
  unusual    ///< backslashes, control characters, empty parts, parts beyond 255 bytes
};
EntryName kind_of_entry(std::string_view name);

/// An archive or a packed file by its extension, XLSX apart.
bool is_packed_name(std::string_view name);

/// A file that a program keeps beside another one and that holds no layer: an index, a style, metadata.
bool is_side_file(std::string_view name);

/// ASCII letters made small.
std::string lower_ascii(std::string_view text);

}  // namespace yaan

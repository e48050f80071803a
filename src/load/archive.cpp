#include "load/archive.hpp"

#include <cpl_vsi.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <zip.h>

#include <algorithm>
#include <map>
#include <new>
#include <set>

#include "load/entry_name.hpp"
#include "load/input_file.hpp"
#include "load/text_encoding.hpp"
#include "load/unknown_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace fs = std::filesystem;

struct Archive::Entry {
  std::string name;
  zip_uint64_t index = 0;
  std::uint64_t size = 0;    // as the archive says
  std::uint64_t packed = 0;  // bytes within the archive
};

struct Archive::Handle {
  explicit Handle(zip_t* opened) : zip(opened) {}
  ~Handle() { zip_discard(zip); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  zip_t* zip;
};

namespace {

constexpr const char* kDamaged = "get the file again from where it came";

std::string number(std::uint64_t value) { return with_thousands(static_cast<std::int64_t>(value)); }

zip_t* open_zip(const fs::path& file, const std::string& shown) {
  int code = 0;
  zip_t* opened = zip_open(file.c_str(), ZIP_RDONLY, &code);
  if (opened != nullptr) return opened;
  if (code == ZIP_ER_MEMORY) throw std::bad_alloc();
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string reason = zip_error_strerror(&error);
  zip_error_fini(&error);
  if (code == ZIP_ER_NOZIP)
    throw InputError(fmt::format("{} is cut short or damaged: the directory at its end is missing", shown), kDamaged);
  throw InputError(fmt::format("{} cannot be read as a zip archive: {}", shown, reason), kDamaged);
}

// Names without the flag for UTF-8 come from programs of Windows, in the code page of their country.
std::vector<std::string> entry_names(zip_t* zip, std::size_t count) {
  std::vector<std::string> names(count);
  std::string all;
  for (std::size_t i = 0; i < count; ++i) {
    const char* raw = zip_get_name(zip, i, ZIP_FL_ENC_RAW);
    names[i] = raw == nullptr ? "" : raw;
    if (!is_utf8(names[i])) all += names[i] + "\n";
  }
  const bool thai = !all.empty() && guess_legacy_encoding(all) == TextEncoding::windows_874;
  for (std::size_t i = 0; i < count; ++i) {
    if (is_utf8(names[i])) continue;
    const char* western = thai ? nullptr : zip_get_name(zip, i, ZIP_FL_ENC_CP437);
    names[i] = western != nullptr ? western : to_utf8(names[i], TextEncoding::windows_874);
  }
  return names;
}

// The kind of file that systems like Unix note; 0 where none did.
mode_t unix_kind(zip_t* zip, std::size_t index) {
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  if (zip_file_get_external_attributes(zip, index, 0, &system, &attributes) != 0) return 0;
  const bool like_unix = system == ZIP_OPSYS_UNIX || system == ZIP_OPSYS_OS_X;
  return like_unix ? static_cast<mode_t>(attributes >> 16U) & static_cast<mode_t>(S_IFMT) : 0;
}

std::string folder_of(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string::npos ? std::string() : name.substr(0, slash + 1);
}

std::string without_extension(const std::string& name) { return fs::path(name).replace_extension().string(); }

std::string stem_of(const std::string& name) { return fs::path(name).stem().string(); }

// Which files are the layers where several could be: 0 wins over 1.
int rank_of(const Archive::Member& member) {
  const std::string name = lower_ascii(member.name);
  if (name.ends_with(".txt")) return 3;
  if (member.format == FileFormat::csv || member.format == FileFormat::xlsx || member.format == FileFormat::dbf)
    return 2;
  return name.ends_with(".json") ? 1 : 0;
}

}  // namespace

Archive::Archive(const fs::path& file, std::string shown, const ReadOptions& options)
    : m_shown(std::move(shown)),
      m_where(fs::path(m_shown).filename().string()),
      m_options(options),
      m_handle(std::make_unique<Handle>(open_zip(file, m_shown))) {
  list_entries();
  std::uint64_t packed = 0;
  for (const Entry& entry : m_entries) packed += std::min(entry.packed, fs::file_size(file) + 1);
  if (packed > fs::file_size(file))
    throw InputError(fmt::format("{} holds entries that lie over one another, as no plain program makes them", m_shown),
                     "it may be made to do harm; ask whoever sent it");
  choose_members();
}

Archive::~Archive() { forget_unpacked(); }

void Archive::set_aside(const std::string& code, const std::string& what, const std::string& name) {
  m_diagnostics.add(Severity::skipped, code, m_where, fmt::format("{} in the archive were set aside", what), 1, name);
}

bool Archive::is_plain(const Entry& entry) {
  switch (kind_of_entry(entry.name)) {
    case EntryName::outside:
      throw InputError(fmt::format("{} holds an entry that would land outside of its folder: {}", m_shown, entry.name),
                       "it may be made to do harm; ask whoever sent it");
    case EntryName::folder: return false;
    case EntryName::leftover:
      m_diagnostics.add(Severity::note, "archive-leftovers", m_where,
                        "files that a system's file manager left in the archive were ignored", 1, entry.name);
      return false;
    case EntryName::unusual:
      set_aside("unusual-entry-name",
                "entries with backslashes or other signs in their names that no plain archive has", entry.name);
      return false;
    case EntryName::plain: break;
  }
  const mode_t kind = unix_kind(m_handle->zip, entry.index);
  if (kind == S_IFDIR) return false;
  if (kind != 0 && kind != S_IFREG) {
    set_aside("linked-entry", "symbolic links and other entries that are no plain files", entry.name);
    return false;
  }
  return true;
}

void Archive::list_entries() {
  zip_t* zip = m_handle->zip;
  const auto count = static_cast<std::size_t>(std::max<zip_int64_t>(0, zip_get_num_entries(zip, 0)));
  if (count == 0) throw InputError(fmt::format("{} is an empty archive", m_shown), kDamaged);
  if (count > m_options.max_entries)
    throw InputError(fmt::format("{} holds {} entries, more than the bound of {}", m_shown, number(count),
                                 number(m_options.max_entries)),
                     "raise max_entries if the file is trusted");
  std::vector<std::string> names = entry_names(zip, count);
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < count; ++i) {
    if (!seen.insert(names[i]).second)
      throw InputError(fmt::format("{} holds two entries of the name {}", m_shown, names[i]),
                       "it may be made to do harm; unpack it, keep the right one, and read the folder");
    if (names[i] == "[Content_Types].xml")
      throw InputError(fmt::format("{} is named like a zip archive, but its content looks like a spreadsheet (XLSX) or "
                                   "another Office document",
                                   m_shown),
                       fmt::format("rename it to {}.xlsx", stem_of(m_shown)));
    zip_stat_t status;
    zip_stat_init(&status);
    constexpr zip_uint64_t kNeeded =
        ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(zip, i, 0, &status) != 0 || (status.valid & kNeeded) != kNeeded)
      throw InputError(fmt::format("{} is damaged: its directory does not describe {}", m_shown, names[i]), kDamaged);
    Entry entry{names[i], i, status.size, status.comp_size};
    if (!is_plain(entry)) continue;
    if (status.encryption_method != ZIP_EM_NONE) {
      set_aside("encrypted-entry", "files under a password", entry.name);
    } else if (status.comp_method != ZIP_CM_STORE && status.comp_method != ZIP_CM_DEFLATE) {
      set_aside("unknown-compression", "files that are packed by another method than deflate", entry.name);
    } else if (is_packed_name(entry.name)) {
      set_aside("nested-archive", "archives", entry.name);
    } else {
      m_entries.push_back(std::move(entry));
    }
  }
}

void Archive::choose_members() {
  std::set<std::string> shapefiles;  // without their extensions
  for (const Entry& entry : m_entries)
    if (format_by_name(entry.name) == FileFormat::shapefile)
      shapefiles.insert(lower_ascii(without_extension(entry.name)));
  for (const Entry& entry : m_entries)
    if (const auto format = format_by_name(entry.name);
        format && format != FileFormat::geotiff && !is_side_file(entry.name) &&
        !(format == FileFormat::dbf && shapefiles.contains(lower_ascii(without_extension(entry.name)))))
      m_readable.push_back({entry.name, stem_of(entry.name), *format});
  if (m_readable.empty()) throw_without_members();
  std::sort(m_readable.begin(), m_readable.end(), [](const Member& a, const Member& b) { return a.name < b.name; });
  int best = 3;
  for (const Member& member : m_readable) best = std::min(best, rank_of(member));
  std::map<std::string, int> stems;
  bool only_kml = true;
  for (const Member& member : m_readable) {
    if (rank_of(member) != best) continue;
    m_members.push_back(member);
    ++stems[member.label];
    only_kml = only_kml && member.format == FileFormat::kml;
  }
  // A KMZ's document is doc.kml; what else of KML is in it belongs to network links.
  const auto document = std::find_if(m_members.begin(), m_members.end(),
                                     [](const Member& member) { return lower_ascii(member.name) == "doc.kml"; });
  if (only_kml && document != m_members.end()) m_members = std::vector<Member>{*document};
  if (m_members.size() == 1) return;
  for (Member& member : m_members)
    if (stems[member.label] > 1) member.label = member.name;
}

void Archive::throw_without_members() const {
  std::string reasons;
  for (const Diagnostic& entry : m_diagnostics.entries())
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", entry.count, entry.code);
  if (!m_entries.empty())
    reasons += fmt::format("{}{} of other kinds, such as {}", reasons.empty() ? "" : ", ", m_entries.size(),
                           m_entries.front().name);
  const bool encrypted = m_diagnostics.count("encrypted-entry") > 0;
  throw InputError(
      fmt::format("{} holds no file that can be read{}{}", m_shown, reasons.empty() ? "" : ": ", reasons),
      encrypted
          ? "unpack it with its password and read the files"
          : "a zip may hold a Shapefile with all its parts, or GeoJSON, GeoPackage, FlatGeobuf, KML, CSV, XLSX or OSM");
}

Archive::Choice Archive::choose(const std::string& layer) const {
  std::vector<std::string> labels;
  for (const Member& member : m_members) labels.push_back(member.label);
  if (layer.empty()) {
    if (m_members.size() == 1) return {m_members.front(), {}};
    throw UsageError(fmt::format("{} holds {} layers", m_shown, m_members.size()),
                     fmt::format("name one with --layer: {}", fmt::join(labels, ", ")));
  }
  for (const auto* members : {&m_members, &m_readable})
    for (const Member& member : *members)
      if (layer == member.name) return {member, {}};
  if (m_members.size() == 1) return {m_members.front(), layer};
  for (const Member& member : m_members) {
    if (layer == member.label) return {member, {}};
    for (const std::string& start : {member.name + "/", member.label + "/"})
      if (layer.starts_with(start)) return {member, layer.substr(start.size())};
  }
  throw unknown_name(m_shown, "layer", layer, labels);
}

std::vector<Archive::Part> Archive::parts_of(const Member& member) const {
  const std::string folder = folder_of(member.name);
  const std::string stem = stem_of(member.name);
  std::vector<Part> parts;
  if (member.format != FileFormat::shapefile) {
    for (const Entry& entry : m_entries)
      if (entry.name == member.name) parts.push_back({&entry, member.name.substr(folder.size())});
    return parts;
  }
  for (const std::string_view extension : {".shp", ".shx", ".dbf", ".prj", ".cpg"}) {
    const Entry* found = nullptr;
    // Windows made no difference between Roads.shp and ROADS.DBF.
    for (const Entry& entry : m_entries) {
      if (folder_of(entry.name) != folder) continue;
      const std::string file = entry.name.substr(folder.size());
      if (lower_ascii(file) != lower_ascii(stem) + std::string(extension)) continue;
      if (found == nullptr || stem_of(entry.name) == stem) found = &entry;
    }
    if (found != nullptr) parts.push_back({found, stem + std::string(extension)});
  }
  return parts;
}

void Archive::check_sizes(const std::vector<Part>& parts) const {
  constexpr std::uint64_t kOfNoConcern = std::uint64_t{64} << 20;
  std::uint64_t total = 0;
  for (const Part& part : parts) {
    const Entry& entry = *part.entry;
    const auto most = std::max<std::uint64_t>(entry.packed, 1) * static_cast<std::uint64_t>(m_options.max_compression);
    total += std::min(entry.size, m_options.max_unpacked_bytes + 1);
    if (total <= m_options.max_unpacked_bytes && (entry.size <= kOfNoConcern || entry.size <= most)) continue;
    if (total > m_options.max_unpacked_bytes)
      throw InputError(fmt::format("{}/{} unpacks to {} bytes, more than the bound of {}", m_shown, entry.name,
                                   number(entry.size), number(m_options.max_unpacked_bytes)),
                       "raise max_unpacked_bytes if the file is trusted");
    throw InputError(fmt::format("{}/{} unpacks to {} bytes from {}, more than {} times as many", m_shown, entry.name,
                                 number(entry.size), number(entry.packed), m_options.max_compression),
                     "it may be made to do harm; raise max_compression if the file is trusted");
  }
}

fs::path Archive::unpack(const Member& member, Progress& progress) {
  forget_unpacked();
  const std::vector<Part> parts = parts_of(member);
  check_sizes(parts);
  for (const Part& part : parts) unpack_entry(*part.entry, fmt::format("{}/{}", kMemoryRoot, part.file), progress);
  if (m_unpacked.empty() || parts.front().entry->size == 0)
    throw InputError(fmt::format("{} is empty (0 bytes)", shown(member)), kDamaged);
  return m_unpacked.front();
}

void Archive::unpack_entry(const Entry& entry, const std::string& place, Progress& progress) {
  constexpr std::uint64_t kChunk = std::uint64_t{1} << 20;
  const std::string stage = fmt::format("unpacking {}", entry.name);
  const auto damaged = [&](const std::string& why) {
    return InputError(fmt::format("{}/{} is damaged: {}", m_shown, entry.name, why), kDamaged);
  };
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen_index(m_handle->zip, entry.index, 0),
                                                               &zip_fclose);
  if (!file) throw damaged(zip_strerror(m_handle->zip));
  std::unique_ptr<GByte, void (*)(void*)> bytes(static_cast<GByte*>(VSIMalloc(entry.size + 1)), &VSIFree);
  if (!bytes) throw std::bad_alloc();
  std::uint64_t done = 0;
  // One byte more than stated: whether the stream ends there, and as its checksum says, is known only behind its end.
  while (true) {
    progress.throw_if_cancelled();
    progress.report(stage, static_cast<double>(done) / static_cast<double>(entry.size + 1));
    const zip_int64_t got = zip_fread(file.get(), bytes.get() + done, std::min(kChunk, entry.size + 1 - done));
    if (got < 0) throw damaged(zip_file_strerror(file.get()));
    if (got == 0) break;
    done += static_cast<std::uint64_t>(got);
    if (done > entry.size)
      throw damaged(fmt::format("it holds more than the {} bytes that the archive states", number(entry.size)));
  }
  if (done < entry.size)
    throw damaged(fmt::format("it holds {} of the {} bytes that the archive states", number(done), number(entry.size)));
  if (done == 0) return;
  VSILFILE* kept = VSIFileFromMemBuffer(place.c_str(), bytes.get(), done, TRUE);
  if (kept == nullptr) throw std::bad_alloc();
  (void)bytes.release();  // GDAL's from here on
  VSIFCloseL(kept);
  m_unpacked.push_back(place);
}

void Archive::forget_unpacked() {
  for (const std::string& place : m_unpacked) VSIUnlink(place.c_str());
  m_unpacked.clear();
}

void Archive::note_others(const Member& member, Diagnostics& diagnostics) const {
  const std::vector<Part> parts = parts_of(member);
  const std::string stem = folder_of(member.name) + stem_of(member.name) + ".";
  for (const Entry& entry : m_entries) {
    const bool part = std::any_of(parts.begin(), parts.end(), [&](const Part& p) { return p.entry == &entry; });
    if (!part && !(is_side_file(entry.name) && lower_ascii(entry.name).starts_with(lower_ascii(stem))))
      diagnostics.add(Severity::note, "other-entries", m_where, "other files of the archive were not read", 1,
                      entry.name);
  }
}

}  // namespace yaan

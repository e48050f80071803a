// Layers of several files, one below the other.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "load/any_left.hpp"
#include "load/raw_layer.hpp"
#include "yaan/core/error.hpp"
#include "yaan/load/file_set.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFileColumn = "source_file";

/// One file among several: its own fraction is a part of the whole.
class PartProgress : public Progress {
 public:
  PartProgress(Progress& whole, std::size_t part, std::size_t parts)
      : m_whole(whole), m_part(static_cast<double>(part)), m_parts(static_cast<double>(parts)) {}
  void report(std::string_view stage, double fraction) override {
    m_whole.report(stage, (m_part + fraction) / m_parts);
  }
  [[nodiscard]] bool cancelled() const override { return m_whole.cancelled(); }

 private:
  Progress& m_whole;
  double m_part;
  double m_parts;
};

struct ReadFile {
  std::string name;
  Layer layer;
};

bool is_exact(const std::vector<std::int64_t>& values) {
  constexpr std::int64_t kMost = std::int64_t{1} << 53;
  return std::all_of(values.begin(), values.end(), [](std::int64_t v) { return v >= -kMost && v <= kMost; });
}

bool says_nothing(const Column& column) { return column.null_count() == column.size(); }

// A type that holds the values of all files without loss.
ColumnType common_type(const std::vector<const Column*>& columns) {
  std::set<ColumnType> types;
  bool exact = true;
  for (const Column* column : columns) {
    if (column == nullptr || says_nothing(*column)) continue;
    types.insert(column->type());
    if (column->type() == ColumnType::integer) exact = exact && is_exact(column->integers());
  }
  if (types.size() == 1) return *types.begin();
  if (types.empty()) {
    const auto any = std::find_if(columns.begin(), columns.end(), [](const Column* c) { return c != nullptr; });
    return (*any)->type();
  }
  if (exact && types == std::set{ColumnType::integer, ColumnType::real}) return ColumnType::real;
  return ColumnType::text;
}

void append(const Column& from, Column& to) {
  const ColumnType type = to.type();
  for (std::size_t row = 0; row < from.size(); ++row) {
    if (from.is_null(row)) {
      to.push_null();
    } else if (type == ColumnType::text && from.type() != ColumnType::text) {
      to.push(std::string_view(from.display(row)));
    } else if (type == ColumnType::real && from.type() == ColumnType::integer) {
      to.push(static_cast<double>(from.integers()[row]));
    } else if (type == ColumnType::text) {
      to.push(from.texts()[row]);
    } else {
      std::visit(
          [&](const auto& values) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(values)>, StringValues>) to.push(values[row]);
          },
          from.values());
    }
  }
}

void say_mixed(const std::vector<ReadFile>& files, const std::vector<const Column*>& columns, ColumnType type,
               const std::string& where, Diagnostics& diagnostics) {
  std::string types;
  std::set<ColumnType> said;
  for (std::size_t f = 0; f < files.size(); ++f)
    if (columns[f] != nullptr && !says_nothing(*columns[f]) && said.insert(columns[f]->type()).second)
      types += fmt::format("{}{} in {}", types.empty() ? "" : ", ", to_string(columns[f]->type()), files[f].name);
  if (said.size() < 2) return;
  const std::string& name = (*std::find_if(columns.begin(), columns.end(), [](auto* c) { return c != nullptr; }))->name;
  diagnostics.add(Severity::note, "mixed-types", where,
                  fmt::format("the column {} is {}; it became {}", name, types, to_string(type)));
}

// Unit and words from the first file that has the column.
void take_meaning(const std::vector<const Column*>& columns, const std::string& where, Column& joined,
                  Diagnostics& diagnostics) {
  bool first = true;
  for (const Column* column : columns) {
    if (column == nullptr || says_nothing(*column)) continue;
    if (first) {
      joined.unit = column->unit;
      joined.title = column->title;
      joined.help = column->help;
    } else if (column->unit != joined.unit) {
      diagnostics.add(Severity::doubt, "mixed-units", where, "columns have another unit in another file", 1,
                      joined.name);
    }
    first = false;
  }
}

void join_column(std::vector<ReadFile>& files, const std::string& name, const std::string& where, Layer& layer,
                 Diagnostics& diagnostics) {
  std::vector<const Column*> columns;
  columns.reserve(files.size());
  for (const ReadFile& file : files) columns.push_back(file.layer.find(name));
  Column joined(name, common_type(columns));
  take_meaning(columns, where, joined, diagnostics);
  say_mixed(files, columns, joined.type(), where, diagnostics);
  for (std::size_t f = 0; f < files.size(); ++f) {
    if (columns[f] != nullptr && !says_nothing(*columns[f])) {
      append(*columns[f], joined);
      continue;
    }
    for (std::size_t row = 0; row < files[f].layer.size(); ++row) joined.push_null();
    if (columns[f] == nullptr && files[f].layer.size() > 0)
      diagnostics.add(Severity::note, "missing-column", where, "columns that a file lacks are empty in its rows", 1,
                      fmt::format("{} in {}", name, files[f].name));
  }
  layer.columns.push_back(std::move(joined));
  for (ReadFile& file : files) std::erase_if(file.layer.columns, [&](const Column& c) { return c.name == name; });
}

void append(const Geometry& from, Geometry& to) {
  const auto add = [](const std::vector<std::uint64_t>& offsets, std::uint64_t base, std::vector<std::uint64_t>& all) {
    for (std::size_t i = 1; i < offsets.size(); ++i) all.push_back(base + offsets[i]);
  };
  const std::uint64_t vertices = to.x.size();
  const std::uint64_t rings = to.ring_vertices.empty() ? 0 : to.ring_vertices.size() - 1;
  const std::uint64_t parts = to.part_rings.empty() ? rings : to.part_rings.size() - 1;
  to.x.insert(to.x.end(), from.x.begin(), from.x.end());
  to.y.insert(to.y.end(), from.y.begin(), from.y.end());
  add(from.ring_vertices, vertices, to.ring_vertices);
  add(from.part_rings, rings, to.part_rings);
  add(from.feature_parts, parts, to.feature_parts);
  to.rows += from.rows;
}

void check_kinds(const std::vector<ReadFile>& files, const std::string& name) {
  std::map<GeometryKind, std::string> kinds;
  for (const ReadFile& file : files)
    if (file.layer.size() > 0) kinds.emplace(file.layer.geometry.kind, file.name);
  if (kinds.size() < 2) return;
  std::string said;
  for (const auto& [kind, file] : kinds)
    said += fmt::format("{}{} in {}", said.empty() ? "" : ", ",
                        kind == GeometryKind::none ? "a table" : fmt::format("{}s", to_string(kind)), file);
  throw InputError(fmt::format("the files of {} do not hold one kind of geometry: {}", name, said),
                   "read them as layers of their own, or choose some by a pattern, such as sites*.csv");
}

// All geometries, in the system of the first file that has features.
void join_geometry(std::vector<ReadFile>& files, Layer& layer, Diagnostics& diagnostics) {
  const ReadFile* first = nullptr;
  for (ReadFile& file : files) {
    if (file.layer.size() == 0) continue;
    if (first == nullptr) {
      first = &file;
      layer.crs = file.layer.crs;
      layer.geometry.kind = file.layer.geometry.kind;
      if (layer.geometry.kind == GeometryKind::line || layer.geometry.kind == GeometryKind::polygon)
        layer.geometry = Geometry::empty(layer.geometry.kind);
    } else if (layer.geometry.kind != GeometryKind::none && !file.layer.crs.same_as(layer.crs)) {
      diagnostics.add(Severity::note, "reprojected-file", file.name,
                      fmt::format("positions were taken from {} to {}, the system of {}", file.layer.crs.name(),
                                  layer.crs.name(), first->name),
                      static_cast<std::int64_t>(file.layer.size()));
      file.layer.geometry = reprojected(file.layer, layer.crs).geometry;
    }
    append(file.layer.geometry, layer.geometry);
  }
  if (first == nullptr && !files.empty()) layer.crs = files.front().layer.crs;
}

// One column for the years of all files: a file whose own column holds years of the common era has no second one.
void join_years(std::vector<ReadFile>& files, Layer& layer) {
  for (const ReadFile& file : files)
    if (layer.roles.year.empty() || file.layer.roles.year == "year_ce") {
      if (!file.layer.roles.year.empty()) layer.roles.year = file.layer.roles.year;
    }
  for (ReadFile& file : files) {
    const std::string& own = file.layer.roles.year;
    if (own.empty() || own == layer.roles.year || file.layer.find(layer.roles.year) != nullptr) continue;
    Column copy = file.layer.column(own);
    copy.name = layer.roles.year;
    file.layer.columns.push_back(std::move(copy));
  }
}

void add_file_column(const std::vector<ReadFile>& files, Layer& layer) {
  std::string name = kFileColumn;
  for (int n = 2; layer.find(name) != nullptr; ++n) name = fmt::format("{}_{}", kFileColumn, n);
  Column column(name, ColumnType::text);
  column.help = "The file that the row is from.";
  column.reserve(layer.size());
  for (const ReadFile& file : files)
    for (std::size_t row = 0; row < file.layer.size(); ++row) column.push(file.name);
  layer.columns.push_back(std::move(column));
}

// Rows of two files may share a number or an id: those that notes name, and those that were placed, have the file
// before it.
std::string file_prefix(const fs::path& file) { return file.filename().string() + '/'; }

// Whether anything is left is judged of all files together.
ReadOptions options_for_one(const fs::path& file, const ReadOptions& options) {
  ReadOptions own = options;
  own.may_be_empty = true;
  own.placed_rows.clear();
  const std::string prefix = file_prefix(file);
  for (const PlacedRow& row : options.placed_rows)
    if (row.id.starts_with(prefix)) own.placed_rows.push_back({row.id.substr(prefix.size()), row.x, row.y});
  return own;
}

void doubt_repeated_ids(const Layer& layer, const std::string& id_column, const std::string& where,
                        Diagnostics& diagnostics) {
  const Column* ids = layer.find(id_column.empty() ? std::string_view("id") : std::string_view(id_column));
  if (ids == nullptr) return;
  const Column& files = layer.columns.back();
  std::map<std::string, std::string_view> first_file;
  for (std::size_t row = 0; row < ids->size(); ++row) {
    if (ids->is_null(row)) continue;
    const auto [at, fresh] = first_file.try_emplace(ids->display(row), files.texts()[row]);
    if (!fresh && at->second != files.texts()[row])
      diagnostics.add(Severity::doubt, "repeated-id", where, "ids that another file has as well", 1, at->first);
  }
}

}  // namespace

ReadResult read_files(const std::vector<fs::path>& paths, const std::string& name, const ReadOptions& options,
                      Progress& progress) {
  ReadResult result;
  std::vector<ReadFile> files;
  std::uint64_t rows = 0;
  for (const fs::path& path : paths) {
    PartProgress part(progress, files.size(), paths.size());
    ReadResult read = read_layer(path, options_for_one(path, options), part);
    result.diagnostics.merge(read.diagnostics);
    for (PositionNote& note : read.position_notes) {
      if (note.feature >= 0) note.feature += static_cast<std::int64_t>(rows);
      note.id = file_prefix(path) + note.id;
      result.position_notes.push_back(std::move(note));
    }
    rows += read.layer.size();
    check_rows(rows, name, options);
    files.push_back({path.filename().string(), std::move(read.layer)});
  }
  check_kinds(files, name);
  Layer& layer = result.layer;
  layer.name = name;
  join_years(files, layer);
  join_geometry(files, layer, result.diagnostics);
  std::vector<std::string> names;
  for (const ReadFile& file : files)
    for (const Column& column : file.layer.columns)
      if (std::find(names.begin(), names.end(), column.name) == names.end()) names.push_back(column.name);
  for (const std::string& column : names) {
    progress.throw_if_cancelled();
    join_column(files, column, name, layer, result.diagnostics);
  }
  add_file_column(files, layer);
  doubt_repeated_ids(layer, options.id_column, name, result.diagnostics);
  for (ReadFile& file : files)
    for (Source& source : file.layer.sources) layer.sources.push_back(std::move(source));
  if (!options.may_be_empty) check_any_left(result, name, options, false);
  return result;
}

}  // namespace yaan

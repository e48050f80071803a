#include "load/reader/messages.hpp"

#include <algorithm>
#include <optional>

#include "load/reader/layer_wire.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/load/read_settings.hpp"

namespace yaan {

namespace {

constexpr std::uint64_t kMagic = 0x31'52'45'44'41'45'52'59;  // "YREADER1"

template <class Wire>
void travel(Wire& wire, ReadOptions& options) {
  for (const ReadSetting& setting : read_settings()) {
    std::string text = setting.get(options);
    wire.path_text(text);
    if (Wire::kUnpacks && !text.empty()) setting.set(options, text);
  }
  wire.path_text(options.id_column);
  wire.path_text(options.year_column);
  wire.list(options.kept_columns, [&](std::string& column) { wire.path_text(column); });
  wire.list(options.key_columns, [&](std::string& column) { wire.path_text(column); });
  wire.fixed(options.table, 1);
  wire.fixed(options.plain_table, 1);
  wire.fixed(options.may_be_empty, 1);
  wire.list(options.placed_rows, [&](PlacedRow& row) {
    wire.path_text(row.id);
    wire.fixed(row.x);
    wire.fixed(row.y);
  });
  wire.fixed(options.max_file_bytes);
  wire.fixed(options.max_unpacked_bytes);
  wire.fixed(options.max_entries);
  wire.fixed(options.max_compression);
  wire.fixed(options.max_features);
  wire.fixed(options.max_fields);
  wire.fixed(options.max_nesting);
  wire.fixed(options.max_raster_pixels);
  wire.fixed(options.max_memory_bytes);
  wire.fixed(options.max_cpu_seconds);
  wire.fixed(options.max_silent_seconds);
  wire.fixed(options.column_stream, 1);
}

template <class Wire>
void travel_box(Wire& wire, Box& box) {
  wire.fixed(box.min_x);
  wire.fixed(box.min_y);
  wire.fixed(box.max_x);
  wire.fixed(box.max_y);
}

template <class Wire>
void travel(Wire& wire, Diagnostics& diagnostics) {
  wire.list(diagnostics.entries(), [&](Diagnostic& entry) {
    wire.fixed(entry.severity, static_cast<std::uint64_t>(Severity::doubt));
    wire.text(entry.code);
    wire.path_text(entry.where);
    wire.path_text(entry.message);
    wire.fixed(entry.count);
    wire.list(entry.features, [&](std::string& feature) { wire.path_text(feature); });
    if (entry.count < 0 || entry.features.size() > Diagnostics::kMaxFeatures)
      throw CorruptAnswer("a diagnostic counts wrongly");
  });
}

template <class Wire>
void travel(Wire& wire, std::vector<PositionNote>& notes) {
  wire.list(notes, [&](PositionNote& note) {
    wire.text(note.code);
    wire.path_text(note.id);
    wire.fixed(note.feature);
  });
}

template <class Wire>
void travel(Wire& wire, Raster& raster) {
  travel_source(wire, raster.source);
  wire.fixed(raster.bytes);
  wire.fixed(raster.modified);
  wire.fixed(raster.width);
  wire.fixed(raster.height);
  if (raster.width < 0 || raster.height < 0) throw CorruptAnswer("a raster has no size");
  wire.list(raster.bands, [&](RasterBand& band) {
    wire.text(band.type);
    wire.text(band.meaning);
    bool has_nodata = band.nodata.has_value();
    double nodata = band.nodata.value_or(0);
    wire.fixed(has_nodata, 1);
    wire.fixed(nodata);
    band.nodata = has_nodata ? std::optional(nodata) : std::nullopt;
    wire.fixed(band.low);
    wire.fixed(band.high);
    if (!(band.low < band.high)) throw CorruptAnswer("a band has no range");
  });
  wire.path_text(raster.compression);
  wire.fixed(raster.overviews);
  wire.text(raster.placed_by);
  wire.fixed(raster.turned, 1);
  travel_crs(wire, raster.crs);
  travel_box(wire, raster.extent);
  wire.fixed(raster.pixel_width);
  wire.fixed(raster.pixel_height);
  travel(wire, raster.diagnostics);
}

template <class Wire>
void travel(Wire& wire, RasterView& view) {
  travel_crs(wire, view.plane);
  travel_box(wire, view.box);
  wire.fixed(view.width);
  wire.fixed(view.height);
}

void travel(Packer& wire, RasterPicture& result) {
  wire.fixed(result.left);
  wire.fixed(result.top);
  wire.fixed(result.picture.width);
  wire.fixed(result.picture.height);
  wire.array(result.picture.pixels.data(), result.picture.pixels.size());
}

void travel(Unpacker& wire, RasterPicture& result) {
  Picture& picture = result.picture;
  for (int* number : {&result.left, &result.top, &picture.width, &picture.height}) {
    wire.fixed(*number);
    if (*number < 0 || *number > kMostViewPixels) throw CorruptAnswer("a picture has an impossible size");
  }
  std::vector<std::uint8_t>& pixels = picture.pixels;
  wire.array(pixels);
  if (pixels.size() != 4 * static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height))
    throw CorruptAnswer("a picture has another number of pixels than it states");
  bool bright = false;
  for (std::size_t i = 0; i < pixels.size(); i += 4)
    bright = bright || std::max({pixels[i], pixels[i + 1], pixels[i + 2]}) > pixels[i + 3];
  if (bright) throw CorruptAnswer("a picture has light above its alpha");
}

template <class Wire>
void travel(Wire& wire, LayerReport& report) {
  wire.path_text(report.name);
  wire.fixed(report.kind, static_cast<std::uint64_t>(GeometryKind::polygon));
  wire.fixed(report.features);
  wire.fixed(report.usable);
  wire.fixed(report.vertices);
  wire.fixed(report.placed_by, static_cast<std::uint64_t>(PlacedBy::geometry));
  wire.path_text(report.x_column);
  wire.path_text(report.y_column);
  travel_box(wire, report.extent);
  travel_crs(wire, report.crs);
  wire.list(report.fields, [&](FieldReport& field) {
    wire.path_text(field.name);
    wire.fixed(field.type, static_cast<std::uint64_t>(ColumnType::integer_list));
    wire.fixed(field.nulls);
    wire.path_text(field.minimum);
    wire.path_text(field.maximum);
    wire.list(field.samples, [&](std::string& sample) { wire.path_text(sample); });
  });
  wire.list(report.roles, [&](RoleGuess& guess) {
    wire.path_text(guess.role);
    wire.path_text(guess.column);
    wire.fixed(guess.score);
    wire.path_text(guess.rival);
  });
  travel(wire, report.diagnostics);
  wire.list(report.settings, [&](GivenSetting& setting) {
    wire.text(setting.key);
    wire.path_text(setting.value);
  });
}

template <class Wire>
void travel(Wire& wire, FileReport& report) {
  wire.path_text(report.path);
  wire.text(report.format);
  wire.fixed(report.bytes);
  wire.text(report.sha256);
  wire.list(report.layers, [&](LayerReport& layer) { travel(wire, layer); });
  wire.list(report.rasters, [&](Raster& raster) { travel(wire, raster); });
}

template <class Wire>
void travel(Wire& wire, ReaderFailure& failure) {
  wire.fixed(failure.kind, static_cast<std::uint64_t>(ReaderFailure::Kind::fault));
  wire.path_text(failure.what);
  wire.path_text(failure.advice);
}

template <class Wire>
void travel(Wire& wire, IsolationLevel& level) {
  wire.text(level.text);
}

void travel(Packer& packer, ReadResult& result) {
  pack_layer(packer, result.layer);
  travel(packer, result.diagnostics);
  travel(packer, result.position_notes);
}

template <class Answer>
ReaderAnswer unpacked(Unpacker& wire) {
  Answer answer;
  travel(wire, answer);
  wire.end();
  return answer;
}

}  // namespace

std::string pack_request(ReaderRequest request) {
  Packer wire;
  wire.fixed(request.task);
  wire.text(request.path);
  travel(wire, request.options);
  wire.fixed(request.threads);
  wire.fixed(request.file_bytes);
  travel(wire, request.raster);
  travel(wire, request.view);
  return wire.bytes();
}

ReaderRequest unpack_request(std::string_view bytes) {
  MemorySource source(bytes);
  Unpacker wire(source);
  ReaderRequest request;
  wire.fixed(request.task, static_cast<std::uint64_t>(ReaderTask::picture));
  wire.raw_text(request.path);
  travel(wire, request.options);
  wire.fixed(request.threads);
  wire.fixed(request.file_bytes);
  travel(wire, request.raster);
  travel(wire, request.view);
  wire.end();
  return request;
}

std::uint64_t most_memory(const ReaderRequest& request) {
  constexpr std::uint64_t kBase = std::uint64_t{4} << 30;
  constexpr std::uint64_t kOfDatabase = std::uint64_t{16} << 30;  // how much a table holds is not known beforehand
  if (request.options.max_memory_bytes != 0) return request.options.max_memory_bytes;
  if (names_database(request.path)) return kOfDatabase;
  return kBase + 6 * std::min(request.file_bytes, std::uint64_t{1} << 50);
}

void pack_answer(Packer& packer, ReaderAnswer& answer) {
  std::uint64_t magic = kMagic;
  packer.fixed(magic);
  std::uint64_t index = answer.index();
  packer.fixed(index);
  std::visit([&](auto& value) { travel(packer, value); }, answer);
}

ReaderAnswer unpack_answer(ByteSource& source, const Progress& progress) {
  Unpacker wire(source);
  std::uint64_t magic = 0;
  wire.fixed(magic);
  if (magic != kMagic) throw CorruptAnswer("it does not start as an answer");
  std::uint64_t index = 0;
  wire.fixed(index, std::variant_size_v<ReaderAnswer> - 1);
  if (index == 0) return unpacked<ReaderFailure>(wire);
  if (index == 2) return unpacked<FileReport>(wire);
  if (index == 3) return unpacked<IsolationLevel>(wire);
  if (index == 4) return unpacked<Raster>(wire);
  if (index == 5) return unpacked<RasterPicture>(wire);
  ReadResult result;
  UnpackedLayer layer(wire);
  travel(wire, result.diagnostics);
  travel(wire, result.position_notes);
  wire.end();
  result.layer = layer.build(progress);
  for (const PositionNote& note : result.position_notes)
    if (note.feature < -1 || note.feature >= static_cast<std::int64_t>(result.layer.size()))
      throw CorruptAnswer("a note is about no feature");
  return result;
}

}  // namespace yaan

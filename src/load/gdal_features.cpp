// One feature after another.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <optional>

#include "load/gdal_layer.hpp"
#include "load/gdal_progress.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

struct Moment {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  float second = 0;
  int zone = 0;  // OGR: 0 unknown, 1 local, 100 UTC, a quarter of an hour for each step
};

Moment moment_of(const OGRFeature& feature, int index) {
  Moment m;
  feature.GetFieldAsDateTime(index, &m.year, &m.month, &m.day, &m.hour, &m.minute, &m.second, &m.zone);
  return m;
}

std::optional<Date> date_of(const Moment& m) {
  const std::chrono::year_month_day day{std::chrono::year(m.year), std::chrono::month(static_cast<unsigned>(m.month)),
                                        std::chrono::day(static_cast<unsigned>(m.day))};
  if (!day.ok()) return std::nullopt;
  return Date{static_cast<std::int32_t>(std::chrono::sys_days(day).time_since_epoch().count())};
}

std::string time_text(const Moment& m) {
  // OGR keeps milliseconds in a float.
  const long milliseconds = std::lround(m.second * 1000.0F);
  std::string text = fmt::format("{:02}:{:02}:{:02}", m.hour, m.minute, milliseconds / 1000);
  if (milliseconds % 1000 != 0) text += fmt::format(".{:03}", milliseconds % 1000);
  return text;
}

std::string date_time_text(const Moment& m) {
  std::string text = fmt::format("{:04}-{:02}-{:02}T{}", m.year, m.month, m.day, time_text(m));
  if (m.zone == 100) return text + "Z";
  if (m.zone > 1) {
    const int minutes = (m.zone - 100) * 15;
    text += fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
  }
  return text;
}

template <class List, class Number>
List list_of(const Number* values, int count) {
  return List(values, values + count);
}

void push_field(const OGRFeature& feature, const FieldPlan& field, Column& column) {
  using Take = FieldPlan::Take;
  if (feature.IsFieldSetAndNotNull(field.index) == 0) return column.push_null();
  int count = 0;
  switch (field.take) {
    case Take::integer: return column.push(static_cast<std::int64_t>(feature.GetFieldAsInteger64(field.index)));
    case Take::real: return column.push(feature.GetFieldAsDouble(field.index));
    case Take::text: return column.push(feature.GetFieldAsString(field.index));
    case Take::time: return column.push(time_text(moment_of(feature, field.index)));
    case Take::date_time: return column.push(date_time_text(moment_of(feature, field.index)));
    case Take::date: {
      const auto date = date_of(moment_of(feature, field.index));
      if (date) return column.push(*date);
      return column.push_null();
    }
    case Take::text_list: {
      StringList texts;
      for (char** text = feature.GetFieldAsStringList(field.index); text != nullptr && *text != nullptr; ++text)
        texts.emplace_back(*text);
      return column.push(std::move(texts));
    }
    case Take::real_list: {
      const double* values = feature.GetFieldAsDoubleList(field.index, &count);
      return column.push(list_of<DoubleList>(values, count));
    }
    case Take::integer_list: {
      const OGRFieldType type = feature.GetFieldDefnRef(field.index)->GetType();
      if (type == OFTInteger64List) {
        const GIntBig* values = feature.GetFieldAsInteger64List(field.index, &count);
        return column.push(list_of<IntList>(values, count));
      }
      const int* values = feature.GetFieldAsIntegerList(field.index, &count);
      return column.push(list_of<IntList>(values, count));
    }
  }
}

// `wkb` stays empty for a point and for no geometry.
void add_shape(const OGRGeometry* geometry, ShapeCollector& shapes, std::vector<std::uint8_t>& wkb) {
  wkb.clear();
  if (geometry == nullptr) return shapes.add_unusable(ShapeNote::null);
  if (geometry->getGeometryType() == wkbPoint && geometry->IsEmpty() == 0) {
    const OGRPoint* point = geometry->toPoint();
    return shapes.add_point(point->getX(), point->getY());
  }
  wkb.resize(geometry->WkbSize());
  if (geometry->exportToWkb(wkbNDR, wkb.data(), wkbVariantIso) != OGRERR_NONE)
    return shapes.add_unusable(ShapeNote::unreadable_geometry);
  shapes.add_wkb(wkb);
}

OGRFeatureUniquePtr next_feature(OGRLayer& layer, GDALDataset* stream, const std::string& stage, Progress& progress) {
  if (stream == nullptr) return OGRFeatureUniquePtr(layer.GetNextFeature());
  GdalProgress told{progress, stage};
  OGRLayer* from = nullptr;
  while (true) {
    OGRFeatureUniquePtr feature(stream->GetNextFeature(&from, nullptr, &GdalProgress::tell, &told));
    progress.throw_if_cancelled();
    if (!feature || from == &layer) return feature;
  }
}

}  // namespace

void push_feature(const OGRFeature& feature, const std::vector<FieldPlan>& plan, bool with_fid, RawLayer& raw,
                  std::vector<std::uint8_t>& wkb) {
  std::size_t at = 0;
  if (with_fid) raw.columns[at++].push(static_cast<std::int64_t>(feature.GetFID()));
  for (const FieldPlan& field : plan) push_field(feature, field, raw.columns[at++]);
  if (raw.has_shapes) add_shape(feature.GetGeometryRef(), raw.shapes, wkb);
  ++raw.rows;
}

void read_features(OGRLayer& layer, const std::vector<FieldPlan>& plan, bool with_fid, RawLayer& raw,
                   const ReadOptions& options, Progress& progress, GDALDataset* stream) {
  const GIntBig stated = layer.GetFeatureCount(0);
  if (stated > 0) check_rows(static_cast<std::uint64_t>(stated), raw.shown, options);
  const std::string stage = fmt::format("reading {}", raw.where);
  std::vector<std::uint8_t> wkb;
  if (stream != nullptr) {
    stream->ResetReading();
  } else {
    layer.ResetReading();
  }
  while (const OGRFeatureUniquePtr feature = next_feature(layer, stream, stage, progress)) {
    if (raw.rows % 4096 == 0) {
      progress.throw_if_cancelled();
      progress.report(stage, stated > 0 ? static_cast<double>(raw.rows) / static_cast<double>(stated) : 0);
    }
    push_feature(*feature, plan, with_fid, raw, wkb);
    check_rows(raw.rows, raw.shown, options);
  }
  progress.report(stage, 1);
}

}  // namespace yaan

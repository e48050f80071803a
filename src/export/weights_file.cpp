#include "yaan/export/weights_file.hpp"

#include <fmt/format.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

struct Feature {
  std::string id;
  std::vector<std::size_t> rows;  // of the table: its links
};

const Column& column_of(const Layer& layer, const char* name) {
  if (const Column* column = layer.find(name)) return *column;
  throw UsageError(fmt::format("layer {} has no column {}, so it cannot be written as weights", layer.name, name),
                   "a .gal or .gwt file is written of a table with the columns from, to and weight");
}

std::string word(const Column& column, std::size_t row, const Layer& layer) {
  std::string text = column.display(row);
  if (text.empty() || text.find_first_of(" \t\r\n") != std::string::npos)
    throw UsageError(fmt::format("layer {}, row {}: the id \"{}\" holds a blank, which a file of weights cannot",
                                 layer.name, row + 1, text),
                     "write the weights as .csv, or choose another id column");
  return text;
}

/// The features in the order in which they first stand in the column from.
std::vector<Feature> features_of(const Layer& layer, const Column& from, const Column& to) {
  std::vector<Feature> features;
  std::unordered_map<std::string, std::size_t> number;
  for (std::size_t row = 0; row < layer.size(); ++row) {
    const std::string id = word(from, row, layer);
    const auto [at, opened] = number.try_emplace(id, features.size());
    if (opened) features.push_back({id, {}});
    if (!to.is_null(row)) features[at->second].rows.push_back(row);
  }
  return features;
}

std::string head(const Layer& layer, std::size_t features) {
  std::string name = layer.name.empty() ? "weights" : layer.name;
  for (char& c : name)
    if (c == ' ' || c == '\t') c = '_';
  return fmt::format("0 {} {} id\n", features, name);
}

}  // namespace

bool is_weights_file(std::string_view file) { return file.ends_with(".gal") || file.ends_with(".gwt"); }

std::uint64_t write_weights(WholeFile& file, const PublishedLayer& weights, Diagnostics& diagnostics,
                            Progress& progress) {
  const Layer& layer = weights.layer();
  const Column& from = column_of(layer, "from");
  const Column& to = column_of(layer, "to");
  const Column& weight = column_of(layer, "weight");
  const bool gal = file.target().extension() == ".gal";
  const std::vector<Feature> features = features_of(layer, from, to);
  file.write(head(layer, features.size()));
  std::int64_t weighted = 0, islands = 0;
  std::string lines;
  for (const Feature& feature : features) {
    progress.throw_if_cancelled();
    lines.clear();
    if (gal) lines = fmt::format("{} {}\n", feature.id, feature.rows.size());
    islands += feature.rows.empty() ? 1 : 0;
    for (std::size_t i = 0; i < feature.rows.size(); ++i) {
      const std::size_t row = feature.rows[i];
      const double w = weight.number(row).value_or(0);
      weighted += w != 1 ? 1 : 0;
      if (gal)
        lines += fmt::format("{}{}", i == 0 ? "" : " ", word(to, row, layer));
      else
        lines += fmt::format("{} {} {}\n", feature.id, word(to, row, layer), shortest(w));
    }
    if (gal) lines += '\n';
    file.write(lines);
  }
  if (gal && weighted > 0)
    diagnostics.add(Severity::doubt, "gal-without-weights", layer.name,
                    "links whose weight is not 1 were written without it, because .gal knows no weights; .gwt does",
                    weighted);
  if (!gal && islands > 0)
    diagnostics.add(Severity::doubt, "gwt-without-islands", layer.name,
                    "features without neighbours are counted in the head of the file, but stand in no line of it",
                    islands);
  const std::uint64_t bytes = file.bytes_written();
  file.finish([&](const std::filesystem::path& written) {
    if (std::filesystem::file_size(written) != bytes)
      throw OutputError(fmt::format("cannot write '{}': not all bytes arrived on the disk", file.target().string()));
  });
  return features.size();
}

}  // namespace yaan

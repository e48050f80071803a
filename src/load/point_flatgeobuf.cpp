// Format: FlatGeobuf 3 (flatgeobuf.org: specification, header.fbs, feature.fbs), whose parts are FlatBuffers.
#include "load/point_flatgeobuf.hpp"

#include <flatbuffers/flatbuffers.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string_view>

#include "load/mapped_file.hpp"
#include "load/point_blocks.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

using flatbuffers::Table;
using flatbuffers::Vector;
using flatbuffers::Verifier;
using flatbuffers::voffset_t;

constexpr std::size_t kRowsOfBlock = 4'096;
constexpr std::size_t kMagic = 8;
constexpr std::size_t kPrefix = 4;  // the size of a part, in front of it
constexpr std::uint8_t kPoint = 1;

/// The file is not as plain as it must be.
struct Unusual {};

void require(bool holds) {
  if (!holds) throw Unusual();
}

// Where a table keeps its n-th field, by the schemas.
constexpr voffset_t field(int n) { return static_cast<voffset_t>(4 + 2 * n); }

namespace header {
constexpr voffset_t kGeometryType = field(2);
constexpr voffset_t kDimensions[] = {field(3), field(4), field(5), field(6)};  // has z, m, t, tm
constexpr voffset_t kColumns = field(7);
constexpr voffset_t kFeatures = field(8);
constexpr voffset_t kNodeSize = field(9);
}  // namespace header

namespace column {
constexpr voffset_t kType = field(1);
constexpr std::uint8_t kBool = 2, kShort = 3, kInt = 5, kLong = 7, kFloat = 9, kDouble = 10, kString = 11;
}  // namespace column

namespace feature {
constexpr voffset_t kGeometry = field(0);
constexpr voffset_t kProperties = field(1);
constexpr voffset_t kColumns = field(2);  // of its own
}  // namespace feature

namespace geometry {
constexpr voffset_t kXy = field(1);
constexpr voffset_t kType = field(6);
constexpr voffset_t kOthers[] = {field(0), field(2), field(3),
                                 field(4), field(5), field(7)};  // ends, z, m, t, tm, parts
}  // namespace geometry

template <class T>
T number_at(const void* bytes) {
  T value{};
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

template <class T>
T number_at(std::string_view bytes, std::uint64_t at) {
  require(at <= bytes.size() && bytes.size() - at >= sizeof(T));
  return number_at<T>(bytes.data() + at);
}

/// One FlatBuffer with its size in front of it; what is taken out of it has been checked to lie within.
class Part {
 public:
  explicit Part(std::string_view bytes)
      : m_bytes(reinterpret_cast<const std::uint8_t*>(bytes.data())), m_verifier(m_bytes, bytes.size()) {}

  const Table& root() { return *table(kPrefix); }
  /// Null where there is none.
  const Table* table(const Table& parent, voffset_t of) {
    require(parent.VerifyOffset(m_verifier, of));
    const auto* found = parent.GetPointer<const Table*>(of);
    require(found == nullptr || found->VerifyTableStart(m_verifier));
    return found;
  }
  template <class T>
  const Vector<T>* vector(const Table& parent, voffset_t of) {
    require(parent.VerifyOffset(m_verifier, of));
    const auto* found = parent.GetPointer<const Vector<T>*>(of);
    require(m_verifier.VerifyVector(found));
    return found;
  }
  const Table& item(const Vector<flatbuffers::Offset<Table>>& tables, std::size_t which) {
    return *table(static_cast<std::size_t>(tables.Data() - m_bytes) + which * sizeof(flatbuffers::uoffset_t));
  }
  template <class T>
  T number(const Table& parent, voffset_t of, T otherwise) {
    require(parent.VerifyField<T>(m_verifier, of, 1));
    const std::uint8_t* found = parent.GetAddressOf(of);
    return found == nullptr ? otherwise : number_at<T>(found);
  }

 private:
  const Table* table(std::size_t offset_at) {
    const auto offset = m_verifier.VerifyOffset(offset_at);
    require(offset != 0);
    const auto* found = reinterpret_cast<const Table*>(m_bytes + offset_at + offset);
    require(found->VerifyTableStart(m_verifier));
    return found;
  }

  const std::uint8_t* m_bytes;
  Verifier m_verifier;
};

/// The part that begins at a place, with its size.
std::string_view part_at(std::string_view bytes, std::uint64_t at) {
  const std::uint64_t size = kPrefix + std::uint64_t{number_at<std::uint32_t>(bytes, at)};
  require(at % 4 == 0 && size <= bytes.size() - at && size < FLATBUFFERS_MAX_BUFFER_SIZE);
  return bytes.substr(at, size);
}

bool fits(std::uint8_t type, FieldPlan::Take take) {
  switch (type) {
    case column::kBool:
    case column::kShort:
    case column::kInt:
    case column::kLong: return take == FieldPlan::Take::integer;
    case column::kFloat:
    case column::kDouble: return take == FieldPlan::Take::real;
    case column::kString: return take == FieldPlan::Take::text;
    default: return false;
  }
}

/// The values of a feature: the number of a column and its value, one after the other.
class Properties {
 public:
  explicit Properties(std::string_view bytes) : m_rest(bytes) {}

  [[nodiscard]] bool at_end() const { return m_rest.empty(); }
  template <class T>
  T number() {
    require(m_rest.size() >= sizeof(T));
    const T value = number_at<T>(m_rest.data());
    m_rest.remove_prefix(sizeof(T));
    return value;
  }
  void value(std::uint8_t type, ColumnPart& part) {
    switch (type) {
      case column::kBool: {
        const auto flag = number<std::uint8_t>();
        require(flag <= 1);
        return part.push(std::int64_t{flag});
      }
      case column::kShort: return part.push(std::int64_t{number<std::int16_t>()});
      case column::kInt: return part.push(std::int64_t{number<std::int32_t>()});
      case column::kLong: return part.push(number<std::int64_t>());
      case column::kFloat: return push_real(number<float>(), part);
      case column::kDouble: return push_real(number<double>(), part);
      default: return push_text(part);
    }
  }

 private:
  static void push_real(double value, ColumnPart& part) {
    require(!std::isnan(value));
    part.push(value);
  }
  void push_text(ColumnPart& part) {
    const auto size = number<std::uint32_t>();
    require(size <= m_rest.size());
    const std::string_view text = m_rest.substr(0, size);
    require(text.find('\0') == std::string_view::npos);
    part.push(text);
    m_rest.remove_prefix(size);
  }

  std::string_view m_rest;
};

class FlatGeobufRows {
 public:
  FlatGeobufRows(const fs::path& file, const std::string& shown, const std::vector<FieldPlan>& plan)
      : m_file(file, shown) {
    const std::string_view bytes = m_file.bytes();
    require(bytes.starts_with("fgb\3fgb"));
    const std::string_view part = part_at(bytes, kMagic);
    Part head(part);
    const Table& root = head.root();
    require(head.number<std::uint8_t>(root, header::kGeometryType, 0) == kPoint);
    for (const voffset_t more : header::kDimensions) require(head.number<std::uint8_t>(root, more, 0) == 0);
    take_columns(head, root, plan);
    m_rows = head.number<std::uint64_t>(root, header::kFeatures, 0);
    const auto node_size = head.number<std::uint16_t>(root, header::kNodeSize, 16);
    const std::uint64_t index = kMagic + part.size();
    require(m_rows > 0 && m_rows <= bytes.size() / kPrefix && node_size != 1);
    node_size != 0 ? find_blocks(index, node_size) : find_blocks(index);
  }

  [[nodiscard]] std::size_t rows() const { return m_rows; }
  [[nodiscard]] std::size_t blocks() const { return m_starts.size() - 1; }

  void read(std::size_t begin, std::size_t end, PointBlock& block) const {
    for (ColumnPart& part : block.parts) part.reserve(kRowsOfBlock);
    MappedFile::fetch(bytes_of(begin, end));
    std::uint64_t at = m_starts[begin];
    const std::size_t last = std::min<std::size_t>(end * kRowsOfBlock, m_rows);
    for (std::size_t row = begin * kRowsOfBlock; row < last; ++row) {
      const std::string_view part = part_at(m_file.bytes(), at);
      read_feature(part, block);
      at += part.size();
    }
    require(at == m_starts[end]);
  }
  void forget(std::size_t begin, std::size_t end) const { MappedFile::forget(bytes_of(begin, end)); }

 private:
  void take_columns(Part& head, const Table& root, const std::vector<FieldPlan>& plan) {
    const auto* columns = head.vector<flatbuffers::Offset<Table>>(root, header::kColumns);
    require((columns == nullptr ? 0 : columns->size()) == plan.size());
    for (std::size_t f = 0; f < plan.size(); ++f) {
      m_types.push_back(head.number<std::uint8_t>(head.item(*columns, f), column::kType, 0));
      require(fits(m_types.back(), plan[f].take) && plan[f].index == static_cast<int>(f));
    }
  }
  // By the index, a tree whose last nodes, one for each feature in the order of the file, tell where the features
  // begin. Whether they tell the truth is seen when a block ends where the next one begins.
  void find_blocks(std::uint64_t index, std::uint16_t node_size) {
    constexpr std::uint64_t kNode = 40;  // a box, and where it leads
    constexpr std::uint64_t kLeadsTo = 32;
    std::uint64_t above = 0;
    for (std::uint64_t level = m_rows; level > 1; above += level) level = (level + node_size - 1) / node_size;
    if (m_rows == 1) above = 1;  // a single feature has a root above it all the same
    const std::uint64_t first = index + kNode * (above + m_rows);
    for (std::uint64_t row = 0; row < m_rows; row += kRowsOfBlock)
      add_start(first + number_at<std::uint64_t>(m_file.bytes(), index + kNode * (above + row) + kLeadsTo));
    add_start(m_file.bytes().size());
    require(m_starts.front() == first);
  }
  // Without an index, from feature to feature.
  void find_blocks(std::uint64_t first) {
    std::uint64_t at = first;
    for (std::uint64_t row = 0; row < m_rows; ++row) {
      if (row % kRowsOfBlock == 0) add_start(at);
      at += part_at(m_file.bytes(), at).size();
    }
    require(at == m_file.bytes().size());
    add_start(at);
  }
  void add_start(std::uint64_t at) {
    require(at <= m_file.bytes().size() && (m_starts.empty() || at > m_starts.back()));
    m_starts.push_back(at);
  }
  [[nodiscard]] std::string_view bytes_of(std::size_t begin, std::size_t end) const {
    return m_file.bytes().substr(m_starts[begin], m_starts[end] - m_starts[begin]);
  }

  void read_feature(std::string_view bytes, PointBlock& block) const {
    Part part(bytes);
    const Table& root = part.root();
    require(!root.CheckField(feature::kColumns));
    const Table* shape = part.table(root, feature::kGeometry);
    shape == nullptr ? block.place_nowhere() : read_point(part, *shape, block);
    const auto* values = part.vector<std::uint8_t>(root, feature::kProperties);
    std::size_t next = 0;
    if (values != nullptr) {
      Properties properties({reinterpret_cast<const char*>(values->Data()), values->size()});
      while (!properties.at_end()) {
        const auto which = properties.number<std::uint16_t>();
        require(which >= next && which < m_types.size());
        while (next < which) block.parts[next++].push_null();
        properties.value(m_types[next], block.parts[next]);
        ++next;
      }
    }
    while (next < m_types.size()) block.parts[next++].push_null();
  }
  static void read_point(Part& part, const Table& shape, PointBlock& block) {
    for (const voffset_t other : geometry::kOthers) require(!shape.CheckField(other));
    require(part.number<std::uint8_t>(shape, geometry::kType, 0) <= kPoint);
    const auto* xy = part.vector<double>(shape, geometry::kXy);
    require(xy != nullptr && xy->size() == 2);
    const auto x = number_at<double>(xy->Data());
    const auto y = number_at<double>(xy->Data() + sizeof x);
    require(std::isfinite(x) && std::isfinite(y));
    block.place(x, y);
  }

  MappedFile m_file;
  std::vector<std::uint8_t> m_types;
  std::uint64_t m_rows = 0;
  std::vector<std::uint64_t> m_starts;  // of the blocks, and the end of the last one
};

}  // namespace

bool read_point_flatgeobuf(const fs::path& file, OGRLayer& layer, const std::vector<FieldPlan>& plan, RawLayer& raw,
                           const ReadOptions& options, Progress& progress) {
  if (std::endian::native != std::endian::little) return false;
  if (plan.size() != static_cast<std::size_t>(layer.GetLayerDefn()->GetFieldCount())) return false;
  try {
    const FlatGeobufRows rows(file, raw.shown, plan);
    check_rows(rows.rows(), raw.shown, options);
    const auto read = [&rows](std::size_t begin, std::size_t end, PointBlock& block) { rows.read(begin, end, block); };
    const auto forget = [&rows](std::size_t begin, std::size_t end) { rows.forget(begin, end); };
    join_point_blocks({rows.blocks(), 1, rows.rows(), read, forget}, raw, options, progress);
    return true;
  } catch (const Unusual&) {
    return false;
  }
}

}  // namespace yaan

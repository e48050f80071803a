#include "yaan/core/crs.hpp"

#include <fmt/format.h>
#include <proj.h>
#include <proj_experimental.h>

#include <array>
#include <cmath>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

struct DestroyContext {
  void operator()(PJ_CONTEXT* context) const { proj_context_destroy(context); }
};
struct DestroyPj {
  void operator()(PJ* pj) const { proj_destroy(pj); }
};
using Context = std::unique_ptr<PJ_CONTEXT, DestroyContext>;
using Pj = std::unique_ptr<PJ, DestroyPj>;

Context make_context() {
  Context context(proj_context_create());
  proj_context_set_enable_network(context.get(), 0);
  proj_log_level(context.get(), PJ_LOG_NONE);  // errors are thrown here, not printed there
  return context;
}

bool is_geographic_type(PJ_TYPE type) { return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS; }

// The horizontal part of a compound or bound CRS.
Pj horizontal(PJ_CONTEXT* context, Pj crs) {
  for (;;) {
    const PJ_TYPE type = proj_get_type(crs.get());
    if (type == PJ_TYPE_COMPOUND_CRS) {
      crs = Pj(proj_crs_get_sub_crs(context, crs.get(), 0));
    } else {
      return crs;
    }
  }
}

PJ_TYPE type_below_bound(PJ_CONTEXT* context, const PJ* crs) {
  if (proj_get_type(crs) != PJ_TYPE_BOUND_CRS) return proj_get_type(crs);
  const Pj source(proj_get_source_crs(context, crs));
  return proj_get_type(source.get());
}

double unit_of(PJ_CONTEXT* context, const PJ* crs) {
  const Pj source(proj_get_type(crs) == PJ_TYPE_BOUND_CRS ? proj_get_source_crs(context, crs) : nullptr);
  const Pj system(proj_crs_get_coordinate_system(context, source ? source.get() : crs));
  double factor = 1;
  if (system)
    proj_cs_get_axis_info(context, system.get(), 0, nullptr, nullptr, nullptr, &factor, nullptr, nullptr, nullptr);
  return factor;
}

bool is_on_indian_1975(PJ_CONTEXT* context, const PJ* crs) {
  if (proj_get_type(crs) == PJ_TYPE_BOUND_CRS) return false;
  const Pj geodetic(proj_crs_get_geodetic_crs(context, crs));
  const Pj datum(geodetic ? proj_crs_get_datum(context, geodetic.get()) : nullptr);
  const char* name = datum ? proj_get_name(datum.get()) : nullptr;
  return name != nullptr && (std::string_view(name) == "Indian 1975" || std::string_view(name) == "D_Indian_1975");
}

// The system bound to WGS 84 by a shift, which PROJ then uses instead of its own choice.
std::string bound_wkt(const std::string& wkt, const std::array<double, 3>& shift) {
  static const std::string target = [] {
    const Context context = make_context();
    const Pj wgs84(proj_create(context.get(), "EPSG:4326"));
    return std::string(proj_as_wkt(context.get(), wgs84.get(), PJ_WKT2_2019, nullptr));
  }();
  return fmt::format(
      "BOUNDCRS[SOURCECRS[{}],TARGETCRS[{}],ABRIDGEDTRANSFORMATION[\"Geocentric translation\","
      "METHOD[\"Geocentric translations (geog2D domain)\",ID[\"EPSG\",9603]],"
      "PARAMETER[\"X-axis translation\",{},ID[\"EPSG\",8605]],PARAMETER[\"Y-axis translation\",{},ID[\"EPSG\",8606]],"
      "PARAMETER[\"Z-axis translation\",{},ID[\"EPSG\",8607]]]]",
      wkt, target, shortest(shift[0]), shortest(shift[1]), shortest(shift[2]));
}

// The WKT of a bound system without the area for which its transformation was measured: PROJ would refuse to use it
// elsewhere, but whoever names an operation wants that one.
std::string without_area(std::string wkt) {
  const std::size_t begin = wkt.find("USAGE[", wkt.find("ABRIDGEDTRANSFORMATION["));
  if (begin == std::string::npos) return wkt;
  std::size_t end = begin;
  int depth = 0;
  bool quoted = false;
  do {
    if (wkt[end] == '"') quoted = !quoted;
    if (!quoted && wkt[end] == '[') ++depth;
    if (!quoted && wkt[end] == ']') --depth;
    ++end;
  } while (end < wkt.size() && (depth > 0 || wkt[end - 1] != ']'));
  const std::size_t comma = wkt.rfind(',', begin);
  return wkt.erase(comma, end - comma);
}

std::string code_of(const PJ* crs) {
  const char* authority = proj_get_id_auth_name(crs, 0);
  const char* code = proj_get_id_code(crs, 0);
  return authority != nullptr && code != nullptr ? fmt::format("{}:{}", authority, code) : std::string();
}

}  // namespace

struct Crs::Definition {
  Kind kind = Kind::none;
  bool wgs84 = false;
  double metres_per_unit = 0;
  std::string name = "unknown";
  std::string code;
  std::string wkt;
  std::optional<std::array<double, 3>> shift;
};

Crs::Crs() {
  static const auto unknown = std::make_shared<const Definition>();
  m_definition = unknown;
}

Crs Crs::local() {
  Crs crs;
  crs.m_definition = std::make_shared<const Definition>(Definition{Kind::local, false, 1, "local plane", "", "", {}});
  return crs;
}

Crs Crs::wgs84() {
  static const Crs crs = from_text("OGC:CRS84");
  return crs;
}

Crs Crs::laea(Degrees longitude, Degrees latitude) {
  return from_text(fmt::format("+proj=laea +lon_0={} +lat_0={} +datum=WGS84 +units=m +type=crs",
                               shortest(longitude.value), shortest(latitude.value)));
}

Crs Crs::from_text(std::string_view text) {
  if (text == "local") return local();
  const Context context = make_context();
  const std::string whole(text);
  Pj found(proj_create(context.get(), whole.c_str()));
  const auto unusable = [&](std::string_view why) {
    return UsageError(fmt::format("CRS \"{}\" {}", text.substr(0, 80), why),
                      "use a code such as EPSG:4326 (longitude, latitude), EPSG:32647 (UTM 47N) or EPSG:32648 (UTM "
                      "48N), or local for a plane of its own");
  };
  if (!found || proj_is_crs(found.get()) == 0) throw unusable("is not known to PROJ");
  found = horizontal(context.get(), std::move(found));

  Definition definition;
  const PJ_TYPE type = type_below_bound(context.get(), found.get());
  if (is_geographic_type(type)) {
    definition.kind = Kind::geographic;
  } else if (type == PJ_TYPE_PROJECTED_CRS || type == PJ_TYPE_ENGINEERING_CRS) {
    definition.kind = type == PJ_TYPE_PROJECTED_CRS ? Kind::projected : Kind::local;
    definition.metres_per_unit = unit_of(context.get(), found.get());
  } else {
    throw unusable("is neither geographic nor projected");
  }
  const char* name = proj_get_name(found.get());
  definition.name = name != nullptr && *name != '\0' ? name : "unnamed";
  definition.code = code_of(found.get());
  const char* wkt = proj_as_wkt(context.get(), found.get(), PJ_WKT2_2019, nullptr);
  definition.wkt = wkt != nullptr ? wkt : "";
  if (is_on_indian_1975(context.get(), found.get())) definition.shift = kThaiShift;
  const Pj crs84(proj_create(context.get(), "OGC:CRS84"));
  definition.wgs84 = definition.kind == Kind::geographic &&
                     proj_is_equivalent_to_with_ctx(context.get(), found.get(), crs84.get(),
                                                    PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS) != 0;
  Crs crs;
  crs.m_definition = std::make_shared<const Definition>(std::move(definition));
  return crs;
}

Crs::Kind Crs::kind() const { return m_definition->kind; }
bool Crs::is_wgs84() const { return m_definition->wgs84; }
const std::string& Crs::name() const { return m_definition->name; }
const std::string& Crs::code() const { return m_definition->code; }
const std::string& Crs::wkt() const { return m_definition->wkt; }
std::optional<std::array<double, 3>> Crs::datum_shift() const { return m_definition->shift; }

Crs Crs::with_shift(const std::array<double, 3>& metres) const {
  if (wkt().empty()) throw std::invalid_argument("a system without a datum has no shift");
  if (wkt().starts_with("BOUNDCRS")) throw std::invalid_argument("the system states a shift already");
  return from_text(bound_wkt(wkt(), metres));
}

Crs Crs::with_operation(const std::string& operation) const {
  const auto unusable = [&](std::string_view why) {
    return UsageError(fmt::format("the datum operation {} {}", operation, why),
                      "give a transformation to WGS 84 of the EPSG registry, such as EPSG:1537 or EPSG:1812 for Indian "
                      "1975, or a shift x,y,z in metres");
  };
  const Context context = make_context();
  const Pj source(wkt().empty() || wkt().starts_with("BOUNDCRS") ? nullptr : proj_create(context.get(), wkt().c_str()));
  if (!source) throw unusable("needs a system on a datum");
  const std::size_t colon = operation.find(':');
  const Pj step(colon == std::string::npos
                    ? nullptr
                    : proj_create_from_database(context.get(), operation.substr(0, colon).c_str(),
                                                operation.substr(colon + 1).c_str(), PJ_CATEGORY_COORDINATE_OPERATION,
                                                0, nullptr));
  if (!step || proj_get_type(step.get()) != PJ_TYPE_TRANSFORMATION) throw unusable("is not known to PROJ");
  const Pj start(proj_get_source_crs(context.get(), step.get()));
  const Pj end(proj_get_target_crs(context.get(), step.get()));
  const Pj datum(proj_crs_get_geodetic_crs(context.get(), source.get()));
  const auto same = [&](const PJ* a, const PJ* b) {
    return a != nullptr && b != nullptr &&
           proj_is_equivalent_to_with_ctx(context.get(), a, b, PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS) != 0;
  };
  if (!same(start.get(), datum.get())) throw unusable("does not start from the datum of " + name());
  const Pj wgs84(proj_create(context.get(), "EPSG:4326"));
  if (!same(end.get(), wgs84.get())) throw unusable("does not lead to WGS 84");
  const Pj bound(proj_crs_create_bound_crs(context.get(), source.get(), wgs84.get(), step.get()));
  const char* text = bound ? proj_as_wkt(context.get(), bound.get(), PJ_WKT2_2019, nullptr) : nullptr;
  if (text == nullptr) throw unusable("cannot be bound to " + name());
  return from_text(without_area(text));
}

double Crs::metres_per_unit() const { return m_definition->metres_per_unit; }

std::string Crs::text() const {
  if (kind() == Kind::local && wkt().empty()) return "local";
  return code().empty() ? wkt() : code();
}

bool Crs::same_as(const Crs& other) const {
  if (m_definition == other.m_definition) return true;
  if (kind() != other.kind()) return false;
  if (wkt().empty() || other.wkt().empty()) return wkt() == other.wkt();
  if (is_wgs84() && other.is_wgs84()) return true;
  if (wkt() == other.wkt()) return true;
  const Context context = make_context();
  const Pj mine(proj_create(context.get(), wkt().c_str()));
  const Pj theirs(proj_create(context.get(), other.wkt().c_str()));
  return mine && theirs &&
         proj_is_equivalent_to_with_ctx(context.get(), mine.get(), theirs.get(),
                                        PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS) != 0;
}

namespace {

constexpr std::size_t kTransformBlock = std::size_t{1} << 15;

/// PROJ's objects belong to one thread at a time: copies of an operation, lent out.
class Copies {
 public:
  explicit Copies(const PJ* operation) : m_operation(operation) {}

  struct Copy {
    Context context;
    Pj operation;
  };
  Copy take() {
    const std::lock_guard lock(m_mutex);
    if (m_spare.empty()) {
      Copy copy{make_context(), nullptr};
      copy.operation = Pj(proj_clone(copy.context.get(), m_operation));
      if (!copy.operation) throw std::runtime_error("PROJ cannot copy an operation");
      return copy;
    }
    Copy copy = std::move(m_spare.back());
    m_spare.pop_back();
    return copy;
  }
  void give_back(Copy copy) {
    const std::lock_guard lock(m_mutex);
    m_spare.push_back(std::move(copy));
  }

 private:
  const PJ* m_operation;
  std::mutex m_mutex;
  std::vector<Copy> m_spare;
};

void transform(PJ* operation, std::span<double> x, std::span<double> y) {
  proj_trans_generic(operation, PJ_FWD, x.data(), sizeof(double), x.size(), y.data(), sizeof(double), y.size(), nullptr,
                     0, 0, nullptr, 0, 0);
  proj_errno_reset(operation);
}

}  // namespace

struct Transformer::State {
  Context context = make_context();
  Pj operation;  // none: both sides are the same
};

Transformer::Transformer(const Crs& from, const Crs& to) : m_state(std::make_unique<State>()) {
  if (from.same_as(to)) return;
  PJ_CONTEXT* context = m_state->context.get();
  const auto impossible = [&] {
    return InputError(fmt::format("no transformation leads from {} to {}", from.name(), to.name()),
                      "give the CRS of the layer with --crs");
  };
  if (from.wkt().empty() || to.wkt().empty()) throw impossible();
  // Two systems on one datum need no shift between them.
  const bool shifted = from.datum_shift().has_value() != to.datum_shift().has_value();
  const auto definition = [shifted](const Crs& crs) {
    return shifted && crs.datum_shift() ? bound_wkt(crs.wkt(), *crs.datum_shift()) : crs.wkt();
  };
  const Pj source(proj_create(context, definition(from).c_str()));
  const Pj target(proj_create(context, definition(to).c_str()));
  if (!source || !target) throw impossible();
  const Pj operation(proj_create_crs_to_crs_from_pj(context, source.get(), target.get(), nullptr, nullptr));
  if (!operation) throw impossible();
  m_state->operation = Pj(proj_normalize_for_visualization(context, operation.get()));
  if (!m_state->operation) throw impossible();
}

Transformer::~Transformer() = default;
Transformer::Transformer(Transformer&&) noexcept = default;
Transformer& Transformer::operator=(Transformer&&) noexcept = default;

std::size_t Transformer::apply(std::span<double> x, std::span<double> y) const {
  std::size_t lost = 0;
  if (m_state->operation && x.size() <= kTransformBlock) transform(m_state->operation.get(), x, y);
  if (m_state->operation && x.size() > kTransformBlock) {
    Copies copies(m_state->operation.get());
    parallel_blocks(x.size(), kTransformBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
      Copies::Copy copy = copies.take();
      transform(copy.operation.get(), x.subspan(begin, end - begin), y.subspan(begin, end - begin));
      copies.give_back(std::move(copy));
    });
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isfinite(x[i]) && std::isfinite(y[i])) continue;
    x[i] = y[i] = std::numeric_limits<double>::quiet_NaN();
    ++lost;
  }
  return lost;
}

std::optional<double> Transformer::accuracy() const {
  if (!m_state->operation) return 0;
  const double metres = proj_pj_info(m_state->operation.get()).accuracy;
  return metres >= 0 ? std::optional(metres) : std::nullopt;
}

std::string Transformer::description() const {
  if (!m_state->operation) return "no operation";
  const PJ_PROJ_INFO info = proj_pj_info(m_state->operation.get());
  return info.description != nullptr ? info.description : "";
}

}  // namespace yaan

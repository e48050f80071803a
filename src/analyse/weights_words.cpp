#include "analyse/weights_words.hpp"

#include <fmt/format.h>

#include <string>

namespace yaan {

namespace {

Localized kernel_words(const WeightsOptions& options) {
  static constexpr const char* kKernels[] = {"uniform", "triangular", "epanechnikov", "quartic", "gaussian"};
  const char* kernel = kKernels[static_cast<std::size_t>(options.kernel)];
  return {fmt::format("{} kernel", kernel), fmt::format("เคอร์เนล {}", kernel)};
}

/// "within 5 km", or without a distance the words for the least one that will do.
Localized reach_words(const WeightsOptions& options) {
  if (!(options.distance.value > 0)) return {"least distance with a neighbour", "ระยะน้อยสุดที่มีเพื่อนบ้าน"};
  const std::string reach = to_string(options.distance);
  return {fmt::format("within {}", reach), fmt::format("ในระยะ {}", reach)};
}

Localized rule_words(const WeightsOptions& options, GeometryKind kind) {
  switch (rule_for(options, kind)) {
    case NeighbourRule::queen: return {"queen", "ชิดกันแบบ queen"};
    case NeighbourRule::rook: return {"rook", "ชิดกันแบบ rook"};
    case NeighbourRule::distance_band: return reach_words(options);
    case NeighbourRule::inverse_distance: {
      const Localized reach = reach_words(options);
      return {"inverse distance, " + reach.en, "ส่วนกลับของระยะ " + reach.th};
    }
    case NeighbourRule::kernel: return kernel_words(options);
    case NeighbourRule::nearest:
    case NeighbourRule::automatic: break;
  }
  return {fmt::format("{} nearest", options.nearest), fmt::format("ใกล้สุด {} แห่ง", options.nearest)};
}

Localized style_words(WeightStyle style) {
  switch (style) {
    case WeightStyle::binary: return {"not standardised", "ไม่ปรับน้ำหนัก"};
    case WeightStyle::row: return {"row-standardised", "ปรับผลรวมแถวเป็น 1"};
    case WeightStyle::variance: break;
  }
  return {"variance-stabilising", "ปรับความแปรปรวนให้คงที่"};
}

}  // namespace

Localized weights_words(const WeightsOptions& options, const Layer& features, const Layer* table) {
  Localized rule = table != nullptr
                       ? Localized{fmt::format("given ({})", table->name), fmt::format("ตามที่ให้มา ({})", table->name)}
                       : rule_words(options, features.geometry.kind);
  if (table == nullptr && options.order > 1) {
    rule.en += fmt::format(", order {}{}", options.lower_orders ? "up to " : "", options.order);
    rule.th += fmt::format(" {}ลำดับ {}", options.lower_orders ? "ไม่เกิน" : "", options.order);
  }
  const Localized style = style_words(options.style);
  return {rule.en + ", " + style.en, rule.th + " " + style.th};
}

}  // namespace yaan

#include "analyse/mark_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "yaan/core/numbers.hpp"

namespace yaan {

std::vector<ColumnClass> quadrant_classes() {
  return {{"High-High", {"High-High: high among high", "สูง-สูง: ค่าสูงล้อมด้วยค่าสูง"}, Tone::high},
          {"Low-Low", {"Low-Low: low among low", "ต่ำ-ต่ำ: ค่าต่ำล้อมด้วยค่าต่ำ"}, Tone::low},
          {"Low-High", {"Low-High: low among high", "ต่ำ-สูง: ค่าต่ำล้อมด้วยค่าสูง"}, Tone::low_among_high},
          {"High-Low", {"High-Low: high among low", "สูง-ต่ำ: ค่าสูงล้อมด้วยค่าต่ำ"}, Tone::high_among_low}};
}

std::vector<ColumnClass> spot_classes() {
  return {{"hot spot", {"Hot spot", "จุดร้อน (ค่าสูงกระจุก)"}, Tone::high},
          {"cold spot", {"Cold spot", "จุดเย็น (ค่าต่ำกระจุก)"}, Tone::low}};
}

std::vector<ColumnClass> alike_classes() {
  return {{"alike, high", {"Alike, high", "คล้ายกัน ค่าสูง"}, Tone::high},
          {"alike, low", {"Alike, low", "คล้ายกัน ค่าต่ำ"}, Tone::low},
          {"alike", {"Alike, about the mean", "คล้ายกัน ใกล้ค่าเฉลี่ย"}, Tone::middle},
          {"different", {"Different", "ต่างจากเพื่อนบ้าน"}, Tone::low_among_high}};
}

std::vector<ColumnClass> join_classes() {
  return {{"together", {"Together", "อยู่รวมกัน"}, Tone::high},
          {"apart", {"Apart", "อยู่แยกกัน"}, Tone::low},
          {"", {"another kind, or no neighbours", "ประเภทอื่น หรือไม่มีเพื่อนบ้าน"}, Tone::undefined}};
}

std::vector<ColumnClass> gather_classes() {
  return {{"gather", {"Gather", "รวมกลุ่ม"}, Tone::high},
          {"apart", {"Apart", "แยกกัน"}, Tone::low},
          {"", {"not of the kind, or none around", "ไม่ใช่ประเภทนี้ หรือไม่มีแหล่งรอบข้าง"}, Tone::undefined}};
}

std::vector<ColumnClass> share_classes() {
  return {{"more than its share", {"More than its share", "มากกว่าสัดส่วนรวม"}, Tone::high},
          {"less than its share", {"Less than its share", "น้อยกว่าสัดส่วนรวม"}, Tone::low},
          {"cannot be told", {"Cannot be told", "ยังบอกไม่ได้"}, Tone::quiet},
          {"", {"no points", "ไม่มีแหล่ง"}, Tone::undefined}};
}

std::vector<ColumnClass> scan_classes() {
  return with_quiet({{"more", {"More cases than expected", "พบมากกว่าที่คาดหมาย"}, Tone::high},
                     {"fewer", {"Fewer cases than expected", "พบน้อยกว่าที่คาดหมาย"}, Tone::low},
                     {"", {"in no cluster, or not tested", "ไม่อยู่ในคลัสเตอร์ หรือไม่ได้ทดสอบ"}, Tone::undefined}});
}

std::vector<ColumnClass> change_classes() {
  return {{"grown", {"Grown", "เพิ่มขึ้น"}, Tone::high},
          {"shrunk", {"Shrunk", "ลดลง"}, Tone::low},
          {"", {"nothing to compare", "ไม่มีข้อมูลให้เปรียบเทียบ"}, Tone::undefined}};
}

std::vector<ColumnClass> doubtful_change_classes() {
  return {{"grown", {"Grown", "เพิ่มขึ้น"}, Tone::high},
          {"maybe grown", {"Maybe grown", "อาจเพิ่มขึ้น"}, Tone::high_among_low},
          {"maybe shrunk", {"Maybe shrunk", "อาจลดลง"}, Tone::low_among_high},
          {"shrunk", {"Shrunk", "ลดลง"}, Tone::low}};
}

std::vector<ColumnClass> with_quiet(std::vector<ColumnClass> marks) {
  const auto null =
      std::find_if(marks.begin(), marks.end(), [](const ColumnClass& mark) { return mark.value.empty(); });
  const bool said = null != marks.end();
  marks.insert(null, {"not significant", {"Not significant", "ไม่มีนัยสำคัญ"}, Tone::quiet});
  if (!said) marks.push_back({"", {"no neighbours or no value", "ไม่มีเพื่อนบ้านหรือไม่มีค่า"}, Tone::undefined});
  return marks;
}

Localized correction_words(Correction correction) {
  const auto named = [](const char* name) {
    return Localized{fmt::format("corrected by {}", name), fmt::format("ปรับแบบ {}", name)};
  };
  switch (correction) {
    case Correction::none: break;
    case Correction::benjamini_hochberg: return named("Benjamini-Hochberg");
    case Correction::benjamini_yekutieli: return named("Benjamini-Yekutieli");
    case Correction::bonferroni: return named("Bonferroni");
  }
  return {"not corrected for many tests", "ไม่ปรับหลายการทดสอบ"};
}

Localized level_words(double significance, const Localized& how) {
  const std::string level = shortest(significance);
  return {fmt::format("p at most {}, {}", level, how.en), fmt::format("p ไม่เกิน {} {}", level, how.th)};
}

Localized joined(const Localized& first, const Localized& second) {
  return {fmt::format("{}; {}", first.en, second.en), fmt::format("{}; {}", first.th, second.th)};
}

}  // namespace yaan

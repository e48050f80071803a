#pragma once
// Every text of the window in both languages.

#include "yaan/core/localized.hpp"

namespace yaan::viewer::words {

inline const Localized kProgram{"Yaan", "ย่าน"};
inline const Localized kFit{"Whole map", "ดูทั้งแผนที่"};
inline const Localized kSavePicture{"Save picture", "บันทึกภาพ"};
inline const Localized kSaved{"Picture saved: ", "บันทึกภาพแล้ว: "};
inline const Localized kOtherLanguage{"ภาษาไทย", "English"};

inline const Localized kAnalysis{"Find districts", "ค้นหาย่าน"};
inline const Localized kDistricts{"districts", "ย่าน"};
inline const Localized kSitesInDistricts{"sites in districts", "แห่งอยู่ในย่าน"};
inline const Localized kSitesOutside{"sites outside", "แห่งอยู่นอกย่าน"};
inline const Localized kSites{"sites", "แห่ง"};
inline const Localized kComputing{"computing ...", "กำลังคำนวณ ..."};
inline const Localized kComputedIn{"computed in ", "คำนวณใน "};
inline const Localized kMilliseconds{" ms", " มิลลิวินาที"};
inline const Localized kSeconds{" s", " วินาที"};
inline const Localized kMetres{" m", " ม."};
inline const Localized kKilometres{" km", " กม."};
inline const Localized kMoreSettings{"More settings", "ตั้งค่าเพิ่มเติม"};
inline const Localized kNotes{"Notes on the data", "หมายเหตุเกี่ยวกับข้อมูล"};
inline const Localized kOnlyMap{"This file holds no sites. Open a study or a file of sites to find districts.",
                                "ไฟล์นี้ไม่มีสถานที่ เปิดไฟล์โครงการศึกษาหรือไฟล์สถานที่เพื่อค้นหาย่าน"};

inline const Localized kNoSliders{"The steps of this study have run; their result colours the map.",
                                  "คำนวณขั้นตอนของโครงการแล้ว ผลลัพธ์แสดงเป็นสีบนแผนที่"};

inline const Localized kColours{"Colours of the map", "สีของแผนที่"};
inline const Localized kColoursOfDistricts{"Districts and sites", "ย่านและสถานที่"};

inline const Localized kBackdrops{"Pictures under the map", "ภาพใต้แผนที่"};

inline const Localized kTable{"Creative districts", "ย่านสร้างสรรค์"};
inline const Localized kName{"District", "ย่าน"};
inline const Localized kCount{"Sites", "แห่ง"};
inline const Localized kArea{"km²", "ตร.กม."};
inline const Localized kProvince{"Province", "จังหวัด"};
inline const Localized kNoDistricts{"No districts with these settings. Try a larger radius or fewer points.",
                                    "ไม่พบย่านด้วยค่านี้ ลองเพิ่มรัศมีหรือลดจำนวนจุดขั้นต่ำ"};

inline const Localized kLegend{"Legend", "คำอธิบายสัญลักษณ์"};
inline const Localized kLegendSites{"Site in a district (colour of the district)", "สถานที่ในย่าน (สีตามย่าน)"};
inline const Localized kLegendNoise{"Site outside every district", "สถานที่นอกย่าน"};
inline const Localized kLegendPlainSites{"Site", "สถานที่"};
inline const Localized kLegendDistrict{"District", "ขอบเขตย่าน"};
inline const Localized kAndMore{"and more: ", "และอีก "};
inline const Localized kLegendProvince{"Province", "จังหวัด"};

}  // namespace yaan::viewer::words

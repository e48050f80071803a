#!/usr/bin/env python3
"""Parts of columns are guessed from what people write above them, and the proposal can be pasted into a study."""
import json
import unittest

from program import WGS84, CliTest
from reference_data import BOUNDARIES, ReferenceTest


def fragment(said, name):
    """The layer of a study that yaan inspect proposes."""
    line = next(line for line in said.splitlines() if line.strip().startswith(f'"{name}": {{'))
    return json.loads("{" + line + "}")[name]


class Headers(ReferenceTest):
    """Parts of columns guessed from what people write above them."""

    def guesses(self, head, rows):
        (self.folder / "list.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        layer = self.layer("list.csv")
        return layer, {role["role"]: role["column"] for role in layer["roles"]}

    def test_coordinates(self):
        for head in ("lat,long", "Latitude,Longitude", "ละติจูด,ลองจิจูด", "ละติจูด (N),ลองจิจูด (E)", "LAT,LNG", "Y,X", "lat_wgs84,lon_wgs84",
                     "พิกัด Y,พิกัด X", "Northing,Easting", "POINT_Y,POINT_X", "เส้นรุ้ง,เส้นแวง", "ค่าพิกัด Y (UTM),ค่าพิกัด X (UTM)",
                     "Y_COORD,X_COORD", "Latitude (decimal),Longitude (decimal)", "ละติจูดของแหล่ง,ลองจิจูดของแหล่ง", "UTM_N,UTM_E"):
            north, east = head.split(",")
            layer, _ = self.guesses(f"ชื่อ,{head}", ["วัด,18.5,98.5", "บ้าน,18.6,98.6"])
            self.assertEqual((layer["x"], layer["y"]), (east, north), head)
        # Two of a kind: nobody knows which one counts.
        layer, _ = self.guesses("ชื่อ,lat_old,lon_old,lat_new,lon_new", ["วัด,18.5,98.5,18.6,98.6"])
        self.assertEqual((layer["x"], layer["y"]), ("", ""))
        self.fails(2, r"list\.csv is a table, and none of its columns is called as coordinates usually are", "dbscan", "list.csv",
                   *WGS84, advice=r"--x and --y.*they are ชื่อ, lat_old, lon_old, lat_new, lon_new")

    def test_parts(self):
        for head, row, expected in (
                ("รหัส,ชื่อแหล่ง,ประเภท,พ.ศ.,จังหวัด", "{i},วัด {i},วัด,250{i},เชียงใหม่",
                 {"id": "รหัส", "name_th": "ชื่อแหล่ง", "category": "ประเภท", "year": "พ.ศ.", "area": "จังหวัด"}),
                ("ที่,ชื่อโบราณสถาน,ชื่อภาษาอังกฤษ,หมวดหมู่,ปีที่สร้าง,ชื่อจังหวัด", "{i},วัด {i},Wat {i},วัด,250{i},เชียงใหม่",
                 {"id": "ที่", "name_th": "ชื่อโบราณสถาน", "name_en": "ชื่อภาษาอังกฤษ", "category": "หมวดหมู่", "year": "ปีที่สร้าง",
                  "area": "ชื่อจังหวัด"}),
                ("No.,Site Name,Type,Year Built,Province", "{i},Wat {i},Temple,190{i},Chiang Mai",
                 {"id": "No.", "name_en": "Site Name", "category": "Type", "year": "Year Built", "area": "Province"}),
                ("OBJECTID,NAME_T,NAME_E,PROV_NAM_T,CATEGORY", "{i},วัด {i},Wat {i},เชียงใหม่,Temple",
                 {"id": "OBJECTID", "name_th": "NAME_T", "name_en": "NAME_E", "category": "CATEGORY"}),
                ("site_id,thai_name,english_name,uccn_field,weight,publication", "s{i},วัด {i},Wat {i},Design,{i},open",
                 {"id": "site_id", "name_th": "thai_name", "name_en": "english_name", "field": "uccn_field", "weight": "weight"})):
            _, roles = self.guesses(head + ",lat,lon", [row.format(i=i) + f",18.{i},98.{i}" for i in range(1, 6)])
            for role, column in expected.items():
                self.assertEqual(roles.get(role), column, head)

    def test_mapped_codes_keep_their_zeros(self):
        (self.folder / "list.csv").write_text("lon,lat,mark,size\n98.5,18.5,1.1,2.50\n98.6,18.6,1.10,3.00\n", encoding="utf-8")
        layer = {"file": "list.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326", "columns": {"name_en": "mark"}}
        self.write_study({"yaan_study": 1, "layers": {"sites": layer}, "outputs": [{"layer": "sites", "file": "out.csv"}]})
        self.succeeds("run", "study.json", stderr=r"(.|\n)*")
        self.assertEqual([(row["mark"], row["size"]) for row in self.rows("out.csv")], [("1.1", "2.5"), ("1.10", "3")])

    def test_heads_of_the_reference_data(self):
        self.need(BOUNDARIES)
        for name, expected in (("dhanabhon_provinces.csv", {"name_th": "PROVINCE_THAI", "name_en": "PROVINCE_ENGLISH", "code": "CODE"}),
                               ("dhanabhon_sub_districts.csv", {"name_th": "SUB_DISTRICT_THAI", "name_en": "SUB_DISTRICT_ENGLISH",
                                                                "code": "SUB_DISTRICT_CODE"}),
                               ("mapthai_tha2.gpkg", {"name_th": "adm2_th", "name_en": "adm2_en", "code": "adm2_pcode"}),
                               ("mapthai_tha3.gpkg", {"name_th": "adm3_th", "name_en": "adm3_en", "code": "adm3_pcode"}),
                               ("mapthai_th_adm1.geojson", {"name_th": "ADM1_TH", "name_en": "ADM1_EN", "code": "ADM1_PCODE"}),
                               ("sompobch_thailand_district.geojson", {"name_th": "ADM2_TH", "name_en": "ADM2_EN"}),
                               ("sompobch_thailand_sub_district.geojson", {"name_th": "ADM3_TH", "name_en": "ADM3_EN"})):
            roles = {role["role"]: role["column"] for role in self.layer(BOUNDARIES / name)["roles"]}
            for role, column in expected.items():
                self.assertEqual(roles.get(role), column, name)
            self.assertNotIn("area", roles if name.endswith(("gpkg", "json")) else {}, name)

    def test_fragment_of_eastings_asks_for_their_system(self):
        (self.folder / "utm.csv").write_text("ชื่อ,X,Y\nวัด,498071.5,2077425.8\nบ้าน,497000,2070000\n", encoding="utf-8")
        layer = fragment(self.succeeds("inspect", "utm.csv"), "utm")
        self.assertEqual(layer, {"file": "utm.csv", "x": "X", "y": "Y", "columns": {"name_th": "ชื่อ"}})
        self.write_study({"yaan_study": 1, "layers": {"areas": {"file": "areas.geojson"}, "utm": layer},
                          "outputs": [{"layer": "utm", "file": "out.csv"}]})
        self.fails(1, r"utm\.csv does not say", "run", "study.json", "--out", "out", advice="EPSG:32647")


class Mapping(CliTest):
    """What yaan inspect proposes can be pasted into a study."""

    def test_fragment_is_a_layer_of_a_study(self):
        text = ("ทะเบียนแหล่งมรดก,,,,,\n"
                "ลำดับ,ชื่อแหล่ง,ประเภท,ละติจูด,ลองจิจูด,จังหวัด\n"
                "1,วัดโพธิ์,วัด,18.5,98.5,Area\n2,ตลาดน้ำ,ตลาด,18.6,98.6,Area\n3,หอศิลป์,ศิลปะ,18.7,98.7,Area\n")
        (self.folder / "list.csv").write_text(text, encoding="utf-8")
        said = self.succeeds("inspect", "list.csv", *WGS84)
        self.assertIn("header-row", said)
        layer = fragment(said, "list")
        self.assertEqual(layer["columns"], {"id": "ลำดับ", "name_th": "ชื่อแหล่ง", "category": "ประเภท", "area": "จังหวัด"})
        self.write_study({"yaan_study": 1, "layers": {"list": layer}, "outputs": [{"layer": "list", "file": "out.geojson"}]})
        self.report("run", "study.json", "--out", "out")
        self.assertEqual([feature["id"] for feature in self.features("out/out.geojson")], [1, 2, 3])

    def test_unclear_guess_asks(self):
        (self.folder / "two.csv").write_text("name,ชื่อ,lat,lon\nวัด,วัด,18.5,98.5\nบ้าน,บ้าน,18.6,98.6\n", encoding="utf-8")
        roles = self.layer("two.csv", *WGS84)["roles"]
        self.assertEqual([(role["role"], role["column"], role["rival"]) for role in roles], [("name_th", "ชื่อ", "")])
        (self.folder / "two.csv").write_text("ชื่อไทย,ชื่อ,lat,lon\nวัด,วัด,18.5,98.5\nบ้าน,บ้าน,18.6,98.6\n", encoding="utf-8")
        self.assertIn("or is it ชื่อ?", " ".join(self.succeeds("inspect", "two.csv", *WGS84).split()))


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Tables as offices put them together: rows in other systems and encodings, no header, texts for numbers, repeated ids."""
import datetime
import json
import unittest

import openpyxl
from osgeo import osr

from program import ANYTHING, WGS84, CliTest

SUKHOTHAI = [(99.70 + i / 500, 17.01 + i / 700) for i in range(40)]


def utm(zone, longitude, latitude, datum=32600):
    there = osr.SpatialReference()
    there.ImportFromEPSG(datum + zone)
    here = osr.SpatialReference()
    here.ImportFromEPSG(4326)
    for system in (here, there):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(here, there).TransformPoint(longitude, latitude)[:2]


class Tables(CliTest):
    def table(self, name, *lines, encoding="utf-8"):
        (self.folder / name).write_bytes("\n".join(lines).encode(encoding) + b"\n")
        return name

    def run_layer(self, **layer):
        """The rows of a layer as a study writes them, and the diagnostics by code."""
        self.write_study({"yaan_study": 1, "layers": {"sites": layer}, "outputs": [{"layer": "sites", "file": "out.geojson"}]})
        self.succeeds("run", "study.json", "--out", "out", "--overwrite", stderr=ANYTHING)
        written = json.loads((self.folder / "out/out.geojson").read_text(encoding="utf-8"))
        return written["features"], self.counts(written["yaan"])

    def test_a_table_without_a_header_keeps_its_first_row(self):
        name = self.table("bare.csv", "1,วัดก,18.7,98.9", "2,วัดข,18.71,98.91", "3,วัดค,18.72,98.92")
        layer = self.layer(name, "--x", "column_4", "--y", "column_3", *WGS84)
        self.assertEqual((layer["features"], layer["usable"], self.counts(layer)["no-header"]), (3, 3, 1))
        self.assertEqual(self.layer(self.table("two.csv", "1,ก,18.7,98.9", "2,ข,18.71,98.91"))["features"], 2)
        layer = self.layer(name, "--header-row", "1", "--x", "98.9", "--y", "18.7", *WGS84)
        self.assertEqual(layer["features"], 2)
        self.assertNotIn("no-header", self.counts(layer))
        # Years may be names, above numbers with decimals.
        layer = self.layer(self.table("years.csv", "2564,2565", "1.5,2.5", "3.5,4.5", "5.5,6.5"))
        self.assertEqual([field["name"] for field in layer["fields"]], ["2564", "2565"])

    def test_rows_of_another_zone_and_in_degrees(self):
        places = [(99.70, 17.01), (102.94, 14.53), (99.71, 17.02), (99.72, 17.03)]
        rows = ["code,name,โซน,easting,northing"]
        for at, (longitude, latitude) in enumerate(places):
            zone = 48 if longitude > 102 else 47
            x, y = utm(zone, longitude, latitude)
            rows.append(f"{at},วัด{at},{zone}N,{x:.1f},{y:.1f}")
        rows.append("4,วัด4,47N,99.73,17.04")
        features, counts = self.run_layer(file=self.table("zones.csv", *rows), crs="EPSG:32647")
        for feature, (longitude, latitude) in zip(features, [*places, (99.73, 17.04)]):
            x, y = feature["geometry"]["coordinates"]
            self.assertAlmostEqual(x, longitude, 5)
            self.assertAlmostEqual(y, latitude, 5)
        self.assertEqual((counts["utm-zone"], counts["degrees-among-metres"]), (1, 1))

    def test_zones_on_the_old_datum(self):
        rows = ["id,zone,easting,northing"]
        for at, (longitude, latitude) in enumerate([(101.9, 15.0), (101.9, 15.0)]):
            x, y = utm(47 + at, longitude, latitude, 24000)
            rows.append(f"{at},{47 + at},{x:.2f},{y:.2f}")
        features, counts = self.run_layer(file=self.table("old.csv", *rows), crs="EPSG:24047")
        (x0, y0), (x1, y1) = (feature["geometry"]["coordinates"] for feature in features)
        self.assertLess(max(abs(x0 - x1), abs(y0 - y1)), 1e-6)  # 10 cm
        self.assertEqual(counts["utm-zone"], 1)

    def test_one_mistyped_row_does_not_decide_the_crs(self):
        places = [utm(47, *place) for place in SUKHOTHAI]
        rows = ["id,easting,northing"] + [f"{at},{x:.1f},{y:.1f}" for at, (x, y) in enumerate(places)]
        rows += ["40,57490,1881440", f"41,{places[0][1]:.1f},{places[0][0]:.1f}"]
        self.table("plane.csv", *rows)
        self.write_features("areas.geojson", [{"type": "Feature", "properties": {"name_en": "Sukhothai"}, "geometry": {
            "type": "Polygon", "coordinates": [[[99.3, 16.8], [100.1, 16.8], [100.1, 17.6], [99.3, 17.6], [99.3, 16.8]]]}}])
        study = {"yaan_study": 1, "layers": {"areas": {"file": "areas.geojson"}, "sites": {"file": "plane.csv"}},
                 "outputs": [{"layer": "sites", "file": "out.csv"}]}
        self.write_study(study)
        self.fails(1, r"plane\.csv", "run", "study.json", "--out", "out", advice=r"put it where the study is: EPSG:32647, EPSG:24047")
        study["layers"]["sites"]["assume_crs"] = "EPSG:32647"
        self.write_study(study)
        self.succeeds("run", "study.json", "--out", "out", stderr=ANYTHING)

    def test_weights_as_texts(self):
        rows = ["id,name,lat,lon,weight", 'a,ก,18.70,98.90,"1,234"', "b,ข,18.71,98.91,๒๐", "c,ค,18.72,98.92,-",
                "d,ง,18.73,98.93,หนัก"]
        features, counts = self.run_layer(file=self.table("weights.csv", *rows), crs="EPSG:4326")
        self.assertEqual([feature["properties"]["weight"] for feature in features], [1234, 20, None, None])
        self.assertEqual((counts["weight-text"], counts["unreadable-weight"]), (2, 1))

    def test_lines_in_two_encodings(self):
        head = "รหัส,ชื่อ,ละติจูด,ลองจิจูด\n".encode()
        rows = [f"{i},วัดที่ {i} ในเมือง,18.7{i},98.9{i}\n" for i in range(8)]
        (self.folder / "mixed.csv").write_bytes(head + b"".join(row.encode("cp874" if i % 2 else "utf-8") for i, row in enumerate(rows)))
        features, counts = self.run_layer(file="mixed.csv", crs="EPSG:4326")
        self.assertEqual([feature["properties"]["ชื่อ"] for feature in features], [f"วัดที่ {i} ในเมือง" for i in range(8)])
        self.assertEqual(counts["mixed-encoding"], 4)
        self.assertNotIn("lost-text", counts)

    def test_separators_below_a_title(self):
        for name, lines in (("a.csv", ["", "id;name;lat;lon", "1;ก;18,7;98,9", "2;ข;18,71;98,91"]),
                            ("b.csv", ["ทะเบียน, ปี 2567, ฉบับร่าง", "id;name;lat;lon", "1;ก, ข;18.7;98.9", "2;ค;18.71;98.91"]),
                            ("c.csv", ["ทะเบียน", "จัดทำโดย สวจ.\tปี 2567", "ชื่อ\tlat\tlon", "ก, ข\t18.7\t98.9", "ค\t18.71\t98.91"])):
            layer = self.layer(self.table(name, *lines), *WGS84)
            self.assertEqual((layer["features"], layer["usable"]), (2, 2), name)
            self.assertNotIn("long-row", self.counts(layer))

    def test_misspelt_headers(self):
        for x, y in (("Longtitude", "Lattitude"), ("Longtitude (E)", "Latitude (N)"), ("ค่าพิกัดตะวันออก", "ค่าพิกัดเหนือ")):
            layer = self.layer(self.table("headers.csv", f"id,{y},{x}", "1,18.7,98.9", "2,18.8,98.8"), *WGS84)
            self.assertEqual((layer["usable"], layer["extent"]), (2, [98.8, 18.7, 98.9, 18.8]), x)

    def test_what_is_doubted_when_a_study_reads(self):
        rows = ["id,name,lat,lon,checked", "1,ก,18.7,98.9,2024-05-01", "1,ข,0,0,2566-05-01", "2,ค,18.72,98.92,2024-06-01"]
        _, counts = self.run_layer(file=self.table("doubts.csv", *rows), crs="EPSG:4326")
        self.assertEqual((counts["repeated-id"], counts["null-island"], counts["ambiguous-date"]), (1, 1, 1))

    def test_years_of_two_digits(self):
        rows = ["id,lat,lon,seen,ปี พ.ศ."] + [f"{i},18.7{i},98.9,{seen},{year}" for i, (seen, year) in enumerate(
            [("1/5/67", "2567"), ("15 พ.ค. 67", "-"), ("3-12-66", "ไม่ทราบ"), ("", "2566")])]
        features, counts = self.run_layer(file=self.table("short.csv", *rows), crs="EPSG:4326")
        self.assertEqual(counts["ambiguous-date"], 3)
        self.assertEqual(features[1]["properties"]["seen"], "15 พ.ค. 67")
        self.assertNotIn("unreadable-year", counts)

    def test_a_folder_with_other_headers_each_year(self):
        folder = self.folder / "yearly"
        folder.mkdir()
        self.table("yearly/2566.csv", "id,name,lat,lon", "1,ก,18.7,98.9")
        self.table("yearly/2567.csv", "id,name,ละติจูด,ลองจิจูด", "2,ข,18.8,98.8")
        for fragment in self.inspect("yearly")["layers"]:
            self.assertNotIn('"x"', json.dumps(fragment.get("study", "")))
        printed = [line.strip() for line in self.succeeds("inspect", "yearly").splitlines() if '{"file": "yearly"' in line]
        self.assertTrue(printed)
        for line in printed:
            description = json.loads("{" + line + "}")
            features, _ = self.run_layer(**next(iter(description.values())))
            self.assertEqual(len(features), 2, line)

    def test_claims_are_compared_or_said_not_to_be(self):
        self.write_features("areas.geojson", [{"type": "Feature", "properties": {"pro_th": name, "pro_en": english}, "geometry": {
            "type": "Polygon", "coordinates": [[[x, 14], [x + 1, 14], [x + 1, 15], [x, 15], [x, 14]]]}}
            for x, name, english in ((103, "บุรีรัมย์", "Buri Ram"), (104, "สุรินทร์", "Surin"))])
        self.table("sites.csv", "id,name,claims,lat,lon", "1,ก,บุรีรัมภ์,14.5,103.5", "2,ข,-,14.5,103.6", "3,ค,ไม่ทราบ,14.5,104.5",
                   "4,ง,สุรินทร์,14.5,104.6")
        study = {"yaan_study": 1, "layers": {
            "areas": {"file": "areas.geojson"},
            "sites": {"file": "sites.csv", "crs": "EPSG:4326", "columns": {"id": "id", "area": "claims"}}},
            "outputs": [{"layer": "sites", "file": "out.csv"}]}
        self.write_study(study)
        self.assertIn("claims says in which area each row lies, but no layer", self.report("check", "study.json", "--out", "none"))
        study["layers"]["areas"]["columns"] = {"name_th": "pro_th", "name_en": "pro_en"}
        self.write_study(study)
        found = self.check("named")
        self.assertEqual(set(found), {("1", "claim-unknown-name")})
        row = found["1", "claim-unknown-name"]
        self.assertEqual((row["repair"], row["value"]), ("rename", "บุรีรัมย์"))


class Books(CliTest):
    def test_times_and_codes(self):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["id", "lat", "lon", "seen", "tel"])
        for at, seen in enumerate([datetime.datetime(2024, 1, 1), datetime.datetime(2024, 1, 3, 18, 30)]):
            sheet.append([at, 18.7 + at / 100, 98.9, seen, 812345678 + at])
            sheet.cell(at + 2, 5).number_format = "0000000000"
        book.save(self.folder / "book.xlsx")
        layer = self.layer("book.xlsx", *WGS84)
        fields = {field["name"]: field for field in layer["fields"]}
        self.assertEqual(fields["seen"]["type"], "text")
        self.assertIn("2024-01-03 18:30:00", json.dumps(fields["seen"]))
        self.assertEqual(fields["tel"]["type"], "text")
        self.assertIn("0812345678", json.dumps(fields["tel"]))
        self.assertEqual(self.counts(layer)["code-with-zeros"], 2)


class Kml(CliTest):
    def test_thai_names_of_data(self):
        (self.folder / "sites.kml").write_text("""<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>sites</name>
<Placemark><name>วัดก</name><description><![CDATA[<Data name="ในข้อความ">]]></description><ExtendedData><Data name="โทร"><value>0812345678</value></Data><Data name="ปีก"><value>2400</value></Data>
<Data name="a &amp; b"><value>x</value></Data></ExtendedData><Point><coordinates>99.7,17.0</coordinates></Point></Placemark>
<Placemark><name>วัดข</name><ExtendedData><Data name='ตำบล'><value>ในเมือง</value></Data><Data name="plain_1"><value>y</value></Data>
</ExtendedData><Point><coordinates>99.8,17.1</coordinates></Point></Placemark></Document></kml>""", encoding="utf-8")
        layer = self.layer("sites.kml")
        values = {field["name"]: json.dumps(field, ensure_ascii=False) for field in layer["fields"]}
        for name, value in (("โทร", "0812345678"), ("ปีก", "2400"), ("a & b", "x"), ("ตำบล", "ในเมือง"), ("plain_1", "y")):
            self.assertIn(value, values[name])
        self.assertIn("ในข้อความ", values["description"])
        (self.folder / "broken.kml").write_text((self.folder / "sites.kml").read_text(encoding="utf-8")[:600], encoding="utf-8")
        self.fails(1, r"broken\.kml", "inspect", "broken.kml")


if __name__ == "__main__":
    unittest.main()

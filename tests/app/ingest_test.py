#!/usr/bin/env python3
"""Reads by the real program what offices really have: the reference data with the counts that its index states, the site
list whose truth is known, workbooks, files in every system. YAAN_SHARED names the folder of reference data."""
import csv
import datetime
import json
import os
import pathlib
import re
import shutil
import socket
import unittest
import zipfile

import openpyxl
import openpyxl.utils.datetime

from cli_test import SOURCE, WGS84, CliTest
from osgeo import ogr, osr

SHARED = pathlib.Path(os.environ.get("YAAN_SHARED", SOURCE / "../shared"))
BOUNDARIES = SHARED / "data/boundaries"
DIRTY = SHARED / "data/dirty"


class IngestTest(CliTest):
    def need(self, path):
        if not path.exists():
            self.skipTest(f"no reference data: {path}")
        return path

    def layers(self, file, *args):
        """What inspect says of the layers of the file."""
        return json.loads(self.succeeds("inspect", file, *args, "--json"))["layers"]

    def layer(self, file, *args):
        layers = self.layers(file, *args)
        self.assertEqual(len(layers), 1, file)
        return layers[0]

    @staticmethod
    def counts(layer):
        """Diagnostics of the layer by their code."""
        found = {}
        for entry in layer["diagnostics"]:
            found[entry["code"]] = found.get(entry["code"], 0) + entry["count"]
        return found

    def checks(self, out):
        """Problems of the table of checks by id."""
        done = self.yaan("check", "study.json", "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        problems = {}
        with open(self.folder / out / "checks.csv", encoding="utf-8-sig", newline="") as table:
            for row in csv.DictReader(table):
                problems.setdefault(row["id"], {})[row["problem"]] = row
        return problems


class ReferenceFiles(IngestTest):
    """Every file of the reference data that is a layer, with the counts of its index."""

    def test_boundaries(self):
        self.need(BOUNDARIES)
        # Features, those that can be used, invalid polygons.
        expected = {"ne10m_qgis_thailand.geojson": (77, 77, 0), "thailand.json": (77, 77, 0),
                    "mapthai_tha1.gpkg": (77, 77, 0), "mapthai_tha2.gpkg": (928, 928, 0),
                    "mapthai_tha3.gpkg": (7425, 7425, 0), "mapthai_tha1_2489.gpkg": (65, 65, 0),
                    "mapthai_th_adm1.geojson": (77, 77, 0), "mapthai_th_adm2.geojson": (928, 928, 0),
                    "sompobch_thailand_province.geojson": (77, 77, 9), "sompobch_thailand_district.geojson": (928, 928, 9),
                    "sompobch_thailand_sub_district.geojson": (7419, 7398, 51),
                    "noppakorn_th-adm1-province-centroid.geojson": (77, 77, 0),
                    "noppakorn_th-adm2-district-centroid.geojson": (928, 928, 0),
                    "dhanabhon_provinces.csv": (77, 77, 0), "dhanabhon_districts.csv": (928, 928, 0),
                    "dhanabhon_sub_districts.csv": (7436, 7351, 0), "province_codes.csv": (77, 77, 0)}
        for name, (features, usable, invalid) in expected.items():
            layer = self.layer(BOUNDARIES / name)
            found = self.counts(layer)
            self.assertEqual((layer["features"], layer["usable"], found.get("invalid-polygon", 0)),
                             (features, usable, invalid), name)
            lost = sum(entry["count"] for entry in layer["diagnostics"] if entry["severity"] == "skipped")
            self.assertEqual(lost, features - usable, name)
        listed = {path.name for path in BOUNDARIES.iterdir() if path.suffix not in ("", ".md")}
        self.assertEqual(listed, {*expected, "sompobch_thailand_province.topojson"})

    def test_topojson(self):
        file = self.need(BOUNDARIES / "sompobch_thailand_province.topojson")
        layer = self.layer(file)
        self.assertEqual((layer["features"], layer["usable"]), (77, 77))
        self.assertEqual(self.counts(layer)["no-crs"], 1)
        self.assertEqual({role["role"]: role["column"] for role in layer["roles"]}["name_th"], "ADM1_TH")
        # As the GeoJSON of the same provinces, but for the grid of the topology.
        other = self.layer(BOUNDARIES / "sompobch_thailand_province.geojson")
        for mine, theirs in zip(layer["extent"], other["extent"]):
            self.assertAlmostEqual(mine, theirs, 3)

    def test_dirty_layers(self):
        self.need(DIRTY)
        for name, features, invalid in (("thailandwithdensity.json", 76, 0), ("thailandWithName.json", 77, 1),
                                        ("sidecars/apisit_simplified/thailandWithName.json", 76, None)):
            layer = self.layer(DIRTY / name)
            self.assertEqual((layer["features"], layer["usable"]), (features, features), name)
            if invalid is not None:
                self.assertEqual(self.counts(layer).get("invalid-polygon", 0), invalid, name)
        for folder in ("cp874_nocpg", "cp874_noprj_24047", "indian_24047", "utm47_32647", "utm48_32648"):
            layer = self.layer(DIRTY / folder / "prov.shp")
            found = self.counts(layer)
            self.assertEqual((layer["features"], layer["usable"]), (77, 77), folder)
            self.assertEqual(found.get("guessed-encoding", 0), 77 if folder.startswith("cp874") else 0, folder)
            self.assertEqual(found.get("no-crs", 0), 1 if folder == "cp874_noprj_24047" else 0, folder)
            self.assertEqual(found.get("datum-shift", 0), 1 if folder == "indian_24047" else 0, folder)
            thai = next(field for field in layer["fields"] if field["name"] == "adm1_th")
            self.assertEqual(thai["samples"][0], "กรุงเทพมหานคร", folder)

    def test_parts_of_shapefiles_that_are_missing(self):
        sidecars = self.need(DIRTY / "sidecars")
        layer = self.layer(sidecars / "thailand.shp")
        self.assertEqual((layer["usable"], self.counts(layer)["missing-dbf"]), (224, 1))
        self.assertEqual(self.counts(self.layer(sidecars / "apisit_simplified/thailand.shp")).get("no-crs"), 1)
        self.fails(1, r"gi_changwatv7308\.shp: the \.shp part of the Shapefile is missing", "inspect",
                   sidecars / "apisit_TH_shape/gi_changwatv7308.shp", advice=r"its table alone can be read from the \.dbf")
        self.fails(1, r"thailand\.dbf is the table of a Shapefile", "inspect", sidecars / "apisit_simplified/thailand.dbf",
                   advice=r"name .*thailand\.shp")

    def test_lost_text(self):
        table = self.need(DIRTY / "sidecars/cvibhagool/thailand-provinces.dbf")
        layer = self.layer(table)
        self.assertEqual((layer["features"], layer["geometry"]), (78, "none"))
        lost = next(entry for entry in layer["diagnostics"] if entry["code"] == "lost-text")
        self.assertEqual(lost["count"], 76)  # two lakes have no name
        self.assertIn("NL_NAME_1 was lost at its source", lost["message"])


class GeoJsonSuite(IngestTest):
    """The 62 files of geojsonhint: good ones are accepted, of each bad one the reason is said."""

    REASON = {
        "bad-duplicate-properties": "a member is there twice", "bad-featurelist": "the coordinates are not those of a Polygon",
        "bad-json": "JSON parsing error", "bad-object-type": "there is no type, or it is no text",
        "bad-polygon-interiorring-rhr": "right-hand rule", "bad-polygonloop": "the coordinates are not those of a Polygon",
        "bad-properties-as-array": "properties are neither an object nor null", "badcoord": "the coordinates are not those of a Point",
        "badcoordtype": "the coordinates are not those of a MultiPolygon", "badfeature": "a feature is not an object",
        "badfeatureid": "an id is neither a text nor a number", "bbox-4or6elements": "a bbox is not an array of four or six numbers",
        "bbox-contains-string": "a bbox is not an array of four or six numbers", "bbox-string": "a bbox is not an array of four or six numbers",
        "different-first-last": "polygons with an open ring were closed", "different-first-size": "heights were left out",
        "excessive_precision_truncated": "more than nine decimals", "expected_object": "properties are neither an object nor null",
        "false": "a geometry is not an object", "feature_changed_semantics": "a Feature may not have a member features",
        "featurecollection-obj": "Missing 'features' member", "featurecollection-type-case": "the type featurecollection is unknown",
        "featurecollection": "Missing 'features' member", "featurecollection_changed_semantics": "may not have a member coordinates",
        "geometry_changed_semantics": "a feature does not say that its type is Feature",
        "geometrycollection_nested": "a collection of geometries stands within another",
        "geometrycollection_single": "a collection holds a single geometry", "multiple_problems": "an id is neither a text nor a number",
        "multipoint-multidimension": "the coordinates are not those of a MultiPoint",
        "multipoint-nondimension": "the coordinates are not those of a MultiPoint",
        "nofeaturetype": "a feature does not say that its type is Feature", "notype": "there is no type, or it is no text",
        "point-labeled-as-a-multipolygon": "the coordinates are not those of a MultiPolygon",
        "point-string": "the coordinates are not those of a Point", "point-toofew": "a position does not have two or three numbers",
        "point-toomany": "a position does not have two or three numbers", "point": "a geometry has no coordinates",
        "polygon_winding_order": "right-hand rule", "rootstring": "its content looks like plain text",
        "short-line": "lines with a part of a single vertex", "short-linearring": "a ring has fewer than four positions",
        "short-multilinestring": "lines with a part of a single vertex", "stringcoord": "the coordinates are not those of a Point",
        "unknowntype": "the type FooBar is unknown"}

    def test_good_and_bad(self):
        folder = self.need(SHARED / "data/suites/geojsonhint/test/data")
        good = sorted(folder.glob("good/*.geojson"))
        self.assertEqual(len(good), 18)
        for file in good:
            self.assertNotIn("geojson-rule", self.counts(self.layer(file)), file.name)
        bad = {file.stem: file for file in folder.glob("bad/*.geojson")}
        self.assertEqual(set(bad), set(self.REASON))
        self.assertEqual(len(bad), 44)
        for name, reason in self.REASON.items():
            done = self.yaan("inspect", bad[name])
            self.assertIn(done.returncode, (0, 1), name)
            self.assertIn(reason, " ".join((done.stdout + done.stderr).decode().split()), name)


class DirtyList(IngestTest):
    """The site list as it arrives, against the truth beside it: yaan check names every defect and no row without one."""

    PROBLEM = {"swapped": "position-swapped-axes", "dms": "position-degrees-minutes",
               "decimal comma": "position-decimal-comma", "missing": "position-missing",
               "thai digits (lat)": "position-thai-digits", "ok": None}

    def truth(self):
        """What is to be found, by the id of the row: a second row of one id is called (2)."""
        expected = {}
        before = None
        with open(DIRTY / "heritage_dirty_truth.csv", encoding="utf-8", newline="") as table:
            for row in csv.DictReader(table):
                if row["defect"] == "duplicate of previous":
                    expected[row["row"] + " (2)"] = {"duplicate-exact"} | expected[before]
                else:
                    before = row["row"]
                    expected[before] = {self.PROBLEM[row["defect"]]} - {None}
        return expected

    def study_of(self, name):
        shutil.copy(self.need(DIRTY / name), self.folder / "list.csv")
        shutil.copy(BOUNDARIES / "mapthai_tha1.gpkg", self.folder / "provinces.gpkg")
        study = {"yaan_study": 1, "layers": {
            "provinces": {"file": "provinces.gpkg", "columns": {"name_th": "adm1_th", "name_en": "adm1_en", "code": "adm1_pcode"}},
            "sites": {"file": "list.csv", "x": "ลองจิจูด", "y": "ละติจูด", "crs": "EPSG:4326", "columns": {
                "id": "ลำดับ", "name_th": "ชื่อแหล่ง", "category": "ประเภท", "area": "จังหวัด"}}},
            "outputs": [{"layer": "sites", "file": "sites.csv"}]}
        self.write_study(study)
        return study

    def test_every_defect_is_named_and_no_clean_row(self):
        for name in ("heritage_dirty_bom_thaihdr.csv", "heritage_dirty_cp874.csv"):
            self.study_of(name)
            expected = self.truth()
            self.assertEqual(len(expected), 208)
            found = self.checks(name)
            # Sites that two of the lists behind this one name both, some metres apart: true duplicates, no defects of rows.
            twins = {id for id, problems in found.items() if set(problems) & {"duplicate-same-name", "duplicate-similar-name"}}
            self.assertEqual(twins, {"117", "114", "170", "52", "93"})
            for id, problems in expected.items():
                named = set(found.get(id, {})) - {"duplicate-same-name"}
                if "cp874" in name and "position-degrees-minutes" in problems:
                    problems = problems | {"position-lost-symbols"}
                self.assertEqual(named, problems, (name, id))
            self.assertEqual(set(found) - set(expected), set(), name)
            missing = found["8"]["position-missing"]
            self.assertEqual((missing["longitude"], missing["repair"]), ("", ""))
            # On the map are those that have a place.
            layer = json.loads((self.folder / name / "checks.geojson").read_text(encoding="utf-8"))
            self.assertEqual(len(layer["features"]), sum(len(problems) for problems in found.values()) - 20)

    def test_positions_are_within_a_metre_of_the_truth(self):
        self.study_of("heritage_dirty_bom_thaihdr.csv")
        self.assertEqual(self.yaan("run", "study.json", "--out", "out").returncode, 0)
        with open(DIRTY / "heritage_dirty_truth.csv", encoding="utf-8", newline="") as table:
            truth = [row for row in csv.DictReader(table) if row["defect"] != "missing"]
        with open(self.folder / "out/sites.csv", encoding="utf-8-sig", newline="") as table:
            rows = list(csv.DictReader(table))
        self.assertEqual(len(rows), 188)
        for row, true in zip(rows, truth):
            self.assertEqual(row["ลำดับ"], true["row"])
            self.assertLess(abs(float(row["latitude"]) - float(true["lat"])), 9e-6, true)  # a metre is 0.000009 degrees
            self.assertLess(abs(float(row["longitude"]) - float(true["lon"])), 9e-6, true)
            self.assertEqual(row["year_ce"], true["year_ce"])

    def test_a_missing_position_is_written_into_the_table(self):
        study = self.study_of("heritage_dirty_bom_thaihdr.csv")
        found = self.checks("first")
        decided = [row for problems in found.values() for row in problems.values()]
        for row in decided:
            if row["problem"] == "position-missing" and row["id"] == "8":
                row.update(decision="change", to_x="100.5679", to_y="14.3572", by="สมชาย", date="2026-01-31")
            elif row["problem"] == "position-missing":
                row.update(decision="reject")
            elif row["problem"].startswith("position-"):
                row.update(decision="accept")
        with open(self.folder / "decided.csv", "w", encoding="utf-8-sig", newline="") as table:
            writer = csv.DictWriter(table, decided[0].keys())
            writer.writeheader()
            writer.writerows(decided)
        study["layers"]["sites"]["decisions"] = "decided.csv"
        self.write_study(study)
        done = self.yaan("run", "study.json", "--out", "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        said = " ".join(done.stderr.decode().split())
        self.assertIn("rows without a usable position were placed as was decided (8)", said)
        self.assertIn("19 list.csv: features without a geometry were set aside (18, 28, 38, 48, 58, ...)", said)
        with open(self.folder / "out/sites.csv", encoding="utf-8-sig", newline="") as table:
            rows = [row["ลำดับ"] for row in csv.DictReader(table)]
        self.assertEqual(rows[6:12], ["6", "7", "8", "9", "10", "11"], "in its place in the list")
        left = self.checks("second")
        self.assertEqual({problem for problems in left.values() for problem in problems},
                         {"duplicate-exact", "duplicate-same-name"})
        self.assertNotIn("สมชาย", (self.folder / "out/sites.csv.yaan.json").read_text(encoding="utf-8"))


class Names(IngestTest):
    """Names joined to codes, and decisions that came back from spreadsheet programs."""

    def test_every_province_and_district(self):
        names = {"name_th": "{}_th", "name_en": "{}_en", "code": "{}_pcode"}
        study = {"yaan_study": 1, "layers": {
            "provinces": {"file": "mapthai_tha1.gpkg", "columns": {part: name.format("adm1") for part, name in names.items()}},
            "districts": {"file": "mapthai_tha2.gpkg", "columns": {part: name.format("adm2") for part, name in names.items()}},
            "listed": {"file": "dhanabhon_provinces.csv"}, "named": {"file": "province_codes.csv"},
            "centres": {"file": "noppakorn_th-adm2-district-centroid.geojson"}},
            "analyses": [{"method": "match-areas", "rows": "listed", "areas": "provinces", "name": "PROVINCE_ENGLISH"},
                         {"method": "match-areas", "rows": "named", "areas": "provinces", "name": "name_en_ne"},
                         {"method": "match-areas", "rows": "centres", "areas": "districts", "name": "ADM2_TH", "parent": "ADM1_TH",
                          "areas_parent": "adm1_th"}],
            "outputs": [{"layer": "listed", "file": "listed.csv"}, {"layer": "named", "file": "named.csv"},
                        {"layer": "centres", "file": "centres.csv"}]}
        for layer in study["layers"].values():
            shutil.copy(self.need(BOUNDARIES / layer["file"]), self.folder)
        self.write_study(study)
        done = self.yaan("run", "study.json", "--out", "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        for file, rows, code in (("listed", 77, "CODE"), ("named", 77, "tis1099"), ("centres", 928, "ADM2_PCODE")):
            with open(self.folder / f"out/{file}.csv", encoding="utf-8-sig", newline="") as table:
                table = list(csv.DictReader(table))
            self.assertEqual(len(table), rows)
            for row in table:
                self.assertEqual(row["match_code"].removeprefix("TH"), row[code].removeprefix("TH"), (file, row))

    def test_decisions_from_spreadsheet_programs(self):
        sites = "id,name_en,lon,lat\n1,Wat Phra That,98.5,18.5\n1,Wat Phra That,98.5,18.5\n2,Old Market,98.6,18.6\n3,Theatre,,\n"
        (self.folder / "sites.csv").write_text(sites, encoding="utf-8")
        layer = {"file": "sites.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326"}
        self.write_study({"yaan_study": 1, "layers": {"sites": layer}, "outputs": [{"layer": "sites", "file": "out.csv"}]})
        found = self.checks("first")
        self.assertEqual({id: set(problems) for id, problems in found.items()},
                         {"1 (2)": {"duplicate-exact"}, "3": {"position-missing"}})
        # As a workbook that was opened, filled in and saved, with words, numbers and dates as people type them.
        book = openpyxl.load_workbook(self.folder / "first/checks.xlsx")
        sheet = book.active
        head = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            cells = dict(zip(head, row))
            if cells["id"].value == "1 (2)":
                cells["decision"].value = " Accept"
            else:
                cells["decision"].value, cells["to_x"].value, cells["to_y"].value = "change", 98.7, "18.7"
            cells["by"].value, cells["date"].value = "สมชาย", datetime.date(2026, 1, 31)
        book.save(self.folder / "decided.xlsx")
        # The same as the CSV that Excel writes in Thailand, with semicolons.
        with open(self.folder / "decided.csv", "w", encoding="cp874", newline="") as table:
            writer = csv.writer(table, delimiter=";")
            for row in sheet.iter_rows(values_only=True):
                writer.writerow(["" if value is None else value for value in row])
        for name in ("decided.xlsx", "decided.csv"):
            self.write_study({"yaan_study": 1, "layers": {"sites": {**layer, "decisions": name}},
                              "outputs": [{"layer": "sites", "file": "out.csv"}]})
            done = self.yaan("run", "study.json", "--out", f"out-{name}")
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(self.folder / f"out-{name}/out.csv", encoding="utf-8-sig", newline="") as table:
                rows = [(row["id"], row["longitude"], row["latitude"]) for row in csv.DictReader(table)]
            self.assertEqual(rows, [("1", "98.5", "18.5"), ("2", "98.6", "18.6"), ("3", "98.7", "18.7")], name)
            self.assertEqual(self.checks(f"checks-{name}"), {})


class Workbooks(IngestTest):
    """Workbooks as people make them."""

    HEAD = ["รหัส", "ชื่อแหล่ง", "ประเภท", "ละติจูด", "ลองจิจูด", "จังหวัด"]
    ROWS = [["s1", "วัดโพธิ์", "วัด", 13.7465, 100.4927, "กรุงเทพมหานคร"], ["s2", "ตลาดน้ำอัมพวา", "ตลาด", 13.4258, 99.9553, "สมุทรสงคราม"],
            ["s3", "วัดพระธาตุดอยสุเทพ", "วัด", 18.8049, 98.9216, "เชียงใหม่"], ["s4", "บ้านถวาย", "หัตถกรรม", 18.685, 98.944, "เชียงใหม่"]]
    ROLES = {"id": "รหัส", "name_th": "ชื่อแหล่ง", "category": "ประเภท", "area": "จังหวัด"}

    def setUp(self):
        super().setUp()
        self.book = openpyxl.Workbook()
        self.sheet = self.book.active
        self.sheet.title = "แหล่ง"

    def saved(self):
        self.book.save(self.folder / "book.xlsx")
        return "book.xlsx"

    def rows_of(self, **layer):
        """The sheet through a study, by the column id or รหัส."""
        self.write_study({"yaan_study": 1, "layers": {"sites": {"file": self.saved(), "crs": "EPSG:4326", **layer}},
                          "outputs": [{"layer": "sites", "file": "out.csv"}]})
        done = self.yaan("run", "study.json", "--out", "out", "--overwrite")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.folder / "out/out.csv", encoding="utf-8-sig", newline="") as table:
            return {row.get("id") or row.get("รหัส"): row for row in csv.DictReader(table)}, " ".join(done.stderr.decode().split())

    def test_merged_heads(self):
        self.sheet.append(["ทะเบียนแหล่งมรดก ปี 2567"])
        self.sheet.merge_cells("A1:F1")
        self.sheet.append(["รหัส", "ชื่อแหล่ง", "ประเภท", "พิกัด", None, "จังหวัด"])
        self.sheet.append([None, None, None, "ละติจูด", "ลองจิจูด", None])
        self.sheet.merge_cells("D2:E2")
        for column in "ABCF":
            self.sheet.merge_cells(f"{column}2:{column}3")
        for row in self.ROWS:
            self.sheet.append(row)
        layer = self.layer(self.saved(), *WGS84)
        self.assertEqual((layer["features"], layer["usable"]), (4, 4))
        self.assertEqual({role["role"]: role["column"] for role in layer["roles"]}, self.ROLES)
        said = [entry["message"] for entry in layer["diagnostics"] if entry["code"] == "header-row"]
        self.assertRegex(said[0], "taken from row 2")
        self.assertRegex(said[1], "rows 2 and 3, where cells had been merged")
        rows, _ = self.rows_of()
        self.assertEqual((rows["s2"]["longitude"], rows["s2"]["latitude"]), ("99.9553", "13.4258"))

    def test_units_below_the_head_and_a_sheet_that_starts_elsewhere(self):
        head = ["รหัส", "ชื่อ", "ละติจูด", "ลองจิจูด", "พื้นที่", "ปีที่ขึ้นทะเบียน"]
        units = [None, None, "องศา", "องศา", "ไร่", "พ.ศ."]
        for column in range(6):
            self.sheet.cell(4, column + 3).value = head[column]
            self.sheet.cell(5, column + 3).value = units[column]
        for at, row in enumerate(self.ROWS):
            for column, value in enumerate([row[0], row[1], row[3], row[4], 12.5 + at, 2500 + at]):
                self.sheet.cell(at + 6, column + 3).value = value
        layer = self.layer(self.saved(), *WGS84)
        self.assertEqual((layer["features"], layer["usable"]), (4, 4))
        self.assertEqual([field["name"] for field in layer["fields"]],
                         ["รหัส", "ชื่อ", "ละติจูด", "ลองจิจูด", "พื้นที่", "ปีที่ขึ้นทะเบียน พ.ศ."])
        found = self.counts(layer)
        self.assertEqual((found["unit-row"], found["header-row"], found["buddhist-year"]), (1, 3, 4))
        rows, _ = self.rows_of()
        self.assertEqual((rows["s4"]["พื้นที่"], rows["s4"]["year_ce"]), ("15.5", "1960"))

    def test_sheets_are_layers(self):
        self.sheet.append(self.HEAD)
        self.sheet.append(self.ROWS[0])
        second = self.book.create_sheet("ตลาด และ หัตถกรรม")
        second.append(self.HEAD)
        second.append(self.ROWS[1])
        second.append(self.ROWS[3])
        self.book.create_sheet("ว่าง")
        hidden = self.book.create_sheet("ซ่อน")
        hidden.append(self.HEAD)
        hidden.append(self.ROWS[2])
        hidden.sheet_state = "hidden"
        layers = self.layers(self.saved(), *WGS84)
        self.assertEqual([(layer["name"], layer["usable"]) for layer in layers], [("แหล่ง", 1), ("ตลาด และ หัตถกรรม", 2)])
        self.assertEqual(next(entry["features"] for entry in layers[0]["diagnostics"] if entry["code"] == "hidden-sheet"), ["ซ่อน"])
        self.fails(2, r"book\.xlsx holds 2 layers", "dbscan", "book.xlsx", *WGS84, advice="--layer: แหล่ง, ตลาด และ หัตถกรรม")
        self.assertEqual(self.layer("book.xlsx", "--layer", "ซ่อน", *WGS84)["usable"], 1)
        self.write_study({"yaan_study": 1, "layers": {name: {"file": "book.xlsx", "layer": sheet, "crs": "EPSG:4326"} for name, sheet in
                                                      (("one", "แหล่ง"), ("two", "ตลาด และ หัตถกรรม"))},
                          "outputs": [{"layer": name, "file": f"{name}.csv"} for name in ("one", "two")]})
        self.assertEqual(self.yaan("run", "study.json", "--out", "out").returncode, 0)
        self.assertEqual(len((self.folder / "out/two.csv").read_text(encoding="utf-8").splitlines()), 3)

    def test_dates_of_both_eras(self):
        self.sheet.append(["id", "lat", "lon", "วันที่ขึ้นทะเบียน", "typed", "text", "visited"])
        # The same day in formats of the Buddhist era, one of which GDAL knows; a date typed with a Buddhist year.
        formats = ["[$-D07041E]d mmmm yyyy;@", "[$-th-TH,D07]d mmm bbbb", "d mmm bbbb", "d/m/bb"]
        texts = ["1 ม.ค. 2567", "๑๕ เมษายน ๒๕๖๐", "31/12/2569", "5 ธันวาคม 2562"]
        for at, pattern in enumerate(formats):
            self.sheet.append([at, 13.5 + at, 100.5, datetime.date(2024, 1, 10 + at), datetime.date(2567, 1, 10 + at), texts[at],
                               datetime.datetime(2024, 5, 6, 7, 30)])
            self.sheet.cell(at + 2, 4).number_format = pattern
            self.sheet.cell(at + 2, 5).number_format = "d/m/yyyy"
            self.sheet.cell(at + 2, 7).number_format = "yyyy-mm-dd hh:mm"
        rows, said = self.rows_of()
        for at in range(4):
            self.assertEqual(rows[str(at)]["วันที่ขึ้นทะเบียน"], f"2024-01-{10 + at}")
            self.assertEqual(rows[str(at)]["typed"], f"2024-01-{10 + at}")
        self.assertEqual([rows[str(at)]["text"] for at in range(4)], ["2024-01-01", "2017-04-15", "2026-12-31", "2019-12-05"])
        self.assertEqual(rows["0"]["visited"], "2024-05-06 07:30:00")
        self.assertIn("3 book.xlsx: dates that the workbook shows in the Buddhist era were read as dates of the common era", said)
        self.assertIn("dates in typed became dates of the common era (less 543 years), because every one is beyond 2200", said)

    def test_days_counted_from_1904(self):
        self.book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        self.sheet.append(["id", "lat", "lon", "day", "thai"])
        self.sheet.append(["a", 13.5, 100.5, datetime.date(2024, 1, 10), datetime.date(2024, 1, 11)])
        self.sheet.cell(2, 4).number_format = "yyyy-mm-dd"
        self.sheet.cell(2, 5).number_format = "d mmm bbbb"
        rows, _ = self.rows_of()
        self.assertEqual((rows["a"]["day"], rows["a"]["thai"]), ("2024-01-10", "2024-01-11"))

    def test_errors_formulas_and_numbers_as_text(self):
        self.sheet.append(["id", "lat", "lon", "score", "sum"])
        self.sheet.append(["a", "13.7465", "100.4927", "#N/A", "=2+3"])
        self.sheet.append(["b", "13.5", "100.5", 3, 4])
        self.sheet.append(["c", "#REF!", "100.6", 4, 5])
        for cell in ("D2", "B4"):
            self.sheet[cell].data_type = "e"
        layer = self.layer(self.saved(), *WGS84)
        found = self.counts(layer)
        self.assertEqual((layer["usable"], found["error-cell"], found["formula-without-value"]), (2, 2, 1))
        self.assertEqual({field["name"]: field["type"] for field in layer["fields"]}["score"], "integer")
        # As Excel saves it: with the value.
        with zipfile.ZipFile(self.folder / "book.xlsx") as book:
            parts = {name: book.read(name) for name in book.namelist()}
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        self.assertRegex(sheet, r"<f>2\+3</f><v ?/>|<f>2\+3</f><v></v>")
        parts["xl/worksheets/sheet1.xml"] = re.sub(r"<f>2\+3</f><v ?/>|<f>2\+3</f><v></v>", "<f>2+3</f><v>5</v>", sheet).encode()
        with zipfile.ZipFile(self.folder / "book.xlsx", "w") as book:
            for name, data in parts.items():
                book.writestr(name, data)
        layer = self.layer("book.xlsx", *WGS84)
        self.assertNotIn("formula-without-value", self.counts(layer))
        self.assertEqual(next(field for field in layer["fields"] if field["name"] == "sum")["nulls"], 0)


class Systems(IngestTest):
    """One set of sites in every system that Thai offices use, and what is said of the way to WGS 84."""

    SITES = [("bkk", "วัดโพธิ์", 100.4927, 13.7465, "กรุงเทพมหานคร"), ("cnx", "วัดพระสิงห์", 98.9817, 18.7885, "เชียงใหม่"),
             ("ubn", "วัดหนองบัว", 104.8560, 15.2630, "อุบลราชธานี")]
    # The shift of the Royal Thai Survey Department.
    INDIAN = "+ellps=evrst30 +towgs84=204.4798,837.8940,294.7765"

    @staticmethod
    def system(text):
        system = osr.SpatialReference()
        if isinstance(text, int):
            system.ImportFromEPSG(text)
        else:
            system.ImportFromProj4(text)
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        return system

    def shapefile(self, name, system, prj):
        """A folder with a Shapefile whose coordinates are in the system and whose .prj holds the text; none for None."""
        folder = self.folder / name
        folder.mkdir()
        driver = ogr.GetDriverByName("ESRI Shapefile")
        data = driver.CreateDataSource(str(folder / f"{name}.shp"))
        layer = data.CreateLayer(name, None, ogr.wkbPoint, ["ENCODING=UTF-8"])
        for field in ("id", "name", "prov"):
            layer.CreateField(ogr.FieldDefn(field, ogr.OFTString))
        there = osr.CoordinateTransformation(self.system(4326), self.system(system))
        for id, site, longitude, latitude, province in self.SITES:
            feature = ogr.Feature(layer.GetLayerDefn())
            feature["id"], feature["name"], feature["prov"] = id, site, province
            x, y, _ = there.TransformPoint(longitude, latitude)
            point = ogr.Geometry(ogr.wkbPoint)
            point.AddPoint_2D(x, y)
            feature.SetGeometry(point)
            layer.CreateFeature(feature)
        del layer, data
        (folder / f"{name}.prj").unlink(missing_ok=True)
        if prj is not None:
            (folder / f"{name}.prj").write_text(prj, encoding="utf-8")
        return f"{name}/{name}.shp"

    def esri(self, system):
        copy = self.system(system)
        copy.MorphToESRI()
        return copy.ExportToWkt()

    def study_of(self, layers):
        """A study of the provinces and these layers, with the province of each site."""
        shutil.copy(self.need(BOUNDARIES / "mapthai_tha1.gpkg"), self.folder / "provinces.gpkg")
        names = {"name_th": "adm1_th", "name_en": "adm1_en", "code": "adm1_pcode"}
        self.write_study({"yaan_study": 1, "layers": {"provinces": {"file": "provinces.gpkg", "columns": names}, **layers},
                          "analyses": [{"method": "assign-areas", "points": name, "areas": "provinces"} for name in layers],
                          "outputs": [{"layer": name, "file": f"{name}.geojson"} for name in layers]})

    def assert_in_place(self, out, name):
        written = json.loads((self.folder / out / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
        self.assertEqual([feature["properties"]["area_code"] for feature in written], ["TH10", "TH50", "TH34"], name)
        for feature, (_, _, longitude, latitude, _) in zip(written, self.SITES):
            x, y = feature["geometry"]["coordinates"]
            self.assertLess(max(abs(x - longitude), abs(y - latitude)), 9e-6, name)  # a metre

    def test_layers_in_every_system_work_together(self):
        plane = "+proj=lcc +lat_1=8 +lat_2=18 +lat_0=13 +lon_0=101 +x_0=500000 +y_0=0 +datum=WGS84 +units=m"
        files = {"utm47": self.shapefile("utm47", 32647, self.esri(32647)),
                 "utm48": self.shapefile("utm48", 32648, self.esri(32648)),
                 "newwkt": self.shapefile("newwkt", 32647, self.system(32647).ExportToWkt(["FORMAT=WKT2_2019"])),
                 "custom": self.shapefile("custom", plane, self.esri(plane)),
                 "indian": self.shapefile("indian", f"+proj=longlat {self.INDIAN}", self.esri(4240)),
                 "indian47": self.shapefile("indian47", f"+proj=utm +zone=47 {self.INDIAN}", self.esri(24047)),
                 "indian48": self.shapefile("indian48", f"+proj=utm +zone=48 {self.INDIAN}", self.esri(24048)),
                 "wgs84": self.shapefile("wgs84", 4326, self.esri(4326))}
        self.study_of({name: {"file": file} for name, file in files.items()})
        done = self.yaan("run", "study.json", "--out", "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in files:
            self.assert_in_place("out", name)
        said = " ".join(done.stderr.decode().split())
        self.assertIn("Indian 1975 / UTM zone 47N is taken to WGS 84 by the shift of the Royal Thai Survey Department "
                      "(204.4798, 837.894, 294.7765 m), whose source states no accuracy; EPSG:1537, stated as good to 1 m, lies "
                      "within a metre of it, and PROJ's own choice, EPSG:1812, about 190 m away; --datum-shift takes another", said)
        self.assertEqual(said.count("shift of the Royal Thai Survey Department"), 3)

    def test_systems_that_fit_are_offered_and_the_choice_is_the_users(self):
        file = self.shapefile("sites", 32647, None)
        self.study_of({"sites": {"file": file}})
        self.fails(1, r"sites\.shp does not say in which coordinate reference system", "run", "study.json", "--out", "out",
                   advice=r"these put it where the study is: EPSG:32647, EPSG:24047; name one as its crs")
        self.study_of({"sites": {"file": file, "assume_crs": "EPSG:32648"}})
        self.fails(1, r"EPSG:32648 does not put it where the study is", "run", "study.json", "--out", "out", advice="EPSG:32647")
        self.study_of({"sites": {"file": file, "assume_crs": "EPSG:32647"}})
        done = self.yaan("run", "study.json", "--out", "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("EPSG:32647 was assumed", " ".join(done.stderr.decode().split()))
        self.assert_in_place("out", "sites")

    def test_a_datum_nobody_knows_is_doubted(self):
        lost = f"+proj=utm +zone=47 {self.INDIAN}"
        self.shapefile("lost", lost, self.esri(lost))  # a .prj has no room for the shift
        layer = self.layer("lost/lost.shp")
        doubt = next(entry for entry in layer["diagnostics"] if entry["code"] == "unknown-datum")
        self.assertIn("may be some hundred metres away; --datum-shift says how to get there", doubt["message"])
        layer = self.layer("lost/lost.shp", "--datum-shift", "204.4798,837.8940,294.7765")
        self.assertNotIn("unknown-datum", self.counts(layer))

    def geojson(self, crs, exchanged=False):
        features = [{"type": "Feature", "properties": {"id": id, "name": site, "prov": province},
                     "geometry": {"type": "Point", "coordinates": [latitude, longitude] if exchanged else [longitude, latitude]}}
                    for id, site, longitude, latitude, province in self.SITES]
        (self.folder / "sites.geojson").write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
        return "sites.geojson"

    def test_old_crs_members(self):
        named = lambda name: {"type": "name", "properties": {"name": name}}
        for crs in ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
            layer = self.layer(self.geojson(named(crs)))
            self.assertEqual((layer["usable"], layer["extent"]), (3, [98.9817, 13.7465, 104.856, 18.7885]), crs)
            self.assertEqual(self.counts(layer), {}, crs)
        # Latitude first, as the letter of the registry has it.
        self.geojson(named("urn:ogc:def:crs:EPSG::4326"), True)
        self.fails(1, r"none of the 3 features of sites\.geojson can be used", "dbscan", "sites.geojson",
                   advice="longitude and latitude seem to be exchanged; --swapped-axes all exchanges them")
        self.assertEqual(self.layer("sites.geojson", "--swapped-axes", "all")["extent"], [98.9817, 13.7465, 104.856, 18.7885])
        self.assertIn("the member crs names my own, which nobody knows; WGS 84 was taken",
                      [entry["message"] for entry in self.layer(self.geojson(named("my own")))["diagnostics"]])

    def test_crs_that_cannot_be_had(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.setblocking(False)
            link = {"type": "link", "properties": {"href": f"http://127.0.0.1:{server.getsockname()[1]}/a.wkt", "type": "ogcwkt"}}
            for crs in (link, {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}):
                self.geojson(crs)
                self.fails(1, r"sites\.geojson states the coordinate reference system in its member crs, which cannot be used",
                           "dbscan", "sites.geojson", advice="EPSG:4326")
                self.succeeds("dbscan", "sites.geojson", *WGS84, "-o", "out.csv", "--overwrite", stderr=r"(?:.|\n)*member crs(?:.|\n)*")
            with self.assertRaises(BlockingIOError):
                server.accept()


class Headers(IngestTest):
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
        said = self.succeeds("inspect", "utm.csv")
        fragment = json.loads("{" + next(line for line in said.splitlines() if line.strip().startswith('"utm": {')) + "}")["utm"]
        self.assertEqual(fragment, {"file": "utm.csv", "x": "X", "y": "Y", "columns": {"name_th": "ชื่อ"}})
        self.write_study({"yaan_study": 1, "layers": {"areas": {"file": "areas.geojson"}, "utm": fragment},
                          "outputs": [{"layer": "utm", "file": "out.csv"}]})
        self.fails(1, r"utm\.csv does not say", "run", "study.json", "--out", "out", advice="EPSG:32647")


if __name__ == "__main__":
    unittest.main()

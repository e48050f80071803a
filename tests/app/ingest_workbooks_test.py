#!/usr/bin/env python3
"""Workbooks as people make them, and decisions that came back from spreadsheet programs."""
import csv
import datetime
import re
import unittest
import zipfile

import openpyxl
import openpyxl.utils.datetime

from program import WGS84
from reference_data import ReferenceTest


class Workbooks(ReferenceTest):
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
        said = self.report("run", "study.json", "--out", "out", "--overwrite")
        return {row.get("id") or row.get("รหัส"): row for row in self.rows("out/out.csv")}, said

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

    def test_cells_merged_over_several_rows(self):
        self.sheet.append(["id", "name", "province", "latitude", "longitude"])
        provinces = {2: "เชียงราย", 5: "น่าน"}
        for at in range(2, 8):
            self.sheet.append([f"s{at}", f"วัดที่ {at}", provinces.get(at), 19 + at / 100, 100])
        self.sheet.append(["รวมทั้งหมด", None, None, 20, 100])
        self.sheet.merge_cells("C2:C4")
        self.sheet.merge_cells("C5:C6")  # row 7 has no province
        self.sheet.merge_cells("A8:C8")  # over columns: it is not repeated
        self.assertEqual(self.counts(self.layer(self.saved(), *WGS84))["merged-cell"], 3)
        rows, _ = self.rows_of()
        self.assertEqual([rows[f"s{at}"]["province"] for at in range(2, 8)],
                         ["เชียงราย"] * 3 + ["น่าน"] * 2 + [""])
        self.assertEqual([rows["รวมทั้งหมด"][column] for column in ("name", "province")], ["", ""])

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
        layers = self.inspect(self.saved(), *WGS84)["layers"]
        self.assertEqual([(layer["name"], layer["usable"]) for layer in layers], [("แหล่ง", 1), ("ตลาด และ หัตถกรรม", 2)])
        self.assertEqual(next(entry["features"] for entry in layers[0]["diagnostics"] if entry["code"] == "hidden-sheet"), ["ซ่อน"])
        self.fails(2, r"book\.xlsx holds 2 layers", "dbscan", "book.xlsx", *WGS84, advice="--layer: แหล่ง, ตลาด และ หัตถกรรม")
        self.assertEqual(self.layer("book.xlsx", "--layer", "ซ่อน", *WGS84)["usable"], 1)
        self.write_study({"yaan_study": 1, "layers": {name: {"file": "book.xlsx", "layer": sheet, "crs": "EPSG:4326"} for name, sheet in
                                                      (("one", "แหล่ง"), ("two", "ตลาด และ หัตถกรรม"))},
                          "outputs": [{"layer": name, "file": f"{name}.csv"} for name in ("one", "two")]})
        self.report("run", "study.json", "--out", "out")
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


class Decisions(ReferenceTest):
    """Decisions that came back from spreadsheet programs."""

    def test_decisions_from_spreadsheet_programs(self):
        sites = "id,name_en,lon,lat\n1,Wat Phra That,98.5,18.5\n1,Wat Phra That,98.5,18.5\n2,Old Market,98.6,18.6\n3,Theatre,,\n"
        (self.folder / "sites.csv").write_text(sites, encoding="utf-8")
        layer = {"file": "sites.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326"}
        self.write_study({"yaan_study": 1, "layers": {"sites": layer}, "outputs": [{"layer": "sites", "file": "out.csv"}]})
        found = self.problems_by_row("first")
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
            self.report("run", "study.json", "--out", f"out-{name}")
            rows = [(row["id"], row["longitude"], row["latitude"]) for row in self.rows(f"out-{name}/out.csv")]
            self.assertEqual(rows, [("1", "98.5", "18.5"), ("2", "98.6", "18.6"), ("3", "98.7", "18.7")], name)
            self.assertEqual(self.problems_by_row(f"checks-{name}"), {})


if __name__ == "__main__":
    unittest.main()

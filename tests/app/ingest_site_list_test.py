#!/usr/bin/env python3
"""The site list whose truth is known, as it arrives and through decisions. YAAN_SHARED names the folder of reference data."""
import csv
import shutil
import unittest

from reference_data import BOUNDARIES, DIRTY, ReferenceTest


class DirtyList(ReferenceTest):
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
            found = self.problems_by_row(name)
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
            self.assertEqual(len(self.features(f"{name}/checks.geojson")), sum(len(problems) for problems in found.values()) - 20)

    def test_positions_are_within_a_metre_of_the_truth(self):
        self.study_of("heritage_dirty_bom_thaihdr.csv")
        self.report("run", "study.json", "--out", "out")
        with open(DIRTY / "heritage_dirty_truth.csv", encoding="utf-8", newline="") as table:
            truth = [row for row in csv.DictReader(table) if row["defect"] != "missing"]
        rows = self.rows("out/sites.csv")
        self.assertEqual(len(rows), 188)
        for row, true in zip(rows, truth):
            self.assertEqual(row["ลำดับ"], true["row"])
            self.assertLess(abs(float(row["latitude"]) - float(true["lat"])), 9e-6, true)  # a metre is 0.000009 degrees
            self.assertLess(abs(float(row["longitude"]) - float(true["lon"])), 9e-6, true)
            self.assertEqual(row["year_ce"], true["year_ce"])

    def test_a_missing_position_is_written_into_the_table(self):
        study = self.study_of("heritage_dirty_bom_thaihdr.csv")
        found = self.problems_by_row("first")
        decided = [row for problems in found.values() for row in problems.values()]
        for row in decided:
            if row["problem"] == "position-missing" and row["id"] == "8":
                row.update(decision="change", to_x="100.5679", to_y="14.3572", by="สมชาย", date="2026-01-31")
            elif row["problem"] == "position-missing":
                row.update(decision="reject")
            elif row["problem"].startswith("position-"):
                row.update(decision="accept")
        self.write_rows("decided.csv", decided)
        study["layers"]["sites"]["decisions"] = "decided.csv"
        self.write_study(study)
        said = self.report("run", "study.json", "--out", "out")
        self.assertIn("rows without a usable position were placed as was decided (8)", said)
        self.assertIn("19 list.csv: features without a geometry were set aside (18, 28, 38, 48, 58, ...)", said)
        rows = [row["ลำดับ"] for row in self.rows("out/sites.csv")]
        self.assertEqual(rows[6:12], ["6", "7", "8", "9", "10", "11"], "in its place in the list")
        left = self.problems_by_row("second")
        self.assertEqual({problem for problems in left.values() for problem in problems},
                         {"duplicate-exact", "duplicate-same-name"})
        self.assertNotIn("สมชาย", (self.folder / "out/sites.csv.yaan.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()

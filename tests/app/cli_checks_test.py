#!/usr/bin/env python3
"""What yaan check finds in a list of sites, how decisions about it are given, and which of them are refused."""
import hashlib
import re
import shutil
import unittest
import zipfile

from program import ANYTHING, CliTest


class Checks(CliTest):
    """yaan check, a decision, and the next run."""

    SITES = ("code,name_en,lon,lat,claims\n"
             "a,Wat Phra That,98.5,18.5,Area\n"
             "b,Wat Prathat,98.5,18.5003,Area\n"
             "c,Old Market,18.6,88.6,Area\n"
             "d,Craft House,99.6,18.5,Area\n"
             "e,Museum,98.7,18.7,Nowhere\n"
             "f,Theatre,98.9,18.9,Area\n")

    def setUp(self):
        super().setUp()
        (self.folder / "sites.csv").write_text(self.SITES, encoding="utf-8")
        self.study = {"yaan_study": 1,
                      "layers": {"areas": {"file": "areas.geojson"},
                                 "sites": {"file": "sites.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326", "swapped_axes": "none",
                                           "columns": {"id": "code", "area": "claims"}}},
                      "outputs": [{"layer": "sites", "file": "out.csv"}]}
        self.write_study(self.study)

    def test_finds_decides_and_applies(self):
        found = self.check("first")
        self.assertEqual(set(found), {("b", "duplicate-same-name"), ("c", "claim-far"), ("d", "claim-digit"),
                                      ("e", "claim-unknown-name")})
        self.assertEqual(found["b", "duplicate-same-name"]["repair"], "merge")
        self.assertEqual(found["b", "duplicate-same-name"]["value"], "a")
        self.assertEqual(len(self.features("first/checks.geojson")), 4)
        self.assertTrue(zipfile.is_zipfile(self.folder / "first/checks.xlsx"))

        decided = self.rows("first/checks.csv")
        for row in decided:
            row["by"] = "Somchai"
            if row["id"] == "b":
                row["decision"] = "accept"
            elif row["id"] == "c":
                row.update(decision="change", to_x="98.6", to_y="18.6")
            elif row["id"] == "d":
                row["decision"] = "reject"
            else:
                row.update(decision="change", repair="rename", value="Area")
        self.write_rows("decided.csv", decided)
        self.study["layers"]["sites"]["decisions"] = "decided.csv"
        self.write_study(self.study)
        said = self.report("run", "study.json", "--out", "second")
        self.assertIn("sites: rows were left out as duplicates, as decided.csv says (b)", said)
        rows = {row["code"]: row for row in self.rows("second/out.csv")}
        self.assertEqual(sorted(rows), ["a", "c", "d", "e", "f"])
        self.assertEqual((rows["c"]["longitude"], rows["c"]["latitude"]), ("98.6", "18.6"))
        self.assertEqual(rows["e"]["claims"], "Area")
        self.assertEqual(self.check("third"), {})
        record = (self.folder / "second/out.csv.yaan.json").read_text(encoding="utf-8")
        self.assertNotIn("Somchai", record)
        self.assertIn(hashlib.sha256((self.folder / "decided.csv").read_bytes()).hexdigest(), record)
        self.succeeds("replay", "second/out.csv", "--inputs", ".", stderr=ANYTHING)
        # What was decided belongs to the inputs of the run: no output may take its place.
        self.study["outputs"][0]["file"] = "decided.csv"
        self.write_study(self.study)
        self.fails(1, r"decided\.csv", "run", "study.json", "--overwrite")

    def test_workbook_of_decisions(self):
        self.check("first")
        # As a planner in a spreadsheet program: the word is written into the cell of the first row.
        with zipfile.ZipFile(self.folder / "first/checks.xlsx") as book, zipfile.ZipFile(self.folder / "decided.xlsx", "w") as edited:
            for name in book.namelist():
                data = book.read(name).decode()
                if name == "xl/worksheets/sheet1.xml":
                    data = self.with_decision(data, "reject", list(self.rows("first/checks.csv")[0]).index("decision"))
                edited.writestr(name, data)
        self.study["layers"]["sites"]["decisions"] = "first/checks.xlsx"
        self.write_study(self.study)
        self.assertEqual(len(self.check("second")), 4)  # nothing is decided yet
        self.study["layers"]["sites"]["decisions"] = "decided.xlsx"
        self.write_study(self.study)
        self.assertEqual(len(self.check("third")), 3)

    @staticmethod
    def with_decision(sheet, word, column):
        """The sheet with the word in row 2 of the column, counted from 0."""
        cell = f'<c r="{chr(ord("A") + column)}2" t="inlineStr"><is><t>{word}</t></is></c>'
        row = re.search(r'<row r="2".*?</row>', sheet).group(0)
        behind = re.search(f'<c r="[{chr(ord("B") + column)}-Z]2"', row)
        at = behind.start() if behind else row.index("</row>")
        return sheet.replace(row, row[:at] + cell + row[at:])

    def test_accepts_by_rule(self):
        self.study["layers"]["sites"]["accept"] = ["duplicate-same-name"]
        self.write_study(self.study)
        self.assertIn("left out as duplicates, as the study accepts by rule (b)", self.report("run", "study.json", "--out", "out"))
        self.assertEqual(len(self.rows("out/out.csv")), 5)
        self.study["layers"]["sites"]["accept"] = ["claim-far"]
        self.write_study(self.study)
        self.fails(2, r"layers\.sites\.accept\[0\]", "run", "study.json", "--out", "out2")

    def test_decisions_that_are_wrong(self):
        self.study["layers"]["sites"]["decisions"] = "decided.csv"
        self.write_study(self.study)
        call = ["run", "study.json", "--out", "out"]
        self.fails(1, r"decided\.csv", *call)
        for text, message, advice in (
                ("id,problem\na,claim-far\n", r"no column decision", r"yaan check"),
                ("id,problem,decision\na,claim-far,yes\n", r"row 2: the decision is \"yes\"", r"accept, reject or change"),
                ("id,problem,decision,repair\na,claim-far,accept,\n", r"row 2: .*no", r"change"),
                ("id,problem,decision,repair,to_x,to_y\na,claim-far,accept,move,,\n", r"nowhere", r"to_x"),
                ("id,problem,decision,repair,value\na,claim-far,accept,rename,\n", r"needs a value", r"column value"),
                ("id,problem,decision,repair,value\na,claim-far,accept,burn,x\n", r"\"burn\"", r"keep, move, rename or merge")):
            (self.folder / "decided.csv").write_text(text, encoding="utf-8")
            self.fails(1, message, *call, advice=advice)
        (self.folder / "decided.csv").write_text("id,problem,decision,repair,value\nb,duplicate-same-name,accept,merge,a\n"
                                                 "b,duplicate-same-name,reject,merge,a\n", encoding="utf-8")
        self.fails(1, r"row 3: it decides about b once more, and otherwise than row 2", *call, advice="leave one of the two")
        (self.folder / "decided.csv").write_text("layer,id,problem,decision,repair,value\nplaces,b,duplicate-exact,accept,merge,a\n"
                                                 "areas,A,duplicate-exact,reject,,\n", encoding="utf-8")
        said = self.report(*call)
        self.assertIn("1 sites: decisions in decided.csv are about the layer places, which the study does not have", said)
        self.assertNotIn("layer areas", said)
        shutil.rmtree(self.folder / "out")
        (self.folder / "decided.csv").write_text("id,problem,decision,repair,value\nzz,duplicate-exact,accept,merge,a\n",
                                                 encoding="utf-8")
        self.assertIn("sites: rows that are to be changed, as decided.csv says, are not in the layer (zz)", self.report(*call))


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Folders and patterns of files read by the real program as one layer: unlike columns and systems, records, refusals."""
import hashlib
import json
import shutil
import unittest

from program import REPORT, WGS84
from sources import SourceTest, collection, sites_csv


class Folder(SourceTest):
    def setUp(self):
        super().setUp()
        (self.folder / "many").mkdir()

    def put(self, name, text):
        (self.folder / "many" / name).write_text(text, encoding="utf-8")

    def test_files_below_one_another(self):
        self.put("b.csv", "id,name_en,longitude,latitude,n\nb1,B,99.0,18.70,1.5\n")
        self.put("a.csv", "id,name_en,longitude,latitude,n,opened\na1,A,98.9,18.71,7,1999\na2,A2,98.91,18.71,8,2001\n")
        self.put("c.geojson", collection([({"id": "a1", "n": "many", "extra": "x"}, "Point", [98.95, 18.7])]))
        self.put("notes.txt", "nothing to see")
        self.put("notes.md", "nothing to see")
        self.put(".hidden.csv", "x")
        (self.folder / "many/old").mkdir()
        out = self.sites("many", *WGS84)
        found = [[f["properties"][key] for key in ("id", "n", "opened", "source_file")] for f in out["features"]]
        self.assertEqual(found, [["a1", "7", 1999, "a.csv"], ["a2", "8", 2001, "a.csv"], ["b1", "1.5", None, "b.csv"],
                                 ["a1", "many", None, "c.geojson"]])
        counts = self.counts(out["yaan"])
        self.assertEqual([counts[code] for code in ("mixed-types", "missing-column", "other-files", "inner-folders", "repeated-id")],
                         [1, 5, 2, 1, 1], out["yaan"]["diagnostics"])
        self.assertEqual([source["path"] for source in out["yaan"]["inputs"]], ["many/a.csv", "many/b.csv", "many/c.geojson"])
        out = self.sites("many/?.csv", *WGS84)
        self.assertEqual([f["properties"]["n"] for f in out["features"]], [7, 8, 1.5])
        report = self.inspect("many", *WGS84)
        self.assertEqual(report["format"], "folder of 3 files")
        self.assertEqual([layer["name"] for layer in report["layers"]], ["a.csv", "b.csv", "c.geojson"])

    def test_other_systems(self):
        self.put("a.csv", sites_csv("a", 3))
        self.put("b.geojson", json.dumps({"type": "FeatureCollection",
                                          "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32647"}},
                                          "features": [{"type": "Feature", "properties": {"id": "b"},
                                                        "geometry": {"type": "Point", "coordinates": [500000, 2080000]}}]}))
        shutil.copy(self.folder / "many/a.csv", self.folder / "a.csv")
        self.put("a.geojson", collection([({"id": "a"}, "Point", [99.0, 18.8])]))
        (self.folder / "many/a.csv").unlink()
        out = self.sites("many")
        self.assertAlmostEqual(out["features"][1]["geometry"]["coordinates"][0], 99.0, 6)
        self.assertAlmostEqual(out["features"][1]["geometry"]["coordinates"][1], 18.81, 1)
        [entry] = [entry for entry in out["yaan"]["diagnostics"] if entry["code"] == "reprojected-file"]
        self.assertEqual((entry["where"], entry["count"]), ("b.geojson", 1))
        self.assertIn("the system of a.geojson", entry["message"])

    def test_run_verify_replay(self):
        for name in ("a", "b"):
            self.put(f"{name}.csv", sites_csv(name, 20, 20 if name == "b" else 0))
        study = {"yaan_study": 1, "layers": {"sites": {"file": "many/*.csv", "x": "longitude", "y": "latitude", "crs": "EPSG:4326"}},
                 "analyses": [{"method": "dbscan", "points": "sites", "radius": "500m", "min_points": 3}],
                 "outputs": [{"layer": "sites", "file": "sites.geojson"}]}
        self.write_study(study)
        self.succeeds("run", "study.json", "--out", "o", stderr=REPORT)
        out = json.loads((self.folder / "o/sites.geojson").read_text())
        self.assertEqual(len(out["features"]), 40)
        hashes = [hashlib.sha256((self.folder / f"many/{name}.csv").read_bytes()).hexdigest() for name in "ab"]
        self.assertEqual([source["sha256"] for source in out["yaan"]["inputs"]], hashes)
        self.assertIn("good", self.succeeds("verify", "o/sites.geojson", "--inputs", "."))
        # A replay reads what the run read, whatever has come into the folder since.
        self.put("c.csv", sites_csv("c", 5, 50))
        self.assertRegex(self.succeeds("replay", "o/sites.geojson", "--inputs", "."), "same")
        shutil.move(self.folder / "many", self.folder / "elsewhere")
        self.assertRegex(self.succeeds("replay", "o/sites.geojson", "--inputs", "elsewhere"), "same")
        (self.folder / "elsewhere/b.csv").unlink()
        self.fails(1, r"the input many/b\.csv of o/sites\.geojson is not there", "replay", "o/sites.geojson", "--inputs", "elsewhere")

    def test_one_file(self):
        self.put("a.csv", sites_csv("a", 4))
        out = self.sites("many/", *WGS84)
        self.assertEqual({f["properties"]["source_file"] for f in out["features"]}, {"a.csv"})
        self.assertEqual(out["yaan"]["inputs"][0]["path"], "many/a.csv")
        self.assertRegex(self.succeeds("replay", "o/out.geojson", "--inputs", "."), "same")

    def test_refusals(self):
        self.refused(1, r"the folder many holds no file that can be read", "many", advice="folders within")
        self.put("readme.md", "x")
        self.refused(1, r"the folder many holds no file that can be read", "many")
        self.refused(1, r"no file that can be read is named like many/\*\.csv", "many/*.csv")
        self.refused(1, r"the folder nowhere is not there", "nowhere/*.csv")
        self.refused(2, r"virtual file systems are not read", "/vsimem/*.csv")
        self.put("a.csv", sites_csv("a", 3))
        self.put("b.geojson", collection([({"id": "b"}, "Polygon", [[[99, 18], [99.1, 18], [99, 18.1], [99, 18]]])]))
        self.refused(1, r"the files of many do not hold one kind of geometry: points in a\.csv, polygons in b\.geojson", "many",
                     *WGS84, advice="pattern")
        self.put("b.geojson", "{")
        self.refused(1, r"many/b\.geojson is cut short", "many", *WGS84)
        (self.folder / "many/b.geojson").unlink()
        self.fails(1, r"the output \S*many/out\.geojson would lie among the files of the layer points \(many\)", "dbscan", "many",
                   *WGS84, "--radius", "1km", "-o", "many/out.geojson", advice="--out or -o")


if __name__ == "__main__":
    unittest.main()

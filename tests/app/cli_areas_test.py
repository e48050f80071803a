#!/usr/bin/env python3
"""Areas and points as a planner meets them: faults of coverages, compounds, exchanged axes, parts and keys."""
import json
import unittest

from program import ANYTHING, WGS84, CliTest


class Areas(CliTest):
    """Overlaps and gaps, points of compounds, exchanged axes, parts and keys, as a planner meets them."""

    def square(self, code, west, south, east, north):
        return {"type": "Feature", "properties": {"code": code, "name_en": f"Area {code}"},
                "geometry": {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north],
                                                                 [west, south]]]}}

    def test_overlaps_and_gaps(self):
        # B reaches a hundredth of a degree into A; between A, B and C a cell is in no area.
        self.write_features("areas.geojson", [self.square("A", 100, 13, 101.01, 14), self.square("B", 101, 13, 102, 14),
                                              self.square("C", 100, 14.1, 102, 15), self.square("D", 100, 14, 100.5, 14.1),
                                              self.square("E", 101.5, 14, 102, 14.1)])
        said = self.report("check-areas", "areas.geojson", "-o", "faults.geojson")
        self.assertRegex(said, r"areas: pairs of areas overlap, 119\.\d+ km2 together \(A / B\)")
        self.assertRegex(said, r"areas: gaps lie between areas, 119\d\.\d+ km2 together \(C / A\)")
        faults = {f["properties"]["kind"]: f["properties"] for f in self.features("faults.geojson")}
        self.assertEqual(set(faults), {"overlap", "gap"})
        self.assertEqual(faults["gap"]["neighbours"], 5)
        self.assertAlmostEqual(faults["overlap"]["area_m2"] / 119.8e6, 1, delta=0.01)
        self.assertEqual({faults["overlap"]["first_name"], faults["overlap"]["second_name"]}, {"Area A", "Area B"})
        self.succeeds("replay", "faults.geojson", "--inputs", ".", stderr=ANYTHING)

    def test_compounds_become_points(self):
        compounds = [self.square(f"s{i}", 98.9 + 0.001 * i, 18.7, 98.9005 + 0.001 * i, 18.7005) for i in range(8)]
        compounds[0]["properties"]["publication"] = "hidden"
        self.write_features("compounds.geojson", compounds)
        self.fails(2, r"layer points \(compounds\.geojson\) holds polygons, but dbscan takes points as points", "dbscan",
                   "compounds.geojson", "--radius", "500m", advice=r"site-points")
        self.write_study({"yaan_study": 1, "layers": {"compounds": {"file": "compounds.geojson", "columns": {"id": "code"}}},
                          "analyses": [{"method": "site-points", "sites": "compounds", "output": "temples"},
                                       {"method": "dbscan", "points": "temples", "radius": "500m", "min_points": 4}],
                          "outputs": [{"layer": "temples", "file": "temples.geojson"}]})
        self.assertIn("compounds: polygons became points", self.report("run", "study.json"))
        temples = self.features("temples.geojson")
        self.assertEqual([t["properties"]["code"] for t in temples], [f"s{i}" for i in range(1, 8)])  # one is hidden
        for i, temple in enumerate(temples, 1):
            self.assertEqual(temple["geometry"]["type"], "Point")
            lon, lat = temple["geometry"]["coordinates"]
            self.assertTrue(98.9 + 0.001 * i < lon < 98.9005 + 0.001 * i and 18.7 < lat < 18.7005)
            self.assertAlmostEqual(temple["properties"]["site_area_m2"] / 2921, 1, delta=0.01)
            self.assertEqual(temple["properties"]["cluster"], 1)

    def test_exchanged_axes(self):
        self.write_features("spain.geojson", [self.square("ES", -9, 36, 3, 43)])
        (self.folder / "spain.csv").write_text("id,name_en,lon,lat\na,Prado,-3.69,40.41\nb,Alhambra,37.18,-3.59\n"
                                               "c,Atocha,-3.69,40.4\n", encoding="utf-8")
        said = self.report("repair-axes", "spain.csv", "--x", "lon", "--y", "lat", *WGS84, "--areas", "spain.geojson", "-o",
                           "repaired.geojson")
        self.assertIn("were exchanged, because they then lie in an area (b)", said)
        places = {f["properties"]["id"]: f["geometry"]["coordinates"] for f in self.features("repaired.geojson")}
        self.assertEqual(places, {"a": [-3.69, 40.41], "b": [-3.59, 37.18], "c": [-3.69, 40.4]})
        study = {"yaan_study": 1, "layers": {"spain": {"file": "spain.geojson"},
                                             "sites": {"file": "spain.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326"}},
                 "outputs": [{"layer": "sites", "file": "sites.csv"}]}
        self.write_study(study)
        self.report("check", "study.json", "--out", "checks")
        found = [(row["id"], row["problem"], row["repair"], row["to_x"], row["to_y"]) for row in self.rows("checks/checks.csv")]
        self.assertEqual(found, [("b", "axes-exchanged", "move", "-3.59", "37.18")])
        study["layers"]["sites"]["accept"] = ["axes-exchanged"]
        self.write_study(study)
        self.assertIn("points were moved, as the study accepts by rule (b)", self.report("run", "study.json", "--overwrite"))
        self.assertIn("b,Alhambra", (self.folder / "sites.csv").read_text(encoding="utf-8"))
        self.assertRegex((self.folder / "sites.csv").read_text(encoding="utf-8"), r"-3\.59,37\.18")

    def test_parts(self):
        two = self.square("A", 100, 13, 101, 14)
        two["properties"]["id"] = "n1"
        two["geometry"] = {"type": "MultiPolygon", "coordinates": [two["geometry"]["coordinates"],
                                                                   self.square("", 103, 13, 104, 14)["geometry"]["coordinates"]]}
        self.write_features("areas.geojson", [two])
        said = self.report("check-areas", "areas.geojson", "--parts", "split", "-o", "faults.csv")
        self.assertIn("features of several parts became one row for each part (n1)", said)
        self.write_study({"yaan_study": 1, "layers": {"areas": {"file": "areas.geojson", "parts": "split"}},
                          "outputs": [{"layer": "areas", "file": "parts.geojson"}]})
        self.report("run", "study.json")
        self.assertEqual([f["properties"]["id"] for f in self.features("parts.geojson")], ["n1", "n1-2"])
        self.write_study({"yaan_study": 1, "layers": {"areas": {"file": "areas.geojson", "parts": "halves"}}})
        self.fails(2, r"layers\.areas\.parts", "run", "study.json")

    def test_antimeridian(self):
        ring = [[179, -18], [-179, -18], [-179, -16], [179, -16], [179, -18]]
        fiji = {"type": "Feature", "properties": {"id": "fj"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        self.write_features("fiji.geojson", [fiji])
        self.write_study({"yaan_study": 1, "layers": {"areas": {"file": "fiji.geojson"}},
                          "outputs": [{"layer": "areas", "file": "out.geojson"}]})
        self.assertIn("were brought to -180 to 180 degrees and cut there (fj)", self.report("run", "study.json"))
        document = json.loads((self.folder / "out.geojson").read_text(encoding="utf-8"))
        self.assertEqual(document["bbox"], [179, -18, -179, -16])
        geometry = document["features"][0]["geometry"]
        self.assertEqual(geometry["type"], "MultiPolygon")
        self.assertEqual(sorted(sorted({x for x, _ in part[0]}) for part in geometry["coordinates"]), [[-180, -179], [179, 180]])

    def test_keys(self):
        (self.folder / "sites.csv").write_text("id,name_en,kind,lon,lat\n1,a,วัด,98.9,18.7\n2,b,วัด\u200b,98.9,18.71\n"
                                               "3,c,น้ำ ๒,98.9,18.72\n4,d,น\u0e4d\u0e49า\u00a02,98.9,18.73\n5,e,วัด,98.9,18.74\n",
                                               encoding="utf-8")
        study = {"yaan_study": 1, "layers": {"sites": {"file": "sites.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326",
                                                       "columns": {"category": "kind"}},
                                             "areas": {"file": "areas.geojson"}},
                 "analyses": [{"method": "assign-areas", "points": "sites", "areas": "areas"}],
                 "outputs": [{"layer": "sites", "file": "out.csv"}, {"table": "areas", "file": "table.csv"}]}
        self.write_study(study)
        said = self.report("run", "study.json")
        self.assertIn("values of kind differ from others only in Thai digits, spaces or the order of marks", said)
        rows = self.rows("out.csv")
        self.assertEqual(rows[1]["kind"], "วัด\u200b")  # what was written stays
        self.assertEqual([row["category_key"] == rows[0]["category_key"] for row in rows], [True, True, False, False, True])
        self.assertEqual(rows[2]["category_key"], rows[3]["category_key"])
        self.assertEqual(self.rows("table.csv")[0]["วัด"], "3")
        study["layers"]["sites"]["keys"] = "as-is"
        self.write_study(study)
        self.assertNotIn("differ from others", self.report("run", "study.json", "--overwrite"))
        self.assertEqual(self.rows("table.csv")[0]["วัด"], "2")


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Counts, quotients and rates by area, grids and colocation by the real program, and what they refuse."""
import json
import unittest

from program import REPORT, CliTest


class AreaStatistics(CliTest):
    """Two provinces of half a degree: crafts beside markets in the west, temples everywhere."""

    POINTS = ["--points", "places.csv", "--points-x", "lon", "--points-y", "lat", "--points-crs", "EPSG:4326"]

    def setUp(self):
        super().setUp()
        self.write_areas(people=lambda i: 1000 * (i + 1))
        rows = []
        for i in range(48):
            west = i < 36
            kind = ("craft", "market", "temple")[i % 3] if west else "temple"
            row = {"id": f"p{i:02}", "name_en": f"Place {i}", "category": kind, "lat": 15.05 + 0.01 * (i // 3),
                   "lon": (100.05 if west else 100.65) + 0.02 * (i // 3 % 5) + (0.0002 if kind == "market" else 0)
                          + (0.005 if kind == "temple" else 0), "visitors": "" if i == 4 else i, "publication": "open"}
            rows.append(row)
        rows[2]["publication"] = "hidden"
        self.write_rows("places.csv", rows)

    def write_areas(self, **columns):
        features = []
        for i, west in enumerate((100, 100.5)):
            ring = [[west, 15], [west + 0.5, 15], [west + 0.5, 15.5], [west, 15.5], [west, 15]]
            features.append({"type": "Feature", "properties": {"code": "WE"[i], "events": 5 * i,
                                                               **{name: value(i) for name, value in columns.items()}},
                             "geometry": {"type": "Polygon", "coordinates": [ring]}})
        self.write_features("areas.geojson", features)

    def summary(self, *args):
        return json.loads(self.succeeds(*args, "--json"))

    def test_statistics_by_area(self):
        self.succeeds("area-statistics", "areas.geojson", *self.POINTS, "--variable", "visitors", "-o", "counted.csv",
                      stderr=REPORT)
        west, east = self.rows("counted.csv")
        self.assertEqual((west["point_count"], east["point_count"]), ("36", "12"))  # the hidden one counts
        self.assertEqual((west["kind_count"], east["kind_count"], east["shannon"]), ("3", "1", "0"))
        self.assertEqual(west["value_count"], "34")  # less the hidden one and the one without a number
        self.assertEqual(float(west["value_sum"]), sum(range(36)) - 2 - 4)
        self.assertAlmostEqual(float(west["point_density_km2"]) * float(west["area_km2"]), 36, places=9)
        self.assertAlmostEqual(float(west["area_km2"]), 2969, delta=3)

    def test_a_study_from_grid_to_quotients(self):
        self.write_study({"yaan_study": 1,
                          "layers": {"areas": {"file": "areas.geojson"},
                                     "places": {"file": "places.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326"}},
                          "analyses": [{"method": "grid", "features": "places", "areas": "areas", "side": "6km",
                                        "output": "hexagons"},
                                       {"method": "area-statistics", "areas": "hexagons", "points": "places"},
                                       {"method": "location-quotient", "areas": "areas", "points": "places", "kind": "craft"},
                                       {"method": "rates", "features": "areas", "events": "lq_count", "population": "people",
                                        "per": 1000},
                                       {"method": "local-colocation-quotient", "points": "places", "kind": "craft",
                                        "other_kind": "market", "nearest": 1},
                                       {"method": "colocation-quotient", "points": "places"}],
                          "outputs": [{"layer": "hexagons", "file": "hexagons.geojson"}, {"layer": "areas", "file": "areas.csv"},
                                      {"layer": "location_quotients", "file": "quotients.csv"},
                                      {"layer": "places", "file": "out.geojson"}, {"layer": "colocations", "file": "kinds.csv"}]})
        self.succeeds("run", "study.json", "--out", "out", stderr=REPORT)
        cells = self.features("out/hexagons.geojson")
        self.assertEqual(sum(c["properties"]["point_count"] for c in cells), 48)
        self.assertEqual(len({c["properties"]["cell_id"] for c in cells}), len(cells))
        west, east = self.rows("out/areas.csv")
        self.assertEqual((west["lq"], west["lq_kind"], west["lq_count"]), ("1.3333333333333333", "craft", "12"))
        self.assertEqual((east["lq"], east["rate"], west["rate"]), ("0", "0", "12"))
        self.assertEqual(len(self.rows("out/quotients.csv")), 6)
        crafts = [f["properties"] for f in self.features("out/out.geojson") if f["properties"]["category"] == "craft"]
        self.assertEqual({c["local_clq_kind"] for c in crafts}, {"market"})
        self.assertTrue(all(c["local_clq"] > 3 for c in crafts))
        pairs = {(r["kind"], r["other_kind"]): r for r in self.rows("out/kinds.csv")}
        self.assertEqual(pairs["craft", "market"]["mark"], "gather")
        self.assertEqual(pairs["craft", "market"]["count"], "12")
        self.succeeds("replay", "out/kinds.csv.yaan.json", stderr=r"(?:.|\n)*")

    def test_a_hidden_site_is_in_no_small_cell(self):
        self.write_study({"yaan_study": 1,
                          "layers": {"places": {"file": "places.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326"}},
                          "analyses": [{"method": "grid", "features": "places", "side": "500m"},
                                       {"method": "area-statistics", "areas": "cells", "points": "places", "within": "0m"}],
                          "outputs": [{"layer": "cells", "file": "cells.geojson"}]})
        said = self.report("run", "study.json")
        self.assertIn("points that are not open lie in areas below 31 km2 and count nowhere", said)
        self.assertEqual(sum(c["properties"]["point_count"] for c in self.features("cells.geojson")), 47)

    def test_same_answer_with_any_number_of_threads(self):
        call = ["places.csv", "--x", "lon", "--y", "lat", "--crs", "EPSG:4326"]
        for verb in ("colocation-quotient", "local-colocation-quotient"):
            answers = []
            for threads in ("1", "3"):
                self.succeeds(verb, *call, "--threads", threads, "-o", f"{threads}.csv", "--overwrite", stderr=REPORT)
                answers.append((self.folder / f"{threads}.csv").read_bytes())
            self.assertEqual(answers[0], answers[1], verb)

    def test_grids_are_refused_without_a_size_or_an_end(self):
        self.fails(2, r"a side and a cell_area are given", "grid", "areas.geojson", "--side", "1km", "--cell-area", "5")
        self.fails(2, r"cells with a side of 1m would be about .* 1000000 are the most", "grid", "areas.geojson", "--side", "1m",
                   advice=r"take a side of")
        self.fails(2, r"has no unit|bare", "grid", "areas.geojson", "--side", "5")

    def test_geojson_of_a_method_that_makes_a_table_holds_the_areas(self):
        call = ["location-quotient", "areas.geojson", *self.POINTS, "--kind", "craft"]
        self.succeeds(*call, "-o", "lq.geojson", stderr=REPORT)
        areas = self.features("lq.geojson")
        self.assertEqual([(f["geometry"]["type"], f["properties"]["code"]) for f in areas], [("Polygon", "W"), ("Polygon", "E")])
        self.assertEqual(areas[0]["properties"]["lq_count"], 12)
        self.succeeds("replay", "lq.geojson", stderr=r"(?:.|\n)*")
        self.succeeds(*call, "-o", "lq.csv", stderr=REPORT)
        self.assertEqual({row["kind"] for row in self.rows("lq.csv")}, {"craft", "market", "temple"})
        self.assertIn("GeoJSON holds the areas with the columns", " ".join(self.succeeds("location-quotient", "--help").split()))

    def test_a_method_is_described_by_its_name(self):
        page = self.succeeds("methods", "location-quotient")
        self.assertTrue(page.startswith("### location-quotient: "), page[:60])
        self.assertIn("| `lq_shrunk` |", page)
        self.fails(2, r"there is no method", "methods", "location-quotent", advice=r"did you mean location-quotient")

    def test_numbers_that_are_none_are_named(self):
        self.write_rows("towns.csv", [{"id": f"p{i}", "lon": 100 + i, "lat": 15, "v": "-" if i == 2 else i, "nothing": ""}
                                      for i in range(5)])
        call = ["moran", "towns.csv", "--x", "lon", "--y", "lat", "--crs", "EPSG:4326"]
        self.fails(2, r'the variable v of layer features holds text, not numbers: the row p2 has "-"', *call, "--variable", "v")
        self.fails(2, r"the variable nothing of layer features is empty", *call, "--variable", "nothing")
        self.fails(2, r"seed 99999999999999999999999 is too large", *call, "--seed", "99999999999999999999999")
        self.fails(2, r"--correction", *call, "--correction", "none", advice=r"yaan moran --help")

    def test_what_several_steps_report_is_not_added_up(self):
        rows = [{"id": f"p{i}", "lon": 100.1 + 0.1 * i, "lat": 15.2 if i < 4 else 20, "category": "ab"[i % 2]} for i in range(6)]
        self.write_rows("some.csv", rows)
        self.write_study({"yaan_study": 1,
                          "layers": {"areas": {"file": "areas.geojson"},
                                     "places": {"file": "some.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326"}},
                          "analyses": [{"method": "area-statistics", "areas": "areas", "points": "places"},
                                       {"method": "location-quotient", "areas": "areas", "points": "places"}],
                          "outputs": [{"layer": "areas", "file": "areas.csv"}]})
        report = json.loads(self.succeeds("run", "study.json", "--out", "out", "--json"))
        self.assertEqual([d["count"] for d in report["diagnostics"] if d["code"].startswith("outside")], [2])

    def test_rates_refuse_and_count(self):
        call = ["rates", "areas.geojson", "--events", "events", "--population", "people"]
        self.fails(2, r"nobody says which is the column of events", "rates", "areas.geojson",
                   advice=r"the parameter events names it")
        self.write_areas(people=lambda i: -5)
        self.fails(1, r"people is -5, but numbers of events and people are not negative", *call)
        self.write_areas(people=lambda i: 10 * i)
        report = self.summary(*call)
        self.assertEqual((report["n"], report["zero_population"]), (1, 1))
        self.assertEqual(self.counts(report), {"zero-population": 1, "islands": 1, "one-area": 1})
        self.write_areas(people=lambda i: None if i == 0 else 10)
        self.assertEqual(self.counts(self.summary(*call))["missing-value"], 1)

    def test_kinds_are_refused_and_counted(self):
        call = ["places.csv", "--x", "lon", "--y", "lat", "--crs", "EPSG:4326"]
        self.fails(2, r"no feature of layer points is of the kind \"fort\"", "local-colocation-quotient", *call, "--kind", "fort",
                   advice=r"the kinds are craft, market, temple")
        self.fails(2, r"no feature of layer points is of the kind \"fort\"", "location-quotient", "areas.geojson", *self.POINTS,
                   "--kind", "fort")
        report = self.summary("colocation-quotient", *call, "--nearest", "48")
        self.assertEqual(self.counts(report)["fewer-neighbours"], 1)
        self.fails(2, r"nearest is 0", "colocation-quotient", *call, "--nearest", "0")
        report = self.summary("colocation-quotient", *call, "--variable", "publication")
        self.assertEqual(report["kinds"], 2)


if __name__ == "__main__":
    unittest.main()

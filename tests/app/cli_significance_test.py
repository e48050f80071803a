#!/usr/bin/env python3
"""The significance of districts by the real program: the example study, the verb with its layers, and what is refused."""
import json
import random
import unittest

from program import REPORT, SOURCE, CliTest


class Significance(CliTest):
    """A knot of workshops among strays in one degree, businesses with a knot at the same place, people in areas."""

    def setUp(self):
        super().setUp()
        draw = random.Random(5)

        def strays(count):
            return [(100 + draw.random(), 15 + draw.random()) for _ in range(count)]

        def knot(count):
            return [(100.5 + draw.gauss(0, .005), 15.5 + draw.gauss(0, .005)) for _ in range(count)]

        self.write_places("sites.csv", strays(60) + knot(12) + [(103, 15)])
        self.write_places("businesses.csv", strays(150) + knot(150))
        ring = [[100, 15], [101, 15], [101, 16], [100, 16], [100, 15]]
        self.write_features("window.geojson", [{"type": "Feature", "properties": {"people": 5000},
                                                "geometry": {"type": "Polygon", "coordinates": [ring]}}])
        self.layer = ["sites.csv", "--crs", "EPSG:4326", "--radius", "1500m", "--min-points", "4"]

    def write_places(self, name, places):
        self.write_rows(name, [{"id": f"s{i:03}", "longitude": x, "latitude": y} for i, (x, y) in enumerate(places)])

    def report(self, *args):
        return json.loads(self.succeeds("district-significance", *self.layer, *args, "--json"))

    def test_the_background_decides(self):
        report = self.report("--window", "window.geojson", "-o", "window.csv")
        self.assertEqual((report["clustered"], report["counted"], report["null_model"]), (73, 72, "complete_randomness"))
        self.assertEqual((report["least_p"], self.counts(report)["outside-window"]), (.001, 1))
        best = max(self.rows("window.csv"), key=lambda row: float(row["excess"]))
        self.assertGreater(int(best["count"]), 8)
        self.assertEqual((best["p"], best["significant"]), ("0.001", "1"))
        self.assertAlmostEqual(float(best["ratio"]), int(best["counted"]) / float(best["expected"]), places=9)
        self.assertIn("same", self.succeeds("replay", "window.csv.yaan.json"))

        report = self.report("--background", "businesses.csv", "--background-crs", "EPSG:4326")
        self.assertEqual(report["null_model"], "background")
        self.assertGreater(report["least_p"], .05)
        report = self.report("--window", "window.geojson", "--population", "people")
        self.assertEqual((report["null_model"], report["least_p"]), ("population", .001))

    def test_threads_do_not_matter(self):
        texts = []
        for threads in ("1", "2", "7"):
            self.succeeds("district-significance", *self.layer, "--window", "window.geojson", "--threads", threads, "-o",
                          "a.csv", "--overwrite", stderr=REPORT)
            texts.append((self.folder / "a.csv").read_bytes())
        self.assertEqual(texts, texts[:1] * 3)

    def test_refusals(self):
        verb = ["district-significance", *self.layer, "-o", "out.csv"]
        self.write_places("elsewhere.csv", [(103, 10)])
        self.fails(2, r"the background has no usable point in the window", *verb, "--window", "window.geojson", "--background",
                   "elsewhere.csv", "--background-crs", "EPSG:4326", advice="another null model")
        self.fails(2, r"needs a background layer", *verb, "--null-model", "background")
        self.fails(2, r"no kind was named", *verb, "--null-model", "random_labelling")
        self.fails(2, r"needs a column of people", *verb, "--null-model", "population")
        self.fails(2, r"has no column", *verb, "--window", "window.geojson", "--population", "peple", advice="people")
        for name, values in {"--simulations": ("0", "100000"), "--seed": ("-1", "9007199254740992"),
                             "--significance": ("0", "1.5"), "--min-points": ("0",), "--radius": ("0m", "5")}.items():
            for value in values:
                self.fails(2, name[2:].replace("-", "."), *verb, name, value)

    def test_a_background_without_the_sites(self):
        self.write_places("few.csv", [(100 + i / 20, 15.5) for i in range(10)])
        report = self.report("--background", "few.csv", "--background-crs", "EPSG:4326")
        counts = self.counts(report)
        self.assertEqual((counts["not-in-background"], counts["small-background"]), (73, 1))
        self.assertGreater(report["least_p"], .05)

    def test_nothing_to_test(self):
        ring = [[110, 15], [111, 15], [111, 16], [110, 16], [110, 15]]
        self.write_features("beyond.geojson", [{"type": "Feature", "properties": {},
                                                "geometry": {"type": "Polygon", "coordinates": [ring]}}])
        report = self.report("--window", "beyond.geojson")
        self.assertEqual((self.counts(report)["empty-window"], report["simulations"]), (1, 0))
        self.assertNotIn("least_p", report)
        self.layer[-1] = "50"
        report = self.report("--window", "window.geojson")
        self.assertEqual((self.counts(report)["no-districts"], report["districts"]), (1, 0))
        self.assertNotIn("least_p", report)

    def test_the_example_study(self):
        study = SOURCE / "examples/significant_districts/study.json"
        self.succeeds("run", study, "--out", "out", stderr=REPORT)
        sites = json.loads((self.folder / "out/sites.geojson").read_text(encoding="utf-8"))["features"]
        districts = json.loads((self.folder / "out/districts.geojson").read_text(encoding="utf-8"))["features"]
        rows = {int(row["cluster"]): row for row in self.rows("out/significance.csv")}
        self.assertEqual(sorted(rows), sorted(each["properties"]["cluster"] for each in districts))
        for district in districts:
            row = rows[district["properties"]["cluster"]]
            self.assertEqual(int(row["count"]), district["properties"]["count"])
            self.assertEqual(float(row["p"]), district["properties"]["p"])
        for site in sites:
            values = site["properties"]
            self.assertEqual(values["tested_cluster"], values["cluster"])
            self.assertEqual(values["district_p"],
                             None if values["cluster"] is None else float(rows[values["cluster"]]["p"]))
        # Towns gather everything; that heritage gathers more than assets do anyway is another question.
        self.assertEqual({row["p"] for row in rows.values()}, {"0.001"})
        heritage = self.rows("out/heritage_significance.csv")
        self.assertTrue(0 < sum(int(row["significant"]) for row in heritage) < len(heritage))


if __name__ == "__main__":
    unittest.main()

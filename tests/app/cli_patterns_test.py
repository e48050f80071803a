#!/usr/bin/env python3
"""Statistics of point patterns by the real program: tables, windows, null models, replay, and what is refused."""
import json
import random
import unittest

from program import REPORT, CliTest


class Patterns(CliTest):
    """Workshops close about temples in one degree of longitude and latitude, and a background of businesses."""

    def setUp(self):
        super().setUp()
        draw = random.Random(3)
        places = [(100 + draw.random(), 15 + draw.random()) for _ in range(40)]
        rows = [(x, y, "temple") for x, y in places]
        rows += [(x + draw.gauss(0, .004), y + draw.gauss(0, .004), "workshop") for x, y in places]
        self.write_sites("sites.csv", rows + [(103, 15, "temple")])
        self.write_sites("businesses.csv", [(100 + draw.random(), 15 + draw.random(), "shop") for _ in range(300)])
        ring = [[100, 15], [101, 15], [101, 16], [100, 16], [100, 15]]
        self.write_features("window.geojson", [{"type": "Feature", "properties": {"name": "window"},
                                                "geometry": {"type": "Polygon", "coordinates": [ring]}}])
        self.layer = ["sites.csv", "--crs", "EPSG:4326", "--window", "window.geojson"]

    def write_sites(self, name, rows):
        self.write_rows(name, [{"id": f"s{i:03}", "longitude": x, "latitude": y, "category": kind}
                               for i, (x, y, kind) in enumerate(rows)])

    def summary(self, verb, *args):
        return json.loads(self.succeeds(verb, *self.layer, *args, "--json"))

    def test_workshops_gather_about_temples(self):
        report = self.summary("cross-k", "--from-kind", "temple", "--to-kind", "workshop", "--max-distance", "5km",
                             "--null-model", "complete_randomness", "-o", "cross.csv")
        self.assertEqual((report["used"], report["outside_window"], report["p_global"]), (80, 1, 0.01))
        self.assertEqual(self.counts(report)["outside-window"], 1)
        rows = self.rows("cross.csv")
        self.assertEqual(len(rows), 51)
        self.assertGreater(float(rows[10]["k_m2"]), float(rows[10]["k_high_m2"]))
        self.assertGreater(float(rows[10]["l_m"]), float(rows[10]["l_global_high_m"]))
        self.assertIn("same", self.succeeds("replay", "cross.csv.yaan.json"))

    def test_every_pair_of_kinds_has_its_curve(self):
        self.succeeds("cross-k", *self.layer, "--simulations", "0", "--steps", "5", "-o", "cross.csv", stderr=REPORT)
        pairs = {(row["from_kind"], row["to_kind"]) for row in self.rows("cross.csv")}
        self.assertEqual(pairs, {("temple", "workshop"), ("workshop", "temple")})

    def test_scan_finds_the_planted_cluster(self):
        draw = random.Random(8)
        planted = [(100.5 + draw.gauss(0, .01), 15.5 + draw.gauss(0, .01), "craft") for _ in range(25)]
        self.write_sites("crafts.csv", planted + [(100 + draw.random(), 15 + draw.random(), "craft") for _ in range(40)])
        scan = ["scan-statistic", "crafts.csv", "--crs", "EPSG:4326"]
        report = json.loads(self.succeeds(*scan, "--background", "businesses.csv", "--background-crs", "EPSG:4326", "-o",
                                          "circles.geojson", "--json"))
        self.assertEqual((report["model"], report["cases"], report["population"], report["p"]), ("bernoulli", 65, 365, 0.001))
        self.assertGreaterEqual(report["observed"], 24)
        circle = self.features("circles.geojson")[0]
        self.assertEqual((circle["properties"]["cluster"], circle["properties"]["verdict"]), (1, "significant"))
        xs, ys = zip(*circle["geometry"]["coordinates"][0])
        self.assertLess(abs((min(xs) + max(xs)) / 2 - 100.5), 0.02)
        self.assertAlmostEqual((max(ys) - min(ys)) / 2 * 110_650, circle["properties"]["radius_m"], delta=10)
        self.assertIn("same", self.succeeds("replay", "circles.geojson"))
        self.fails(2, "nothing says what the points are compared with", *scan, "-o", "x.geojson", advice="background layer")
        self.fails(2, 'is of the kind "market"', *scan, "--kind", "market", "-o", "x.geojson", advice="the kinds are craft")

    def test_many_pairs_are_allowed_for(self):
        wanted = {"none": lambda p, rank: p, "bonferroni": lambda p, rank: 6 * p, "benjamini_hochberg": lambda p, rank: 6 * p / rank}
        rows = self.rows("sites.csv")
        for at, row in enumerate(rows):
            row["category"] = row["category"] if at % 3 else "gallery"
        self.write_rows("sites.csv", rows)
        for correction, adjust in wanted.items():
            report = self.summary("cross-k", "--steps", "4", "--max-distance", "5km", "--simulations", "39", "--p-correction",
                                  correction, "-o", "cross.csv", "--overwrite")
            found = {(row["from_kind"], row["to_kind"]): (float(row["p_global"]), float(row["p_adjusted"]))
                     for row in self.rows("cross.csv")}
            self.assertEqual((len(found), report["pairs"]), (6, 6))
            ascending = sorted(found.values())
            expected = [min(1, *(adjust(p, rank) for rank, (p, _) in list(enumerate(ascending, 1))[at:])) if correction[:2] == "be"
                        else min(1, adjust(p, 0)) for at, (p, _) in enumerate(ascending)]
            for (_, adjusted), by_hand in zip(ascending, expected):
                self.assertAlmostEqual(adjusted, by_hand, 12, correction)
            self.assertEqual(report["significant"], sum(adjusted <= 0.05 for _, adjusted in found.values()))

    def test_one_kind_alone(self):
        report = self.summary("ripley-k", "--kind", "temple", "--null-model", "random_labelling")
        self.assertEqual((report["used"], report["null_model"]), (40, "random_labelling"))
        report = self.summary("pair-correlation", "--kind", "workshop", "--background", "businesses.csv", "--background-crs",
                             "EPSG:4326")
        self.assertEqual((report["used"], report["null_model"]), (40, "background"))

    def test_a_background_that_does_not_hold_the_points(self):
        report = self.summary("ripley-k", "--background", "businesses.csv", "--background-crs", "EPSG:4326")
        added = self.counts(report)["not-in-background"]
        self.assertGreater(added, 0)
        report = json.loads(self.succeeds("ripley-k", "businesses.csv", "--crs", "EPSG:4326", "--window", "window.geojson",
                                          "--background", "sites.csv", "--background-crs", "EPSG:4326", "--json"))
        self.assertEqual(self.counts(report)["small-background"], 1)
        report = self.summary("cross-k", "--background", "businesses.csv", "--background-crs", "EPSG:4326")
        self.assertEqual(report["null_model"], "random_labelling")
        self.assertEqual(self.counts(report)["background-unused"], 1)

    def test_index_and_quadrats(self):
        self.assertLess(self.summary("nearest-neighbour-index")["clark_evans"], 0.6)
        report = self.summary("quadrat-test", "--columns", "3", "--rows", "2", "-o", "quadrats.geojson")
        self.assertEqual((report["quadrats"], report["degrees_of_freedom"]), (6, 5))
        features = json.loads((self.folder / "quadrats.geojson").read_text(encoding="utf-8"))["features"]
        self.assertEqual(sum(feature["properties"]["count"] for feature in features), 80)
        self.assertAlmostEqual(sum(feature["properties"]["expected"] for feature in features), 80, places=9)

    def test_refusals(self):
        self.fails(2, r'no point in the window is of the kind "tempel"', "ripley-k", *self.layer, "--kind", "tempel", "-o",
                   "k.csv", advice="did you mean temple?")
        self.fails(2, r"9 simulations are too few", "ripley-k", *self.layer, "--simulations", "9", "-o", "k.csv",
                   advice="at least 39")
        self.fails(2, r"needs a background layer", "ripley-k", *self.layer, "--null-model", "background", "-o", "k.csv")
        self.fails(2, r"max.distance", "ripley-k", *self.layer, "--max-distance", "5", "-o", "k.csv")
        for seed in ("-1", "9007199254740992"):
            self.fails(2, r"seed", "ripley-k", *self.layer, "--seed", seed, "-o", "k.csv")


if __name__ == "__main__":
    unittest.main()

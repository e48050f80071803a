#!/usr/bin/env python3
"""Spatial weights and spatial autocorrelation by the real program, and the weights, values and settings it refuses."""
import hashlib
import json
import unittest

from program import ANYTHING, REPORT, CliTest


class Autocorrelation(CliTest):
    """Weights and statistics of a lattice of 6 by 6 squares, hot in its south-west corner."""

    SIDE = 6

    def setUp(self):
        super().setUp()
        self.write_squares()

    def write_squares(self, gap=0.0, **columns):
        features = []
        for i in range(self.SIDE * self.SIDE):
            row, col = divmod(i, self.SIDE)
            west, south = 100 + 0.01 * col, 15 + 0.01 * row
            east, north = west + 0.01 - gap, south + 0.01 - gap
            ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
            properties = {"id": f"q{i:02}", "value": (9 if row < 3 and col < 3 else 1) + i % 5 * 0.25, "other": i * 7 % 11,
                          "kind": "craft" if row < 3 else "temple", "flat": 3}
            properties.update({name: column(i) for name, column in columns.items()})
            features.append({"type": "Feature", "properties": properties,
                             "geometry": {"type": "Polygon", "coordinates": [ring]}})
        self.write_features("squares.geojson", features)

    def summary(self, *args):
        return json.loads(self.succeeds(*args, "--json"))

    def test_weights_of_squares(self):
        report = self.summary("spatial-weights", "squares.geojson")
        self.assertEqual((report["links"], report["components"], report["islands"], report["symmetric"]), (220, 1, 0, "yes"))
        report = self.summary("spatial-weights", "squares.geojson", "--neighbours", "rook")
        self.assertEqual((report["links"], report["least_neighbours"], report["most_neighbours"]), (120, 2, 4))

    def test_gaps_are_closed_by_snap(self):
        self.write_squares(gap=0.0001)
        report = self.summary("spatial-weights", "squares.geojson")
        self.assertEqual((report["links"], report["islands"]), (0, 36))
        self.assertEqual(self.counts(report), {"islands": 36})
        report = self.summary("spatial-weights", "squares.geojson", "--snap", "20m")
        self.assertEqual((report["links"], report["islands"]), (220, 0))

    def test_weights_are_written_and_read_again(self):
        for name in ("w.csv", "w.gal", "w.gwt"):
            self.succeeds("spatial-weights", "squares.geojson", "--neighbours", "rook", "-o", name, stderr=REPORT)
        self.assertEqual((self.folder / "w.gal").read_text().splitlines()[:3], ["0 36 weights id", "q00 2", "q06 q01"])
        self.assertEqual((self.folder / "w.gwt").read_text().splitlines()[:2], ["0 36 weights id", "q00 q06 1"])
        own = self.summary("moran", "squares.geojson", "--variable", "value", "--neighbours", "rook")
        self.assertGreater(own["moran_i"], 0.5)
        self.assertLess(own["p_permuted"], 0.01)
        for name in ("w.csv", "w.gal", "w.gwt"):
            given = self.summary("moran", "squares.geojson", "--variable", "value", "--weights", name)
            said = ("seconds", "peak_bytes", "weights")
            self.assertEqual({k: v for k, v in given.items() if k not in said},
                             {k: v for k, v in own.items() if k not in said}, name)
            self.assertEqual(given["weights"], "given (weights), row-standardised")
        replayed = self.succeeds("replay", "w.gal.yaan.json")
        self.assertIn("same", replayed)

    def test_inverse_distances_do_not_fit_gal(self):
        self.succeeds("spatial-weights", "squares.geojson", "--neighbours", "inverse_distance", "--distance", "2km", "-o",
                      "w.gal", stderr=REPORT)
        self.fails(2, r"has no column from, so it cannot be written as weights", "moran", "squares.geojson", "--variable", "value",
                   "-o", "m.gal")

    def test_clusters_are_marked(self):
        self.succeeds("local-moran", "squares.geojson", "--variable", "value", "-o", "lisa.geojson", stderr=REPORT)
        features = self.features("lisa.geojson")
        marks = {f["properties"]["id"]: f["properties"]["local_moran_cluster"] for f in features}
        self.assertEqual(marks["q07"], "High-High")  # all of its neighbours are hot
        self.assertEqual(marks["q35"], "not significant")
        for f in features:
            p = f["properties"]
            self.assertLessEqual(p["local_moran_p"], p["local_moran_p_adjusted"])
        self.succeeds("local-g", "squares.geojson", "--variable", "value", "--threads", "1", "-o", "one.geojson", stderr=REPORT)
        self.succeeds("local-g", "squares.geojson", "--variable", "value", "--threads", "4", "-o", "four.geojson", stderr=REPORT)
        one, four = self.features("one.geojson"), self.features("four.geojson")
        self.assertEqual(one, four)
        self.assertEqual(one[7]["properties"]["local_g_cluster"], "hot spot")

    def test_every_statistic_runs(self):
        for verb, *more in (["geary"], ["general-g"], ["bivariate-moran", "--neighbour-variable", "other"], ["local-geary"],
                            ["local-bivariate-moran", "--neighbour-variable", "other"]):
            report = self.summary(verb, "squares.geojson", "--variable", "value", *more)
            self.assertEqual(report["n"], 36, verb)
        report = self.summary("join-counts", "squares.geojson", "--variable", "kind")
        self.assertEqual((report["kinds"], report["joins"]), (2, 110))
        report = self.summary("local-join-count", "squares.geojson", "--variable", "kind", "--kind", "craft")
        self.assertEqual(report["n"], 36)

    def test_conventions_and_corrections_are_named(self):
        folded = self.summary("local-moran", "squares.geojson", "--variable", "value", "--p-value", "folded", "--correction",
                              "bonferroni", "--draws", "shared")
        self.assertEqual((folded["p_value"], folded["correction"], folded["draws"]), ("folded", "bonferroni", "shared"))

    def test_the_verdict_is_in_words(self):
        def verdicts(*more):
            return [self.summary(method, "squares.geojson", "--variable", "value", "--neighbours", "rook", *more)["verdict"]
                    for method in ("moran", "geary", "general-g")]
        for more in ((), ("--permutations", "0"), ("--p-value", "folded")):
            self.write_squares(value=lambda i: 9 + i if i < 12 else 1 + i % 3)
            self.assertEqual(verdicts(*more), ["neighbours are alike", "neighbours are alike", "high values lie together"], more)
            self.write_squares(value=lambda i: 1 + 5 * ((i // 6 + i % 6) % 2) + i % 5 / 10)
            self.assertEqual(verdicts(*more), ["neighbours differ", "neighbours differ", "high values lie apart"], more)
        self.write_squares(value=lambda i: hashlib.sha256(b"%d" % i).digest()[0])  # noise
        self.assertEqual(set(verdicts()), {"cannot be told from chance"})
        self.assertNotIn("verdict", self.summary("moran", "squares.geojson", "--variable", "flat"))
        self.write_squares(value=lambda i: 9 + i if i < 12 else 1 + i % 3)
        few = self.summary("moran", "squares.geojson", "--variable", "value", "--permutations", "38")
        self.assertEqual((few.get("verdict"), self.counts(few)), (None, {"few-permutations": 1}))
        enough = self.summary("moran", "squares.geojson", "--variable", "value", "--permutations", "39")
        self.assertEqual((enough["verdict"], self.counts(enough)), ("neighbours are alike", {}))
        report = rf"moran +variable value, verdict neighbours are alike, n 36{ANYTHING}"
        self.succeeds("moran", "squares.geojson", "--variable", "value", "-o", "m.csv", stderr=report)

    def test_values_that_are_not_there_are_counted(self):
        self.write_squares(value=lambda i: None if i in (3, 4, 8) else i)
        report = self.summary("moran", "squares.geojson", "--variable", "value")
        self.assertEqual((report["n"], self.counts(report)), (33, {"missing-value": 3}))

    def test_maps_without_an_answer(self):
        report = self.summary("moran", "squares.geojson", "--variable", "flat")
        self.assertEqual(self.counts(report), {"constant-variable": 1})
        self.assertNotIn("moran_i", report)
        report = self.summary("moran", "squares.geojson", "--variable", "value", "--neighbours", "nearest", "--nearest", "36")
        self.assertEqual(self.counts(report), {"fewer-neighbours": 1, "all-neighbours": 1})
        self.assertNotIn("p_permuted", report)
        self.write_squares(gap=0.0001)
        for rule in ("keep", "uncounted", "leave_out"):
            report = self.summary("local-moran", "squares.geojson", "--variable", "value", "--islands", rule)
            self.assertEqual(self.counts(report)["islands"], 36)
        self.SIDE = 1
        self.write_squares()
        report = self.summary("local-g", "squares.geojson", "--variable", "value")
        self.assertEqual(self.counts(report), {"islands": 1, "too-few-features": 1})

    def test_refusals(self):
        call = ["moran", "squares.geojson"]
        self.fails(2, r"nobody says which column is the variable", *call, advice=r"the parameter variable names it; the columns of numbers are value, other, flat")
        self.fails(2, r"kind .* holds text, not numbers", *call, "--variable", "kind", advice=r"value, other, flat")
        self.fails(2, r"no column", *call, "--variable", "valeu", advice=r"did you mean value\?|value")
        self.fails(2, r"seed is -1, but must be at least 0", *call, "--variable", "value", "--seed", "-1")
        self.fails(2, r"seed is 9007199254740992", *call, "--variable", "value", "--seed", "9007199254740992")
        self.fails(2, r"nearest is 0", *call, "--variable", "value", "--nearest", "0")
        self.fails(2, r"order is 2, but weights by distance know no orders", *call, "--variable", "value", "--neighbours", "kernel",
                   "--order", "2")
        self.write_squares(value=lambda i: i - 3)
        self.fails(1, r"feature q00: value is -3, but general-g takes no negative values", "general-g", "squares.geojson",
                   "--variable", "value", advice=r"use moran")
        self.fails(2, r"no feature of layer features is of the kind \"fort\"", "local-join-count", "squares.geojson", "--variable",
                   "kind", "--kind", "fort", advice=r"the kinds are craft, temple")
        (self.folder / "x.gwt").write_text("2\nq00 q99 1\n")
        self.fails(1, r"names \"q99\", but layer features has no such feature", *call, "--variable", "value", "--weights", "x.gwt")
        (self.folder / "y.gal").write_text("2\nq00 2\nq01\nq01 0\n")
        self.fails(1, r"y\.gal, line 3: 2 neighbours of q00 were expected, but 1 are there", *call, "--variable", "value", "--weights",
                   "y.gal")


if __name__ == "__main__":
    unittest.main()

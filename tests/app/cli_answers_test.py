#!/usr/bin/env python3
"""What the program answers: outputs, reports and run records, the same for any number of threads and when run again."""
import json
import unittest

from program import CSV, REPORT, WGS84, CliTest, snapshot


class Answers(CliTest):
    def test_run_writes_and_reports(self):
        self.succeeds("run", "study.json", "--out", "out", stderr=REPORT)
        self.assertEqual(sorted(path.name for path in (self.folder / "out").iterdir()),
                         ["areas.csv", "areas.csv.yaan.json", "districts.geojson"])
        answer = json.loads(self.succeeds("run", "study.json", "--out", "out", "--overwrite", "--json"))
        self.assertEqual([step["method"] for step in answer["steps"]], ["assign-areas", "dbscan", "districts"])
        self.assertEqual({output["name"] for output in answer["outputs"]}, {"districts", "areas"})
        self.assertEqual(set(answer["seconds"]), {"load", "compute", "write"})

    def test_outputs_go_beside_the_study_without_out(self):
        self.succeeds("run", str(self.folder / "study.json"), stderr=REPORT, cwd="/")
        self.assertTrue((self.folder / "districts.geojson").exists())

    def test_json_of_a_clustering(self):
        answer = json.loads(self.succeeds("dbscan", *CSV, *WGS84, "--radius", "200m", "--json"))
        for key in ("points", "clusters", "noise", "core", "seconds", "peak_bytes", "diagnostics"):
            self.assertIn(key, answer)
        self.assertEqual((answer["points"], answer["clusters"], answer["noise"]), (60, 1, 0))
        self.assertEqual(answer["outputs"], [])
        self.assertGreater(answer["peak_bytes"], 1_000_000)

    def test_standard_output_equals_the_file(self):
        text = self.succeeds("dbscan", *CSV, *WGS84, stderr=REPORT)
        collection = json.loads(text)
        self.assertEqual(len(collection["features"]), 60)
        self.assertEqual(collection["features"][0]["properties"]["cluster"], 1)
        self.assertEqual(collection["yaan"]["steps"][0]["method"], "dbscan")
        self.succeeds("dbscan", *CSV, *WGS84, "-o", "points.geojson", stderr=REPORT)
        self.assertEqual((self.folder / "points.geojson").read_text(encoding="utf-8"), text)

    def test_every_output_replays_and_verifies(self):
        self.succeeds("run", "study.json", "--out", "out", stderr=REPORT)
        self.succeeds("dbscan", *CSV, *WGS84, "--radius", "300m", "-o", "c.csv", stderr=REPORT)
        for output in ("out/districts.geojson", "out/areas.csv", "out/areas.csv.yaan.json", "c.csv"):
            self.assertIn("same answer", self.succeeds("replay", output, "--inputs", "."))
            self.assertIn("good", self.succeeds("verify", output, "--inputs", "."))
        self.assertTrue(json.loads(self.succeeds("replay", "c.csv", "--json"))["same"])
        self.assertTrue(json.loads(self.succeeds("verify", "c.csv", "--json"))["good"])
        with open(self.folder / "c.csv", "a", encoding="utf-8") as file:
            file.write("x")
        for verb in ("replay", "verify"):
            done = self.yaan(verb, "c.csv")
            self.assertEqual((done.returncode, done.stderr), (1, b""))
            self.assertRegex(done.stdout.decode(), "another answer|not good")

    def test_threads_and_folder_do_not_change_a_byte(self):
        for threads in ("1", "2", "8"):
            self.succeeds("run", "study.json", "--out", f"out{threads}", "--threads", threads, stderr=REPORT)
        first = snapshot(self.folder / "out1")
        self.assertEqual(snapshot(self.folder / "out2"), first)
        self.assertEqual(snapshot(self.folder / "out8"), first)

    def test_bare_radius_in_a_plane(self):
        answer = json.loads(self.succeeds("dbscan", *CSV, "--crs", "local", "--radius", "0.0015", "--json"))
        self.assertEqual(answer["clusters"], 1)

    def test_inspect(self):
        self.assertRegex(self.succeeds("inspect", "areas.geojson"), r"1 usable as polygon")
        self.assertEqual(self.layer(*CSV, *WGS84)["usable"], 60)


if __name__ == "__main__":
    unittest.main()

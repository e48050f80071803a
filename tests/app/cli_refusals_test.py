#!/usr/bin/env python3
"""What the program refuses: files, columns, systems, settings, places of outputs and calls that are wrong."""
import json
import os
import re
import shlex
import shutil
import subprocess
import unittest

from program import BINARY, CSV, REPORT, SOURCE, STUDY, WGS84, CliTest, snapshot

IS_ROOT = os.geteuid() == 0


class Refusals(CliTest):
    def test_missing_file(self):
        self.fails(1, r"nothere\.csv", "dbscan", "nothere.csv", "--x", "lon", "--y", "lat", *WGS84)
        self.fails(1, r"nothere\.json", "run", "nothere.json")
        self.fails(1, r"nothere\.csv", "inspect", "nothere.csv")
        self.fails(1, r"nothere\.geojson", "assign-areas", *CSV, *WGS84, "--areas", "nothere.geojson")
        study = json.loads(json.dumps(STUDY))
        study["layers"]["areas"]["file"] = "nothere.geojson"
        self.write_study(study)
        self.fails(1, r"nothere\.geojson", "run", "study.json", "--out", "out")

    def test_directory(self):
        (self.folder / "sub.csv").mkdir()
        self.fails(1, r"sub\.csv", "dbscan", "sub.csv", "--x", "lon", "--y", "lat", *WGS84)
        self.fails(1, r"folder", "run", ".")

    def test_zero_bytes(self):
        for name in ("empty.csv", "empty.geojson", "empty.gpkg", "empty.json"):
            (self.folder / name).write_bytes(b"")
        self.fails(1, r"empty\.csv", "dbscan", "empty.csv", "--x", "lon", "--y", "lat", *WGS84)
        self.fails(1, r"empty\.geojson", "dbscan", "empty.geojson")
        self.fails(1, r"empty\.gpkg", "dbscan", "empty.gpkg")
        self.fails(1, r"empty\.json is empty", "run", "empty.json")

    def test_truncated_file(self):
        whole = (SOURCE / "data/provinces.geojson").read_bytes()
        (self.folder / "cut.geojson").write_bytes(whole[:len(whole) // 2])
        self.fails(1, r"cut\.geojson", "assign-areas", *CSV, *WGS84, "--areas", "cut.geojson", "-o", "o.geojson")
        text = json.dumps(STUDY)
        (self.folder / "cut.json").write_text(text[:len(text) // 2], encoding="utf-8")
        self.fails(1, r"cut\.json is not JSON: line 1", "run", "cut.json")

    def test_wrong_extension(self):
        shutil.copy(self.folder / "sites.csv", self.folder / "sites.geojson")
        shutil.copy(self.folder / "sites.csv", self.folder / "sites.gpkg")
        shutil.copy(self.folder / "sites.csv", self.folder / "sites.xyz")
        for name in ("sites.geojson", "sites.gpkg", "sites.xyz"):
            done = self.yaan("dbscan", name)
            self.fails(done.returncode, re.escape(name), "dbscan", name)
            self.assertIn(done.returncode, (1, 2))
        self.fails(2, r"out\.shp is neither \.geojson nor \.csv", "dbscan", *CSV, *WGS84, "-o", "out.shp")

    def test_unknown_column(self):
        self.fails(2, r"longitude", "dbscan", "sites.csv", "--x", "longitude", "--y", "lat", *WGS84)
        self.fails(2, r"no column \"nam_en\"", "dbscan", *CSV, *WGS84, "--column", "name_en=nam_en",
                   advice="did you mean name_en")
        self.fails(2, r"no column \"idd\"", "dbscan", *CSV, *WGS84, "--column", "id=idd", advice="did you mean id")
        self.fails(2, r"columns\.nme: unknown key", "dbscan", *CSV, *WGS84, "--column", "nme=id")
        self.fails(2, r"belong together", "dbscan", "sites.csv", "--x", "lon", *WGS84)

    def test_no_crs(self):
        self.fails(1, r"coordinate reference system", "dbscan", *CSV, advice="--crs")

    def test_plane_without_place_as_geojson(self):
        self.fails(2, r"plane", "dbscan", *CSV, "--crs", "local", "-o", "out.geojson", advice="--crs|CSV")
        self.succeeds("dbscan", *CSV, "--crs", "local", "--radius", "1m", "-o", "out.csv", stderr=REPORT)

    def test_crs(self):
        self.fails(2, r"EPSG:999999", "dbscan", *CSV, "--crs", "EPSG:999999")
        self.fails(2, r"states", "assign-areas", *CSV, *WGS84, "--areas", "areas.geojson", "--areas-crs", "EPSG:32647")

    def test_unknown_study_key(self):
        study = json.loads(json.dumps(STUDY))
        study["analyses"][1]["radis"] = study["analyses"][1].pop("radius")
        self.write_study(study)
        self.fails(2, r"study\.json: analyses\[1\]\.radis: unknown key", "run", "study.json", "--out", "out",
                   advice="did you mean radius")
        study = json.loads(json.dumps(STUDY))
        study["yaan_study"] = 9
        self.write_study(study)
        self.fails(2, r"later format", "run", "study.json", advice="newer yaan")

    def test_unknown_publication_level(self):
        (self.folder / "sites.csv").write_text("lon,lat,publication\n98.9,18.7,open\n98.9,18.8,hiden\n")
        self.fails(1, r"hiden", "dbscan", *CSV, *WGS84, "-o", "o.geojson")

    def test_radius(self):
        for radius, message in (("0m", "more than 0"), ("-5m", "more than 0"), ("nan", "not a length"), ("nanm", "not a length"),
                                ("inf", "not a length"), ("500", "no unit"), ("5miles", "not a length"), ("", "not a length")):
            self.fails(2, message, "dbscan", *CSV, *WGS84, "--radius", radius, "-o", "o.geojson")
        for radius in ("0m", "-1m", 0, -1, "500 yards", True):
            study = json.loads(json.dumps(STUDY))
            study["analyses"][1]["radius"] = radius
            self.write_study(study)
            self.fails(2, r"analyses\[1\]\.radius", "run", "study.json", "--out", "out")
        study["analyses"][1]["radius"] = 500
        self.write_study(study)
        self.fails(2, r"radius 500 has no unit", "run", "study.json", "--out", "out", advice="500m")

    def test_min_points(self):
        for value in ("0", "-3"):
            self.fails(2, "at least 1", "dbscan", *CSV, *WGS84, "--min-points", value)
        for value in ("4.5", "five", "nan", ""):
            self.fails(2, "not a whole number", "dbscan", *CSV, *WGS84, "--min-points", value)

    def test_output_exists(self):
        (self.folder / "out.geojson").write_text("mine")
        self.fails(1, r"out\.geojson.* exists", "dbscan", *CSV, *WGS84, "-o", "out.geojson", advice="--overwrite")
        (self.folder / "out").mkdir()
        (self.folder / "out/areas.csv").write_text("mine")
        self.fails(1, r"areas\.csv.* exists", "run", "study.json", "--out", "out")
        self.succeeds("run", "study.json", "--out", "out", "--overwrite", stderr=REPORT)
        self.assertIn("code,name_en", (self.folder / "out/areas.csv").read_text(encoding="utf-8"))

    def test_output_equals_input(self):
        for name in ("sites.csv", "./sites.csv", str(self.folder / "sites.csv")):
            self.fails(1, r"input", "dbscan", *CSV, *WGS84, "-o", name, "--overwrite")
        os.link(self.folder / "sites.csv", self.folder / "linked.csv")
        self.fails(1, r"input", "dbscan", *CSV, *WGS84, "-o", "linked.csv", "--overwrite")

    def test_output_folder_missing_is_made_and_a_file_in_its_place_refused(self):
        self.succeeds("run", "study.json", "--out", "a/b/c", stderr=REPORT)
        self.assertTrue((self.folder / "a/b/c/districts.geojson").exists())
        (self.folder / "plain").write_text("x")
        self.fails(1, r"plain", "run", "study.json", "--out", "plain/out")

    def test_unwritable_folder(self):
        folder = self.folder / "locked"
        folder.mkdir()
        binary = BINARY
        more = {}
        if IS_ROOT:
            os.chmod(self.folder, 0o755)
            binary = self.folder / "yaan"
            shutil.copy(BINARY, binary)
            os.chmod(binary, 0o755)
            more = {"user": "nobody", "extra_groups": []}
        os.chmod(folder, 0o555)
        self.addCleanup(os.chmod, folder, 0o755)
        for args in (["dbscan", *CSV, *WGS84, "-o", "locked/out.geojson"], ["run", "study.json", "--out", "locked"],
                     ["run", "study.json", "--out", "locked/deeper"]):
            self.fails(1, r"locked", *args, binary=binary, **more)

    def test_full_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, check=False)
        if mount.returncode != 0:
            self.skipTest("a small tmpfs cannot be mounted here: " + mount.stderr.decode().strip())
        self.addCleanup(subprocess.run, ["umount", str(disk)], check=False)
        rows = "".join(f"n{i},{98 + i * 1e-4:.5f},18\n" for i in range(5000))
        (self.folder / "many.csv").write_text("id,lon,lat\n" + rows)
        call = ["dbscan", "many.csv", "--x", "lon", "--y", "lat", *WGS84, "-o"]
        for name in ("out.geojson", "out.csv"):
            self.fails(1, r"(?i)no space|full", *call, f"disk/{name}")
        (disk / "out.csv").write_text("old")
        self.fails(1, r"(?i)no space|full", *call, "disk/out.csv", "--overwrite")

    def test_file_size_limit(self):
        rows = "".join(f"n{i},{98 + i * 1e-4:.5f},18\n" for i in range(5000))
        (self.folder / "many.csv").write_text("id,lon,lat\n" + rows)
        call = shlex.join([str(BINARY), "dbscan", "many.csv", "--x", "lon", "--y", "lat", *WGS84, "-o", "out.geojson"])
        before = snapshot(self.folder)
        for limit, message in ((64, r"out\.geojson"), (512, r"out\.geojson")):  # what is read goes through no file
            done = subprocess.run(["bash", "-c", f"ulimit -f {limit}; exec {call}"], cwd=self.folder, capture_output=True, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertRegex(done.stderr.decode(), rf"\Ayaan: [^\n]*{message}[^\n]*\n(  [^\n]+\n)?\Z")
            self.assertEqual(snapshot(self.folder), before)

    def test_full_standard_output(self):
        for args in (["dbscan", *CSV, *WGS84], ["methods"], ["--help"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([BINARY, *args], cwd=self.folder, stdout=full, stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 1, args)
            self.assertRegex(done.stderr.decode(), r"\Ayaan: [^\n]+\n(  [^\n]+\n)?\Z")

    def test_calls_that_are_wrong(self):
        self.fails(2, "say what to do")
        self.fails(2, r"no verb \"dbscn\"", "dbscn", advice="did you mean dbscan")
        self.fails(2, r"no option --radis", "dbscan", *CSV, *WGS84, "--radis", "5m", advice="did you mean --radius")
        self.fails(2, r"no option --radis", "dbscan", *CSV, "--radis=5m", advice="did you mean --radius")
        self.fails(2, r"needs FILE", "dbscan", *WGS84)
        self.fails(2, r"needs STUDY", "run")
        self.fails(2, r"twice", "dbscan", *CSV, *WGS84, "--radius", "5m", "--radius", "6m")
        self.fails(2, r"--radius", "dbscan", *CSV, *WGS84, "--radius")
        self.fails(2, r"surplus", "run", "study.json", "surplus")
        self.fails(2, r"threads", "run", "study.json", "--threads", "-1")
        self.fails(2, r"needs the areas", "assign-areas", *CSV, *WGS84, advice="--areas FILE")
        self.fails(2, r"polygons", "dbscan", "areas.geojson")
        self.fails(2, r"points", "assign-areas", *CSV, *WGS84, "--areas", "sites.csv", "--areas-crs", "EPSG:4326")
        self.fails(2, r"fish", "completion", "fish")
        self.fails(2, r"exclude", "methods", "--json", "--schema")
        self.fails(1, r"no run record", "replay", "areas.geojson")
        self.fails(1, r"no run record", "verify", "areas.geojson")

    def test_text_from_data_does_not_reach_the_terminal_raw(self):
        done = self.yaan("dbscan", "a\x1b[31m\nb.csv")
        self.assertNotIn(b"\x1b", done.stderr)
        self.fails(done.returncode, r"a\?\[31m\?b\.csv", "dbscan", "a\x1b[31m\nb.csv")


if __name__ == "__main__":
    unittest.main()

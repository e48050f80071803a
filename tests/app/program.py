"""The real program as its tests run it: a folder with small inputs, and what must hold of every answer and refusal.

Every refusal must be one clear message on standard error with the right exit code, and must change no file. YAAN_BINARY
names the program, YAAN_SOURCE the project.
"""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["YAAN_SOURCE"])
BINARY = pathlib.Path(os.environ["YAAN_BINARY"])
SANITIZED = "address" in os.environ.get("YAAN_SANITIZE", "")

SITES = "id,name_en,lon,lat\n" + "".join(f"s{i},Site {i},{98.9 + 0.001 * (i % 10):.4f},{18.7 + 0.001 * (i // 10):.4f}\n"
                                         for i in range(60))
AREAS = json.dumps({"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"code": "A", "name_en": "Area"},
     "geometry": {"type": "Polygon", "coordinates": [[[98, 18], [99.5, 18], [99.5, 19.5], [98, 19.5], [98, 18]]]}}]})
STUDY = {"yaan_study": 1,
         "layers": {"areas": {"file": "areas.geojson"},
                    "sites": {"file": "sites.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326"}},
         "analyses": [{"method": "assign-areas", "points": "sites", "areas": "areas"},
                      {"method": "dbscan", "points": "sites", "radius": "500m", "min_points": 5},
                      {"method": "districts", "points": "sites"}],
         "outputs": [{"layer": "districts", "file": "districts.geojson"}, {"table": "areas", "file": "areas.csv"}]}
CSV = ["sites.csv", "--x", "lon", "--y", "lat"]
WGS84 = ["--crs", "EPSG:4326"]

# What standard error may hold: anything, or the report of a run.
ANYTHING = r"(?:.|\n)*"
REPORT = r"(?:[a-z-]+ +[A-Za-z_ 0-9,.<-]+\n(?: {4,}[A-Za-z_ 0-9,.<-]+\n)*)+(?:to know\n(?:  .*\n)+)?(?:wrote\n(?:  .*\n)+)?[0-9.]+ s \(load .*\), peak memory \d+ MB\n"
# XML entities of a few hundred bytes, of which &a11; stands for 300 GB.
ENTITY_BOMB = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))


def snapshot(folder):
    """Every path below the folder, hidden ones too, with the bytes of the files."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
            for path in sorted(folder.rglob("*")) if not path.is_symlink()}


class CliTest(unittest.TestCase):
    TIMEOUT = 120  # seconds that a call may take

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="yaan-cli-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "sites.csv").write_text(SITES, encoding="utf-8")
        (self.folder / "areas.geojson").write_text(AREAS, encoding="utf-8")
        self.write_study(STUDY)

    def write_study(self, study):
        (self.folder / "study.json").write_text(json.dumps(study), encoding="utf-8")

    def write_features(self, name, features):
        (self.folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")

    def write_rows(self, name, rows):
        """The rows as a CSV file, as spreadsheet programs write it."""
        with open(self.folder / name, "w", encoding="utf-8-sig", newline="") as table:
            writer = csv.DictWriter(table, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)

    def features(self, name):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))["features"]

    def rows(self, name):
        with open(self.folder / name, encoding="utf-8-sig", newline="") as table:
            return list(csv.DictReader(table))

    def environment(self):
        return {**os.environ, "LC_ALL": "C"}

    def yaan(self, *args, binary=BINARY, env=None, cwd=None, **more):
        return subprocess.run([str(binary), *map(str, args)], cwd=cwd or self.folder, env={**self.environment(), **(env or {})},
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=self.TIMEOUT, check=False, **more)

    def succeeds(self, *args, stderr=r"", **more):
        """Runs and returns standard output; standard error must match the whole pattern."""
        done = self.yaan(*args, **more)
        self.assertEqual(done.returncode, 0, (args, done.stderr.decode()))
        self.assertRegex(done.stderr.decode(), r"\A" + stderr + r"\Z", args)
        return done.stdout.decode("utf-8")

    def fails(self, code, message, *args, advice=None, **more):
        """Refused: exit code, one message of one line with at most one line of advice, no other output, no file changed."""
        before = snapshot(self.folder)
        done = self.yaan(*args, **more)
        error = done.stderr.decode("utf-8")
        self.assertEqual(done.returncode, code, (args, error))
        self.assertRegex(error, r"\Ayaan: [^\n]+\n(  [^\n]+\n)?\Z", args)
        self.assertRegex(error.split("\n")[0], message, args)
        if advice:
            self.assertRegex(error.split("\n")[1], advice, args)
        self.assertEqual(done.stdout, b"", args)
        self.assertEqual(snapshot(self.folder), before, args)
        return error

    def report(self, *args):
        """Runs and returns what standard error says, without the ends of lines."""
        done = self.yaan(*args)
        self.assertEqual(done.returncode, 0, (args, done.stderr.decode()))
        return " ".join(done.stderr.decode().split())

    def inspect(self, *args, **more):
        """The report of yaan inspect."""
        return json.loads(self.succeeds("inspect", *args, "--json", **more))

    def layer(self, *args, **more):
        """What yaan inspect says of a file of one layer."""
        layers = self.inspect(*args, **more)["layers"]
        self.assertEqual(len(layers), 1, args)
        return layers[0]

    @staticmethod
    def counts(report):
        """Diagnostics of a layer or of a run by their code."""
        found = {}
        for entry in report["diagnostics"]:
            found[entry["code"]] = found.get(entry["code"], 0) + entry["count"]
        return found

    def check(self, out):
        """Runs yaan check; the table of checks by the id of the row and the problem."""
        self.succeeds("check", "study.json", "--out", out, stderr=ANYTHING)
        return {(row["id"], row["problem"]): row for row in self.rows(f"{out}/checks.csv")}

#!/usr/bin/env python3
"""Runs the real program: what it answers, what it refuses, and that it leaves nothing half done.

Every refusal must be one clear message on standard error with the right exit code, and must change no file. YAAN_BINARY
names the program, YAAN_SOURCE the project.
"""
import csv
import hashlib
import json
import os
import pathlib
import pty
import random
import re
import select
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest
import zipfile

SOURCE = pathlib.Path(os.environ["YAAN_SOURCE"])
BINARY = pathlib.Path(os.environ["YAAN_BINARY"])
IS_ROOT = os.geteuid() == 0

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


def snapshot(folder):
    """Every path below the folder, hidden ones too, with the bytes of the files."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
            for path in sorted(folder.rglob("*")) if not path.is_symlink()}


class CliTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="yaan-cli-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "sites.csv").write_text(SITES, encoding="utf-8")
        (self.folder / "areas.geojson").write_text(AREAS, encoding="utf-8")
        self.write_study(STUDY)

    def write_study(self, study):
        (self.folder / "study.json").write_text(json.dumps(study), encoding="utf-8")

    def yaan(self, *args, binary=BINARY, **more):
        env = {**os.environ, "LC_ALL": "C", **more.pop("env", {})}
        return subprocess.run([str(binary), *map(str, args)], cwd=more.pop("cwd", self.folder), env=env,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False, **more)

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


REPORT = r"(?:[a-z-]+ +[A-Za-z_ 0-9,.-]+\n(?: {4,}[A-Za-z_ 0-9,.-]+\n)*)+(?:to know\n(?:  .*\n)+)?(?:wrote\n(?:  .*\n)+)?[0-9.]+ s \(load .*\), peak memory \d+ MB\n"


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
        # The first limit is too small for what is read, the second for what is written.
        for limit, message in ((64, r"many\.csv is larger than the file size limit of 65536 bytes"), (512, r"out\.geojson")):
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


class Strangers(CliTest):
    """Files made to do harm: one clear message, or a sensible result, soon and with bounded memory."""

    def refused(self, code, message, name, *args):
        begin = time.monotonic()
        self.fails(code, message, "inspect", name, *args)
        self.assertLess(time.monotonic() - begin, 20)

    def write(self, name, data):
        (self.folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())

    def test_dbf_of_two_milliard_rows(self):
        header = struct.pack("<BBBBIHH20x", 3, 126, 1, 1, 2**31 - 1, 32 + 32 + 1, 11)
        field = b"name\0\0\0\0\0\0\0C" + bytes(4) + b"\x0a\0" + bytes(14)
        self.write("big.dbf", header + field + b"\r" + b" " * 11)
        shape = struct.pack(">7I", 9994, 0, 0, 0, 0, 0, 50) + struct.pack("<II8d", 1000, 1, *[0.0] * 8)
        self.write("big.shp", shape)
        self.write("big.shx", shape)
        self.refused(1, r"big\.shp is cut short: the \.dbf has 76 bytes of 23,622,320,182", "big.shp")
        os.remove(self.folder / "big.shp")
        self.refused(1, r"big\.dbf is cut short: the \.dbf has 76 bytes of 23,622,320,182", "big.dbf")
        # Rows of no length take no bytes, however many there are.
        self.write("big.dbf", header[:10] + b"\0\0" + header[12:] + field + b"\r")
        self.write("big.shp", shape)
        layer = json.loads(self.succeeds("inspect", "big.shp", "--json"))["layers"][0]
        self.assertEqual(layer["features"], 0)

    def test_nested_arrays(self):
        self.write("deep.geojson", '{"type":"Point","coordinates":' + "[" * 200_000 + "]" * 200_000 + "}")
        self.refused(1, r"deep\.geojson.*nest", "deep.geojson")

    def test_entity_bomb(self):
        entities = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
        self.write("bomb.kml", f"""<?xml version="1.0"?><!DOCTYPE kml [{entities}]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&a11;</name>
<Point><coordinates>1,2</coordinates></Point></Placemark></Document></kml>""")
        self.refused(1, r"bomb\.kml cannot be read as KML: .*parsing aborted on line 1", "bomb.kml")
        self.write("leak.kml", """<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&a;</name>
<Point><coordinates>1,2</coordinates></Point></Placemark></Document></kml>""")
        self.refused(1, r"leak\.kml cannot be read as KML", "leak.kml")

    def test_network_link(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.setblocking(False)
            address = f"http://127.0.0.1:{server.getsockname()[1]}/x.kml"
            self.write("link.kml", f"""<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<NetworkLink><Link><href>{address}</href></Link></NetworkLink>
<Placemark><name>here</name><Point><coordinates>100,13</coordinates></Point></Placemark></Document></kml>""")
            layer = json.loads(self.succeeds("inspect", "link.kml", "--json"))["layers"][0]
            self.assertEqual(layer["usable"], 1)
            self.assertEqual([(entry["code"], entry["count"]) for entry in layer["diagnostics"]], [("network-link", 1)])
            with self.assertRaises(BlockingIOError):  # nobody called
                server.accept()

    def test_other_content(self):
        self.write("vrt.geojson", "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd"
                                  "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>")
        self.refused(1, r"vrt\.geojson is named like GeoJSON, but its content looks like an XML document", "vrt.geojson")

    def test_zip_bomb(self):
        with zipfile.ZipFile(self.folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
            with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
                for _ in range(2100):
                    sheet.write(bytes(1 << 20))
        self.refused(1, r"bomb\.xlsx unpacks to [0-9,]+ bytes, more than the bound of 2,147,483,648", "bomb.xlsx")

    def test_zip_bomb_that_lies(self):
        """A true workbook whose sheet states a thousand bytes and unpacks to 6 GiB."""
        cell = b'<c r="B1" t="inlineStr"><is><t>'
        with zipfile.ZipFile(self.folder / "lie.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
            for name, text in (("[Content_Types].xml", "<Types/>"),
                               ("_rels/.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                                '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                                'officeDocument" Target="xl/workbook.xml"/></Relationships>'),
                               ("xl/workbook.xml", '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                                'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
                                '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'),
                               ("xl/_rels/workbook.xml.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                                'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
                                'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')):
                book.writestr(name, text)
            with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
                sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">' + cell)
                for _ in range(768):
                    sheet.write(b"x" * (8 << 20))
                sheet.write(b"</t></is></c></row></sheetData></worksheet>")
        data = bytearray((self.folder / "lie.xlsx").read_bytes())
        entry = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
        struct.pack_into("<I", data, entry + 24, 1000)
        self.write("lie.xlsx", bytes(data))
        done = self.yaan("inspect", "lie.xlsx", "--json")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        if done.returncode == 0:  # no more was unpacked than was stated
            self.assertLessEqual(json.loads(done.stdout)["layers"][0]["features"], 1)
        else:
            self.assertRegex(done.stderr.decode(), r"\Ayaan: [^\n]*lie\.xlsx[^\n]*\n  [^\n]+\n\Z")

    def test_names_of_no_files(self):
        os.mkfifo(self.folder / "pipe.csv")
        self.addCleanup(os.unlink, self.folder / "pipe.csv")
        os.symlink("/dev/zero", self.folder / "zero.csv")
        for name in ("pipe.csv", "zero.csv"):
            done = self.yaan("inspect", name)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr.decode(), name + " is a pipe, a socket or a device")
        # Links: to a file elsewhere they are that file; in a circle, to nothing and into GDAL's own folders they are none.
        with tempfile.TemporaryDirectory() as elsewhere:
            shutil.copy(self.folder / "sites.csv", elsewhere)
            os.symlink(pathlib.Path(elsewhere) / "sites.csv", self.folder / "outside.csv")
            self.assertEqual(json.loads(self.succeeds("inspect", "outside.csv", *WGS84, "--json"))["layers"][0]["usable"], 60)
            (self.folder / "outside.csv").unlink()
        for name, target in (("circle.csv", "circle2.csv"), ("circle2.csv", "circle.csv"), ("nothing.csv", "gone.csv"),
                             ("memory.csv", "/vsimem/a.csv")):
            os.symlink(target, self.folder / name)
        for name in ("circle.csv", "nothing.csv", "memory.csv"):
            self.refused(1, name + " is a link that leads to no file", name)
        for name in ("/vsizip/a.zip/b.csv", "/vsicurl/http://127.0.0.1/a.csv", "http://127.0.0.1/a.geojson"):
            self.refused(2, r"virtual|service", name)

    def test_wide_table_and_long_cell(self):
        self.write("wide.csv", ",".join(f"c{i}" for i in range(10_000)) + "\n")
        self.refused(1, r"wide\.csv.*2,000", "wide.csv")
        self.write("cell.csv", "id,name,lon,lat\n1," + "x" * 20_000_000 + ",100,13\n")
        done = self.yaan("inspect", "cell.csv", "--json", *WGS84)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["layers"][0]["usable"], 1)
        done = self.yaan("dbscan", "cell.csv", *WGS84, "-o", "cell.geojson")
        self.assertEqual(done.returncode, 0, done.stderr)
        written = json.loads((self.folder / "cell.geojson").read_text(encoding="utf-8"))
        self.assertEqual(written["features"][0]["properties"]["name"], "x" * 20_000_000)

    def test_numbers_beyond_range(self):
        self.write("n.csv", "id,n,r,lon,lat\n1,99999999999999999999,1e999,100,13\n2,1,2,1e999,13\n")
        layer = json.loads(self.succeeds("inspect", "n.csv", "--json", *WGS84))["layers"][0]
        self.assertEqual(layer["usable"], 1)
        self.assertEqual([(entry["code"], entry["count"]) for entry in layer["diagnostics"] if entry["severity"] == "skipped"],
                         [("unreadable-coordinate", 1)])
        # No digit of the long number is lost: as a text where it fits no number.
        self.assertEqual({field["name"]: field["type"] for field in layer["fields"]}["n"], "text")
        self.write("n.geojson", '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
                                '{"n":99999999999999999999,"r":1e999},"geometry":{"type":"Point","coordinates":[100,13]}},'
                                '{"type":"Feature","properties":{"n":1,"r":1},"geometry":'
                                '{"type":"Point","coordinates":[1e999,13]}}]}')
        layer = json.loads(self.succeeds("inspect", "n.geojson", "--json"))["layers"][0]
        self.assertEqual(layer["usable"], 1)

    def test_path_that_is_not_utf8(self):
        name = os.fsencode(str(self.folder)) + b"/s\xff.csv"
        shutil.copy(os.fsencode(str(self.folder / "sites.csv")), name)
        done = subprocess.run([os.fsencode(str(BINARY)), b"inspect", name], capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"60", done.stdout)

    def test_file_that_changes_while_it_is_read(self):
        self.write("grows.csv", "id,lon,lat\n" + "".join(f"{i},100.{i % 1000:03},13.5\n" for i in range(1_000_000)))
        for verb in ("inspect", "dbscan"):
            reading = subprocess.Popen([BINARY, verb, "grows.csv", *WGS84], cwd=self.folder, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            with open(self.folder / "grows.csv", "a", encoding="ascii") as file:
                while reading.poll() is None:
                    file.write("x,100,13\n")
                    file.flush()
                    time.sleep(0.002)
            self.assertEqual(reading.returncode, 1, verb)
            self.assertEqual(reading.communicate()[1].decode(), "yaan: grows.csv changed while it was read\n"
                             "  wait until the program that writes it has ended\n")

    def test_locale_of_outside_changes_nothing(self):
        plain = self.succeeds("inspect", "sites.csv", *WGS84)
        table = self.succeeds("dbscan", *CSV, *WGS84, "--radius", "200.5m", stderr=REPORT)
        for name in ("de_DE", "th_TH"):
            made = subprocess.run(["localedef", "-i", name, "-f", "UTF-8", str(self.folder / f"{name}.UTF-8")],
                                  capture_output=True, check=False)
            if made.returncode > 1:
                self.skipTest("locales cannot be made here: " + made.stderr.decode().strip())
            env = {"LOCPATH": str(self.folder), "LC_ALL": f"{name}.UTF-8", "LANG": f"{name}.UTF-8"}
            point = subprocess.run(["locale", "decimal_point"], env={**os.environ, **env}, capture_output=True, check=True)
            self.assertEqual(point.stdout, b",\n" if name == "de_DE" else b".\n")
            self.assertEqual(self.succeeds("inspect", "sites.csv", *WGS84, env=env), plain)
            self.assertEqual(self.succeeds("dbscan", *CSV, *WGS84, "--radius", "200.5m", stderr=REPORT, env=env), table)

    def test_settings_of_gdal_from_outside_change_nothing(self):
        plain = self.succeeds("inspect", "areas.geojson")
        self.assertEqual(self.succeeds("inspect", "areas.geojson", env={"OGR_SKIP": "GeoJSON", "GDAL_SKIP": "GeoJSON"}),
                         plain)


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

    @staticmethod
    def report(done):
        """What was said, without the ends of lines."""
        return " ".join(done.stderr.decode().split())

    def rows(self, file):
        with open(self.folder / file, encoding="utf-8-sig", newline="") as table:
            return list(csv.DictReader(table))

    def check(self, out):
        self.succeeds("check", "study.json", "--out", out, stderr=r"(?:.|\n)*")
        return {(row["id"], row["problem"]): row for row in self.rows(f"{out}/checks.csv")}

    def test_finds_decides_and_applies(self):
        found = self.check("first")
        self.assertEqual(set(found), {("b", "duplicate-same-name"), ("c", "claim-far"), ("d", "claim-digit"),
                                      ("e", "claim-unknown-name")})
        self.assertEqual(found["b", "duplicate-same-name"]["repair"], "merge")
        self.assertEqual(found["b", "duplicate-same-name"]["value"], "a")
        layer = json.loads((self.folder / "first/checks.geojson").read_text(encoding="utf-8"))
        self.assertEqual(len(layer["features"]), 4)
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
        with open(self.folder / "decided.csv", "w", encoding="utf-8-sig", newline="") as table:
            writer = csv.DictWriter(table, decided[0].keys())
            writer.writeheader()
            writer.writerows(decided)
        self.study["layers"]["sites"]["decisions"] = "decided.csv"
        self.write_study(self.study)
        report = self.yaan("run", "study.json", "--out", "second")
        self.assertEqual(report.returncode, 0, report.stderr)
        self.assertIn("sites: rows were left out as duplicates, as decided.csv says (b)", self.report(report))
        rows = {row["code"]: row for row in self.rows("second/out.csv")}
        self.assertEqual(sorted(rows), ["a", "c", "d", "e", "f"])
        self.assertEqual((rows["c"]["longitude"], rows["c"]["latitude"]), ("98.6", "18.6"))
        self.assertEqual(rows["e"]["claims"], "Area")
        self.assertEqual(self.check("third"), {})
        record = (self.folder / "second/out.csv.yaan.json").read_text(encoding="utf-8")
        self.assertNotIn("Somchai", record)
        self.assertIn(hashlib.sha256((self.folder / "decided.csv").read_bytes()).hexdigest(), record)
        self.succeeds("replay", "second/out.csv", "--inputs", ".", stderr=r"(?:.|\n)*")
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
        report = self.yaan("run", "study.json", "--out", "out")
        self.assertEqual(report.returncode, 0, report.stderr)
        self.assertIn("left out as duplicates, as the study accepts by rule (b)", self.report(report))
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
        report = self.yaan(*call)
        self.assertIn("1 sites: decisions in decided.csv are about the layer places, which the study does not have", self.report(report))
        self.assertNotIn("layer areas", self.report(report))
        shutil.rmtree(self.folder / "out")
        (self.folder / "decided.csv").write_text("id,problem,decision,repair,value\nzz,duplicate-exact,accept,merge,a\n",
                                                 encoding="utf-8")
        report = self.yaan(*call)
        self.assertIn("sites: rows that are to be changed, as decided.csv says, are not in the layer (zz)", self.report(report))


class Areas(CliTest):
    """Overlaps and gaps, points of compounds, exchanged axes, parts and keys, as a planner meets them."""

    def square(self, code, west, south, east, north):
        return {"type": "Feature", "properties": {"code": code, "name_en": f"Area {code}"},
                "geometry": {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north],
                                                                 [west, south]]]}}

    def write_features(self, name, features):
        (self.folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")

    def report(self, *args):
        done = self.yaan(*args)
        self.assertEqual(done.returncode, 0, done.stderr)
        return " ".join(done.stderr.decode().split())

    def features(self, name):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))["features"]

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
        self.succeeds("replay", "faults.geojson", "--inputs", ".", stderr=r"(?:.|\n)*")

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
        with open(self.folder / "checks/checks.csv", encoding="utf-8-sig", newline="") as table:
            found = [(row["id"], row["problem"], row["repair"], row["to_x"], row["to_y"]) for row in csv.DictReader(table)]
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
        with open(self.folder / "out.csv", encoding="utf-8-sig", newline="") as table:
            rows = list(csv.DictReader(table))
        self.assertEqual(rows[1]["kind"], "วัด\u200b")  # what was written stays
        self.assertEqual([row["category_key"] == rows[0]["category_key"] for row in rows], [True, True, False, False, True])
        self.assertEqual(rows[2]["category_key"], rows[3]["category_key"])
        with open(self.folder / "table.csv", encoding="utf-8-sig", newline="") as table:
            self.assertEqual(next(csv.DictReader(table))["วัด"], "3")
        study["layers"]["sites"]["keys"] = "as-is"
        self.write_study(study)
        self.assertNotIn("differ from others", self.report("run", "study.json", "--overwrite"))
        with open(self.folder / "table.csv", encoding="utf-8-sig", newline="") as table:
            self.assertEqual(next(csv.DictReader(table))["วัด"], "2")


class Mapping(CliTest):
    """What yaan inspect proposes can be pasted into a study."""

    def test_fragment_is_a_layer_of_a_study(self):
        text = ("ทะเบียนแหล่งมรดก,,,,,\n"
                "ลำดับ,ชื่อแหล่ง,ประเภท,ละติจูด,ลองจิจูด,จังหวัด\n"
                "1,วัดโพธิ์,วัด,18.5,98.5,Area\n2,ตลาดน้ำ,ตลาด,18.6,98.6,Area\n3,หอศิลป์,ศิลปะ,18.7,98.7,Area\n")
        (self.folder / "list.csv").write_text(text, encoding="utf-8")
        said = self.succeeds("inspect", "list.csv", "--crs", "EPSG:4326")
        self.assertIn("header-row", said)
        fragment = next(line.strip() for line in said.splitlines() if line.strip().startswith('"list": {'))
        layer = json.loads("{" + fragment + "}")["list"]
        self.assertEqual(layer["columns"], {"id": "ลำดับ", "name_th": "ชื่อแหล่ง", "category": "ประเภท", "area": "จังหวัด"})
        self.write_study({"yaan_study": 1, "layers": {"list": layer}, "outputs": [{"layer": "list", "file": "out.geojson"}]})
        self.assertEqual(self.yaan("run", "study.json", "--out", "out").returncode, 0)
        written = json.loads((self.folder / "out/out.geojson").read_text(encoding="utf-8"))
        self.assertEqual([feature["id"] for feature in written["features"]], [1, 2, 3])

    def test_unclear_guess_asks(self):
        (self.folder / "two.csv").write_text("name,ชื่อ,lat,lon\nวัด,วัด,18.5,98.5\nบ้าน,บ้าน,18.6,98.6\n", encoding="utf-8")
        roles = json.loads(self.succeeds("inspect", "two.csv", "--crs", "EPSG:4326", "--json"))["layers"][0]["roles"]
        self.assertEqual([(role["role"], role["column"], role["rival"]) for role in roles], [("name_th", "ชื่อ", "")])
        (self.folder / "two.csv").write_text("ชื่อไทย,ชื่อ,lat,lon\nวัด,วัด,18.5,98.5\nบ้าน,บ้าน,18.6,98.6\n", encoding="utf-8")
        self.assertIn("or is it ชื่อ?", " ".join(self.succeeds("inspect", "two.csv", "--crs", "EPSG:4326").split()))


class Interrupts(CliTest):
    """On a pseudo-terminal, so that the progress bar tells where the program is."""

    @classmethod
    def setUpClass(cls):
        cls.big = tempfile.TemporaryDirectory(prefix="yaan-big-")
        dice = random.Random(5)
        with open(os.path.join(cls.big.name, "big.csv"), "w", encoding="ascii") as file:
            file.write("id,x,y\n")
            for i in range(400_000):
                file.write(f"{i},{dice.gauss(500000, 3000):.1f},{dice.gauss(2000000, 3000):.1f}\n")

    @classmethod
    def tearDownClass(cls):
        cls.big.cleanup()

    def interrupted(self, stage, which, env=None):
        """Starts a clustering, waits for the stage in the progress bar, sends the signal; (exit code, what was shown)."""
        terminal, inner = pty.openpty()
        process = subprocess.Popen([BINARY, "dbscan", os.path.join(self.big.name, "big.csv"), "--x", "x", "--y", "y", "--crs",
                                    "EPSG:32647", "--radius", "100m", "--min-points", "50", "--threads", "1", "-o", "out.geojson"],
                                   cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=inner,
                                   env={**os.environ, "TERM": "xterm", **(env or {})})
        os.close(inner)
        shown = b""
        sent = False
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    chunk = os.read(terminal, 65536)
                except OSError:  # the other end is closed
                    break
                if not chunk:
                    break
                shown += chunk
            if not sent and stage in shown:
                process.send_signal(which)
                sent = True
        os.close(terminal)
        process.stdout.close()
        code = process.wait(30)
        self.assertTrue(sent, shown)
        return code, shown.decode("utf-8", "replace")

    def test_interrupt_while_clustering(self):
        before = snapshot(self.folder)
        for which in (signal.SIGINT, signal.SIGTERM):
            code, shown = self.interrupted(b"dbscan", which)
            self.assertEqual(code, 130, shown)
            self.assertRegex(shown, r"interrupted; nothing was written\r\n\Z")
            self.assertEqual(snapshot(self.folder), before)

    def test_interrupt_at_any_moment(self):
        before = snapshot(self.folder)
        for delay in (0.02, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0):
            process = subprocess.Popen([BINARY, "dbscan", os.path.join(self.big.name, "big.csv"), "--x", "x", "--y", "y",
                                        "--crs", "EPSG:32647", "--radius", "100m", "-o", "out.geojson"], cwd=self.folder,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=60)
            self.assertIn(process.returncode, (0, 130, -signal.SIGINT), error)  # -SIGINT: before main could listen
            self.assertEqual(out, b"")
            if process.returncode == 0:
                (self.folder / "out.geojson").unlink()
            self.assertEqual(snapshot(self.folder), before, delay)

    def test_no_colour(self):
        code, shown = self.interrupted(b"dbscan", signal.SIGINT, {"NO_COLOR": "1"})
        self.assertEqual(code, 130)
        self.assertNotIn("\x1b[1", shown)
        self.assertIn("%", shown)


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
        report = json.loads(self.succeeds("inspect", *CSV, *WGS84, "--json"))
        self.assertEqual(report["layers"][0]["usable"], 60)


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
        (self.folder / "squares.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))

    def summary(self, *args):
        return json.loads(self.succeeds(*args, "--json"))

    def codes(self, report):
        return {entry["code"]: entry["count"] for entry in report["diagnostics"]}

    def test_weights_of_squares(self):
        report = self.summary("spatial-weights", "squares.geojson")
        self.assertEqual((report["links"], report["components"], report["islands"], report["symmetric"]), (220, 1, 0, "yes"))
        report = self.summary("spatial-weights", "squares.geojson", "--neighbours", "rook")
        self.assertEqual((report["links"], report["least_neighbours"], report["most_neighbours"]), (120, 2, 4))

    def test_gaps_are_closed_by_snap(self):
        self.write_squares(gap=0.0001)
        report = self.summary("spatial-weights", "squares.geojson")
        self.assertEqual((report["links"], report["islands"]), (0, 36))
        self.assertEqual(self.codes(report), {"islands": 36})
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
            self.assertEqual({k: v for k, v in given.items() if k not in ("seconds", "peak_bytes")},
                             {k: v for k, v in own.items() if k not in ("seconds", "peak_bytes")}, name)
        replayed = self.succeeds("replay", "w.gal.yaan.json")
        self.assertIn("same", replayed)

    def test_inverse_distances_do_not_fit_gal(self):
        self.succeeds("spatial-weights", "squares.geojson", "--neighbours", "inverse_distance", "--distance", "2km", "-o",
                      "w.gal", stderr=REPORT)
        self.fails(2, r"has no column from, so it cannot be written as weights", "moran", "squares.geojson", "--variable", "value",
                   "-o", "m.gal")

    def test_clusters_are_marked(self):
        self.succeeds("local-moran", "squares.geojson", "--variable", "value", "-o", "lisa.geojson", stderr=REPORT)
        features = json.loads((self.folder / "lisa.geojson").read_text())["features"]
        marks = {f["properties"]["id"]: f["properties"]["local_moran_cluster"] for f in features}
        self.assertEqual(marks["q07"], "High-High")  # all of its neighbours are hot
        self.assertEqual(marks["q35"], "not significant")
        for f in features:
            p = f["properties"]
            self.assertLessEqual(p["local_moran_p"], p["local_moran_p_adjusted"])
        self.succeeds("local-g", "squares.geojson", "--variable", "value", "--threads", "1", "-o", "one.geojson", stderr=REPORT)
        self.succeeds("local-g", "squares.geojson", "--variable", "value", "--threads", "4", "-o", "four.geojson", stderr=REPORT)
        one, four = (json.loads((self.folder / name).read_text()) for name in ("one.geojson", "four.geojson"))
        self.assertEqual(one["features"], four["features"])
        self.assertEqual(one["features"][7]["properties"]["local_g_cluster"], "hot spot")

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

    def test_values_that_are_not_there_are_counted(self):
        self.write_squares(value=lambda i: None if i in (3, 4, 8) else i)
        report = self.summary("moran", "squares.geojson", "--variable", "value")
        self.assertEqual((report["n"], self.codes(report)), (33, {"missing-value": 3}))

    def test_maps_without_an_answer(self):
        report = self.summary("moran", "squares.geojson", "--variable", "flat")
        self.assertEqual(self.codes(report), {"constant-variable": 1})
        self.assertNotIn("moran_i", report)
        report = self.summary("moran", "squares.geojson", "--variable", "value", "--neighbours", "nearest", "--nearest", "36")
        self.assertEqual(self.codes(report), {"fewer-neighbours": 1})
        self.write_squares(gap=0.0001)
        for rule in ("keep", "uncounted", "leave_out"):
            report = self.summary("local-moran", "squares.geojson", "--variable", "value", "--islands", rule)
            self.assertEqual(self.codes(report)["islands"], 36)
        self.SIDE = 1
        self.write_squares()
        report = self.summary("local-g", "squares.geojson", "--variable", "value")
        self.assertEqual(self.codes(report), {"islands": 1, "too-few-features": 1})

    def test_refusals(self):
        call = ["moran", "squares.geojson"]
        self.fails(2, r"nobody says which column is the variable", *call, advice=r"the columns of numbers are value, other, flat")
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


class Documentation(CliTest):
    def setUp(self):
        super().setUp()
        (self.folder / "data").symlink_to(SOURCE / "data")

    def verbs(self):
        text = self.succeeds("completion", "bash")
        words = re.search(r"compgen -W '([^']*)'", text).group(1).split()
        return [word for word in words if not word.startswith("-")]

    def test_help_fits_a_screen(self):
        text = self.succeeds("--help")
        self.assertLessEqual(len(text.splitlines()), 24)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)
        for verb in self.verbs():
            self.assertIn(verb, text)
            page = self.succeeds(verb, "--help")
            self.assertLessEqual(max(map(len, page.splitlines())), 80, page)
            self.assertRegex(page, r"\nexamples?:\n  yaan " + verb)

    def examples_of(self, verb):
        page = self.succeeds(verb, "--help")
        block = re.split(r"\nexamples?:\n", page)[1].replace("\\\n", " ")
        return [shlex.split(line)[1:] for line in block.strip().splitlines()]

    def test_every_example_works(self):
        if not (SOURCE / "data/creative_assets.csv").exists():
            self.skipTest("data/creative_assets.csv is not there")
        # What the examples of later verbs read.
        self.succeeds("run", "data/thailand.json", "--out", "out", stderr=REPORT)
        shutil.copy(self.folder / "out/sites.geojson", self.folder / "sites.geojson")
        for verb in self.verbs():
            if verb == "view":
                continue  # opens a window; its own tests do
            for example in self.examples_of(verb):
                words = example[:example.index(">")] if ">" in example else example
                done = self.yaan(*words)
                self.assertEqual(done.returncode, 0, (example, done.stderr.decode()))

    def test_version(self):
        self.assertRegex(self.succeeds("--version"), r"\Ayaan \d+\.\d+\.\d+\n"
                         r"files are read under rlimits \+ no_new_privs \+ seccomp[ +a-z]*\n\Z")

    def test_manual_page_is_current_and_clean(self):
        page = self.succeeds("man")
        self.assertEqual((SOURCE / "docs/yaan.1").read_text(encoding="utf-8"), page, "run tools/docs")
        if shutil.which("groff"):
            done = subprocess.run(["groff", "-man", "-ww", "-z", "-Tutf8"], input=page.encode(), capture_output=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_bash_completion(self):
        script = self.succeeds("completion", "bash")
        (self.folder / "yaan.bash").write_text(script, encoding="utf-8")

        def complete(*words):
            line = " ".join(shlex.quote(word) for word in words)
            done = subprocess.run(["bash", "-c", f"source ./yaan.bash; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; "
                                   "_yaan; printf '%s\\n' \"${COMPREPLY[@]}\""], cwd=self.folder, capture_output=True, check=True)
            self.assertEqual(done.stderr, b"")
            return done.stdout.decode().split()

        self.assertEqual(complete("yaan", "db"), ["dbscan"])
        self.assertEqual(complete("yaan", "dbscan", "--ra"), ["--radius"])
        self.assertEqual(complete("yaan", "completion", "z"), ["zsh"])
        self.assertEqual(complete("yaan", "districts", "--outline", "con"), ["concave", "convex"])
        self.assertEqual(complete("yaan", "run", "stu"), ["study.json"])
        self.assertEqual(complete("yaan", "dbscan", "--min-points", "sites"), ["sites.csv"])

    def test_zsh_completion(self):
        script = self.succeeds("completion", "zsh")
        self.assertTrue(script.startswith("#compdef yaan\n"))
        self.assertIn("'--radius[", script)
        if not shutil.which("zsh"):
            self.skipTest("zsh is not installed")
        (self.folder / "_yaan").write_text(script, encoding="utf-8")
        done = subprocess.run(["zsh", "-n", "_yaan"], cwd=self.folder, capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_generated_schema_is_json(self):
        schema = json.loads(self.succeeds("methods", "--schema"))
        self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
        self.assertEqual({method["name"] for method in json.loads(self.succeeds("methods", "--json"))},
                         {method for method in self.succeeds("methods").split() if f"step_{method}" in schema["$defs"]})


if __name__ == "__main__":
    unittest.main()

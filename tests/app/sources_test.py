#!/usr/bin/env python3
"""Zip archives, folders of files and OpenStreetMap extracts, read by the real program: what it makes of good ones, and
what it says of bad ones. YAAN_BINARY names the program, YAAN_SOURCE the project."""
import hashlib
import json
import random
import re
import shutil
import stat
import struct
import subprocess
import time
import unittest
import zipfile

from osgeo import ogr, osr

import cli_test

REPORT = cli_test.REPORT
CSV = "id,name_en,longitude,latitude\n"
WGS84 = ["--crs", "EPSG:4326"]
OSM_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="test">\n'


def rows(first, count, start=0):
    return CSV + "".join(f"{first}{i},Site {first}{i},{98.9 + 0.001 * (start + i):.4f},18.7{start + i:03d}\n"
                         for i in range(count))


def collection(features):
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
        for properties, kind, coordinates in features]}, ensure_ascii=False)


class SourceTest(cli_test.CliTest):
    def inspect(self, *args):
        return json.loads(self.succeeds("inspect", *args, "--json"))

    def only_layer(self, *args):
        layers = self.inspect(*args)["layers"]
        self.assertEqual(len(layers), 1, layers)
        return layers[0]

    def counts(self, layer):
        return {entry["code"]: entry["count"] for entry in layer["diagnostics"]}

    def sites(self, *args, stderr=REPORT):
        """The features that reach a result, by a verb that changes none of them."""
        self.succeeds("dbscan", *args, "--radius", "1km", "--min-points", "2", "-o", "o/out.geojson", "--overwrite",
                      stderr=stderr)
        return json.loads((self.folder / "o/out.geojson").read_text(encoding="utf-8"))

    def refused(self, code, message, name, *args, advice=None):
        begin = time.monotonic()
        self.fails(code, message, "dbscan", name, *args, "--radius", "1km", advice=advice)
        self.assertLess(time.monotonic() - begin, 100)


class Zip(SourceTest):
    def shapefile(self, stem, names, encoding="CP874", parts=("shp", "shx", "dbf", "prj"), kind=ogr.wkbPoint):
        """The bytes of the parts of a Shapefile of points, or of squares."""
        folder = self.folder / "made"
        folder.mkdir(exist_ok=True)
        system = osr.SpatialReference()
        system.ImportFromEPSG(32647)
        source = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(folder / f"{stem}.shp"))
        layer = source.CreateLayer(stem, system, kind, [f"ENCODING={encoding}"])
        layer.CreateField(ogr.FieldDefn("name_th", ogr.OFTString))
        for i, name in enumerate(names):
            feature = ogr.Feature(layer.GetLayerDefn())
            feature.SetField("name_th", name)
            feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({500000 + 100 * i} 2080000)"))
            layer.CreateFeature(feature)
        source = layer = feature = None
        made = {part: (folder / f"{stem}.{part}").read_bytes() for part in parts}
        shutil.rmtree(folder)
        return made

    def pack(self, name, entries, method=zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(self.folder / name, "w", method) as archive:
            for entry, data in entries:
                archive.writestr(entry, data)
        return self.folder / name

    def patch(self, name, old, new, count=-1):
        data = (self.folder / name).read_bytes()
        self.assertIn(old, data)
        (self.folder / name).write_bytes(data.replace(old, new, count))

    def patch_headers(self, name, entry, **fields):
        """Changes numbers in the local header (at 6: flags) and in the directory of an entry."""
        data = bytearray((self.folder / name).read_bytes())
        with zipfile.ZipFile(self.folder / name) as archive:
            local = archive.getinfo(entry).header_offset
        central = data.rindex(b"PK\x01\x02", 0, data.rindex(entry.encode()))
        if "flags" in fields:
            struct.pack_into("<H", data, local + 6, fields["flags"])
            struct.pack_into("<H", data, central + 8, fields["flags"])
        if "size" in fields:
            struct.pack_into("<I", data, local + 22, fields["size"])
            struct.pack_into("<I", data, central + 24, fields["size"])
        (self.folder / name).write_bytes(data)

    def test_shapefile_in_a_folder_as_the_plain_one(self):
        names = ["วัดกู่เต้า", "ปู่ญู ฏุ น้ำ"]
        parts = self.shapefile("temples", names)
        self.pack("temples.zip", [("out/", ""), *[(f"out/Temples.{part.upper()}", data) for part, data in parts.items()],
                                  ("__MACOSX/out/._Temples.shp", "x"), ("out/.DS_Store", "x"), ("out/Temples.shp.xml", "<x/>"),
                                  ("README.md", "hello")])
        for part, data in parts.items():
            (self.folder / f"temples.{part}").write_bytes(data)
        report = self.inspect("temples.zip")
        zipped, plain = report["layers"][0], self.only_layer("temples.shp")
        self.assertEqual(report["format"], "zip archive (Shapefile)")
        self.assertEqual(report["sha256"], hashlib.sha256((self.folder / "temples.zip").read_bytes()).hexdigest())
        self.assertEqual(zipped["fields"], plain["fields"])
        self.assertEqual(zipped["crs"], plain["crs"])
        self.assertEqual((zipped["usable"], zipped["fields"][0]["samples"]), (2, names))
        counts = self.counts(zipped)
        self.assertEqual((counts["archive-leftovers"], counts["other-entries"]), (2, 1))
        self.assertEqual(counts["guessed-encoding"], self.counts(plain)["guessed-encoding"])

    def test_run_verify_replay(self):
        self.pack("sites.zip", [("deep/down/places.csv", rows("a", 20))])
        study = {"yaan_study": 1, "layers": {"sites": {"file": "sites.zip", "x": "longitude", "y": "latitude", "crs": "EPSG:4326"}},
                 "analyses": [{"method": "dbscan", "points": "sites", "radius": "500m", "min_points": 3}],
                 "outputs": [{"layer": "sites", "file": "sites.geojson"}]}
        self.write_study(study)
        self.succeeds("run", "study.json", "--out", "o", stderr=REPORT)
        out = json.loads((self.folder / "o/sites.geojson").read_text())
        self.assertEqual(len(out["features"]), 20)
        self.assertEqual(out["yaan"]["inputs"][0]["sha256"], hashlib.sha256((self.folder / "sites.zip").read_bytes()).hexdigest())
        self.assertIn("good", self.succeeds("verify", "o/sites.geojson", "--inputs", "."))
        self.assertRegex(self.succeeds("replay", "o/sites.geojson", "--inputs", "."), "same")
        self.pack("sites.zip", [("places.csv", rows("a", 21))])
        self.assertEqual(self.yaan("verify", "o/sites.geojson", "--inputs", ".").returncode, 1)

    def test_two_layers(self):
        entries = [(f"{stem}.{part}", data) for stem in ("north", "south")
                   for part, data in self.shapefile(stem, [stem] * (2 if stem == "north" else 3)).items()]
        self.pack("two.zip", entries)
        self.refused(2, r"two\.zip holds 2 layers", "two.zip", advice="--layer: north, south")
        self.refused(2, r'two\.zip has no layer "nort"', "two.zip", "--layer", "nort", advice=r"did you mean north\?")
        self.assertEqual(len(self.sites("two.zip", "--layer", "south")["features"]), 3)
        self.assertEqual([layer["name"] for layer in self.inspect("two.zip")["layers"]], ["north", "south"])
        self.pack("same.zip", [("a/x.csv", rows("a", 2)), ("b/x.csv", rows("b", 4)), ("notes.txt", "a text")])
        self.refused(2, r"same\.zip holds 2 layers", "same.zip", advice=r"a/x\.csv, b/x\.csv")
        self.assertEqual(len(self.sites("same.zip", *WGS84, "--layer", "b/x.csv")["features"]), 4)

    def test_every_format(self):
        (self.folder / "a.geojson").write_text(collection([({"id": "x"}, "Point", [99, 18])]))
        for driver, name in (("GPKG", "a.gpkg"), ("FlatGeobuf", "a.fgb"), ("KML", "a.kml"), ("XLSX", "a.xlsx")):
            if driver == "XLSX":
                source = ogr.GetDriverByName(driver).CreateDataSource(str(self.folder / name))
                sheet = source.CreateLayer("a")
                for column in ("id", "longitude", "latitude"):
                    sheet.CreateField(ogr.FieldDefn(column, ogr.OFTString if column == "id" else ogr.OFTReal))
                feature = ogr.Feature(sheet.GetLayerDefn())
                for column, value in (("id", "x"), ("longitude", 99.0), ("latitude", 18.0)):
                    feature.SetField(column, value)
                sheet.CreateFeature(feature)
                source = sheet = feature = None
            else:
                subprocess.run(["ogr2ogr", "-f", driver, self.folder / name, self.folder / "a.geojson"], check=True,
                               capture_output=True)
            self.pack("one.zip", [(name, (self.folder / name).read_bytes())])
            out = self.sites("one.zip", *(WGS84 if driver == "XLSX" else []))
            self.assertEqual([f["geometry"]["coordinates"] for f in out["features"]], [[99, 18]], driver)
        self.pack("one.kmz", [("doc.kml", (self.folder / "a.kml").read_bytes()), ("files/a.png", b"\x89PNG"),
                              ("more/b.kml", "<kml/>")])
        self.assertEqual(len(self.sites("one.kmz")["features"]), 1)

    def test_missing_parts(self):
        parts = self.shapefile("a", ["x", "y"])
        self.pack("nodbf.zip", [(f"a.{part}", parts[part]) for part in ("shp", "shx", "prj")])
        self.assertEqual(self.counts(self.only_layer("nodbf.zip"))["missing-dbf"], 1)
        self.pack("noshx.zip", [(f"a.{part}", parts[part]) for part in ("shp", "dbf", "prj")])
        self.refused(1, r"noshx\.zip/a\.shp: the \.shx part of the Shapefile is missing", "noshx.zip")
        self.pack("noprj.zip", [(f"a.{part}", parts[part]) for part in ("shp", "shx", "dbf")])
        self.refused(1, r"noprj\.zip/a\.shp does not say in which coordinate reference system", "noprj.zip", advice="--crs")
        self.assertEqual(len(self.sites("noprj.zip", "--crs", "EPSG:32647")["features"]), 2)
        self.pack("cpg.zip", [*[(f"a.{part}", data) for part, data in self.shapefile("a", ["วัดโพธิ์"]).items()], ("a.cpg", "CP874")])
        self.assertNotIn("guessed-encoding", self.counts(self.only_layer("cpg.zip")))

    def test_thai_names_of_entries(self):
        parts = self.shapefile("a", ["ก"])
        self.pack("utf8.zip", [(f"วัด/แผนที่.{part}", data) for part, data in parts.items()])
        self.assertEqual(len(self.sites("utf8.zip", "--layer", "แผนที่")["features"]), 1)
        thai = "แผนที่"
        self.pack("old.zip", [(f"{'X' * len(thai)}{n}.{part}", data) for n in "12" for part, data in parts.items()])
        self.patch("old.zip", b"X" * len(thai), thai.encode("cp874"))
        self.refused(2, r"old\.zip holds 2 layers", "old.zip", advice="แผนที่1, แผนที่2")
        self.assertEqual(len(self.sites("old.zip", "--layer", "แผนที่2")["features"]), 1)
        self.pack("west.zip", [("caf_1.csv", rows("a", 2)), ("caf_2.csv", rows("a", 2))])
        self.patch("west.zip", b"caf_", b"caf\x82")
        self.refused(2, r"west\.zip holds 2 layers", "west.zip", advice="café1, café2")

    def test_harmful_names(self):
        for number, name in enumerate(("../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "C:/evil.csv", "..\\evil.csv")):
            self.pack(f"slip{number}.zip", [("good.csv", rows("a", 2)), ("x" * len(name), rows("b", 2))])
            self.patch(f"slip{number}.zip", b"x" * len(name), name.encode())
            self.refused(1, rf"slip{number}\.zip holds an entry that would land outside of its folder: {re.escape(name)}",
                         f"slip{number}.zip", advice="made to do harm")
        self.pack("twice.zip", [("a.csv", rows("a", 2)), ("b.csv", rows("b", 2))])
        self.patch("twice.zip", b"b.csv", b"a.csv")
        self.refused(1, r"twice\.zip holds two entries of the name a\.csv", "twice.zip")
        self.pack("back.zip", [("good.csv", rows("a", 2)), ("x/b.csv", rows("b", 2))])
        self.patch("back.zip", b"x/b.csv", b"x\\b.csv")
        self.assertEqual(self.counts(self.only_layer("back.zip", *WGS84))["unusual-entry-name"], 1)

    def test_entries_that_are_no_plain_files(self):
        link = zipfile.ZipInfo("link.csv")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        inner = self.pack("inner.zip", [("x.csv", rows("a", 2))]).read_bytes()
        odd = [(link, "/etc/passwd"), ("inner.zip", inner)]
        self.pack("odd.zip", [("good.csv", rows("a", 2)), *odd])
        counts = self.counts(self.only_layer("odd.zip", *WGS84))
        self.assertEqual((counts["linked-entry"], counts["nested-archive"]), (1, 1))
        self.pack("onlyodd.zip", odd)
        self.refused(1, r"onlyodd\.zip holds no file that can be read: 1 linked-entry, 1 nested-archive", "onlyodd.zip")
        self.pack("lzma.zip", [("a.csv", rows("a", 2))], zipfile.ZIP_LZMA)
        self.refused(1, r"lzma\.zip holds no file that can be read: 1 unknown-compression", "lzma.zip")
        self.pack("locked.zip", [("a.csv", rows("a", 2))])
        self.patch_headers("locked.zip", "a.csv", flags=1)
        self.refused(1, r"locked\.zip holds no file that can be read: 1 encrypted-entry", "locked.zip", advice="password")
        self.pack("text.zip", [("a.md", "x"), ("b.pdf", "x")])
        self.refused(1, r"text\.zip holds no file that can be read: 2 of other kinds, such as a\.md", "text.zip")

    def test_damaged(self):
        data = self.pack("whole.zip", [("a.csv", rows("a", 500))]).read_bytes()
        (self.folder / "cut.zip").write_bytes(data[:len(data) // 2])
        self.refused(1, r"cut\.zip is cut short or damaged: the directory at its end is missing", "cut.zip")
        self.pack("none.zip", [])
        self.refused(1, r"none\.zip is an empty archive", "none.zip")
        (self.folder / "zero.zip").write_bytes(b"")
        self.refused(1, r"zero\.zip is empty \(0 bytes\)", "zero.zip")
        self.pack("blank.zip", [("a.csv", "")])
        self.refused(1, r"blank\.zip/a\.csv is empty \(0 bytes\)", "blank.zip")
        (self.folder / "pdf.zip").write_bytes(b"%PDF-1.4")
        self.refused(1, r"pdf\.zip is named like zip archive, but its content looks like a PDF document", "pdf.zip")
        self.pack("sheet.zip", [("[Content_Types].xml", "<x/>"), ("xl/workbook.xml", "<x/>")])
        self.refused(1, r"sheet\.zip is named like a zip archive, but its content looks like a spreadsheet", "sheet.zip",
                     advice=r"rename it to sheet\.xlsx")
        shutil.copy(self.folder / "whole.zip", self.folder / "whole.csv")
        self.refused(1, r"whole\.csv is named like CSV, but its content looks like a zip archive", "whole.csv",
                     advice=r"rename it to whole\.zip")
        middle = bytearray(data)
        middle[len(data) // 3] ^= 0xFF
        (self.folder / "bent.zip").write_bytes(bytes(middle))
        self.refused(1, r"bent\.zip/a\.csv is damaged: ", "bent.zip", *WGS84)
        for size, message in ((10, r"more than the 10 bytes"), (10**6, r"\d[\d,]+ of the 1,000,000 bytes")):
            shutil.copy(self.folder / "whole.zip", self.folder / "lie.zip")
            self.patch_headers("lie.zip", "a.csv", size=size)
            self.refused(1, r"lie\.zip/a\.csv is damaged: (it holds " + message + "|.*[Ii]nconsistent)", "lie.zip", *WGS84)

    def test_bounds(self):
        self.pack("bomb.zip", [("a.csv", bytes(100 << 20))])
        self.refused(1, r"bomb\.zip/a\.csv unpacks to 104,857,600 bytes from [\d,]+, more than 250 times as many", "bomb.zip",
                     advice="made to do harm")
        self.pack("huge.zip", [("a.csv", rows("a", 2))])
        self.patch_headers("huge.zip", "a.csv", size=3 << 30)
        self.refused(1, r"huge\.zip/a\.csv unpacks to 3,221,225,472 bytes, more than the bound of 2,147,483,648", "huge.zip")
        self.pack("many.zip", [(f"{i}.csv", "") for i in range(10_001)], zipfile.ZIP_STORED)
        self.refused(1, r"many\.zip holds 10,001 entries, more than the bound of 10,000", "many.zip")

    def test_paths_within_are_not_named_from_outside(self):
        self.pack("a.zip", [("a.csv", rows("a", 2))])
        self.refused(2, r"virtual file systems are not read", "/vsizip/a.zip/a.csv")
        self.refused(2, r"virtual file systems are not read", "/vsimem/yaan/a.csv")
        self.refused(1, r"there is no file a\.zip/a\.csv", "a.zip/a.csv")


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
        counts = {entry["code"]: entry["count"] for entry in out["yaan"]["diagnostics"]}
        self.assertEqual([counts[code] for code in ("mixed-types", "missing-column", "other-files", "inner-folders", "repeated-id")],
                         [1, 5, 2, 1, 1], out["yaan"]["diagnostics"])
        self.assertEqual([source["path"] for source in out["yaan"]["inputs"]], ["many/a.csv", "many/b.csv", "many/c.geojson"])
        out = self.sites("many/?.csv", *WGS84)
        self.assertEqual([f["properties"]["n"] for f in out["features"]], [7, 8, 1.5])
        report = self.inspect("many", *WGS84)
        self.assertEqual(report["format"], "folder of 3 files")
        self.assertEqual([layer["name"] for layer in report["layers"]], ["a.csv", "b.csv", "c.geojson"])

    def test_other_systems(self):
        self.put("a.csv", rows("a", 3))
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
            self.put(f"{name}.csv", rows(name, 20, 20 if name == "b" else 0))
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
        self.put("c.csv", rows("c", 5, 50))
        self.assertRegex(self.succeeds("replay", "o/sites.geojson", "--inputs", "."), "same")
        shutil.move(self.folder / "many", self.folder / "elsewhere")
        self.assertRegex(self.succeeds("replay", "o/sites.geojson", "--inputs", "elsewhere"), "same")
        (self.folder / "elsewhere/b.csv").unlink()
        self.fails(1, r"the input many/b\.csv of o/sites\.geojson is not there", "replay", "o/sites.geojson", "--inputs", "elsewhere")

    def test_one_file(self):
        self.put("a.csv", rows("a", 4))
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
        self.put("a.csv", rows("a", 3))
        self.put("b.geojson", collection([({"id": "b"}, "Polygon", [[[99, 18], [99.1, 18], [99, 18.1], [99, 18]]])]))
        self.refused(1, r"the files of many do not hold one kind of geometry: points in a\.csv, polygons in b\.geojson", "many",
                     *WGS84, advice="pattern")
        self.put("b.geojson", "{")
        self.refused(1, r"many/b\.geojson is cut short", "many", *WGS84)
        (self.folder / "many/b.geojson").unlink()
        self.fails(1, r"the output \S*many/out\.geojson would lie among the files of the layer points \(many\)", "dbscan", "many",
                   *WGS84, "--radius", "1km", "-o", "many/out.geojson", advice="--out or -o")


class OpenStreetMap(SourceTest):
    NODES = [(1, 99.0, 18.7, {"amenity": "place_of_worship", "religion": "buddhist", "name": "วัดโพธิ์", "name:en": "Wat Pho"}),
             (2, 99.01, 18.7, {"tourism": "gallery", "name": "Art Space"}), (3, 99.02, 18.7, {"amenity": "cafe;bar"}),
             (4, 99.03, 18.7, {"shop": "art"}), (5, 99.0, 18.8, {}), (6, 99.01, 18.8, {}), (7, 99.01, 18.81, {}),
             (8, 99.0, 18.81, {}), (9, 99.2, 18.8, {}), (10, 99.3, 18.8, {}), (11, 99.3, 18.9, {}),
             (12, 99.25, 18.81, {}), (13, 99.29, 18.81, {}), (14, 99.29, 18.85, {})]
    WAYS = [(20, [5, 6, 7, 8, 5], {"tourism": "museum", "name:th": "พิพิธภัณฑ์", "name": "Museum"}),
            (21, [5, 6], {"tourism": "gallery", "highway": "footway"}), (22, [9, 10, 11, 9], {}), (23, [12, 13, 14, 12], {}),
            (24, [5, 6, 7, 5], {"highway": "pedestrian", "name": "Ring"})]
    RELATIONS = [(30, [(22, "outer"), (23, "inner")], {"type": "multipolygon", "amenity": "place_of_worship",
                                                      "religion": "buddhist", "name": "วัดใหญ่"})]
    TAGS = "temple: amenity=place_of_worship religion=buddhist; museum: tourism=museum|gallery"

    def text(self):
        def tags(all_tags):
            return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in all_tags.items())
        body = "".join(f'<node id="{i}" version="1" lon="{x}" lat="{y}">{tags(t)}</node>\n' for i, x, y, t in self.NODES)
        body += "".join('<way id="%d" version="1">%s%s</way>\n' % (i, "".join('<nd ref="%d"/>' % n for n in nodes), tags(t))
                        for i, nodes, t in self.WAYS)
        body += "".join('<relation id="%d" version="1">%s%s</relation>\n'
                        % (i, "".join('<member type="way" ref="%d" role="%s"/>' % member for member in members), tags(t))
                        for i, members, t in self.RELATIONS)
        return OSM_HEAD + body + "</osm>\n"

    def write_extract(self, text=None, stem="town"):
        (self.folder / f"{stem}.osm").write_text(text or self.text(), encoding="utf-8")
        subprocess.run(["osmium", "cat", "--overwrite", f"{stem}.osm", "-o", f"{stem}.osm.pbf"], cwd=self.folder, check=True,
                       capture_output=True)

    def test_categories(self):
        self.write_extract()
        for name in ("town.osm.pbf", "town.osm"):
            out = self.sites(name, "--tags", self.TAGS)
            found = {f["properties"]["id"]: [f["properties"][key] for key in ("category", "name_th", "name_en")]
                     for f in out["features"]}
            self.assertEqual(found, {"n1": ["temple", "วัดโพธิ์", "Wat Pho"], "n2": ["museum", None, "Art Space"],
                                     "w20": ["museum", "พิพิธภัณฑ์", "Museum"], "r30": ["temple", "วัดใหญ่", None]}, name)
            places = {f["properties"]["id"]: f["geometry"]["coordinates"] for f in out["features"]}
            self.assertTrue(99.0 < places["w20"][0] < 99.01 and 18.8 < places["w20"][1] < 18.81, places)
            counts = {entry["code"]: (entry["count"], entry["features"]) for entry in out["yaan"]["diagnostics"]}
            self.assertEqual(counts["osm-area"], (2, ["r30", "w20"]))
            self.assertEqual(counts["osm-line"], (1, ["w21"]))
            self.assertEqual(counts["osm-not-chosen"][0], 3)
            source = out["yaan"]["inputs"][0]
            self.assertEqual((source["licence"], source["attribution"]), ("ODbL-1.0", "© OpenStreetMap contributors"))
        point = places["r30"]
        self.assertFalse(18.81 < point[1] < 18.85 and 99.25 < point[0] < 99.29 and point[1] - 18.81 < point[0] - 99.25, "in the hole")

    def test_study_and_values(self):
        self.write_extract()
        study = {"yaan_study": 1, "layers": {"sites": {"file": "town.osm.pbf", "tags": "drink: amenity=cafe|pub; art: shop=art !name; road: highway"}},
                 "outputs": [{"layer": "sites", "file": "sites.csv"}]}
        self.write_study(study)
        self.succeeds("run", "study.json", "--out", "o", stderr=r"to know\n[\s\S]*")
        text = (self.folder / "o/sites.csv").read_text(encoding="utf-8-sig")
        self.assertRegex(text, r"n3,drink")
        self.assertRegex(text, r"n4,art")
        self.assertNotIn("w24", text)  # a round street is no square
        with zipfile.ZipFile(self.folder / "town.zip", "w") as archive:
            archive.write(self.folder / "town.osm.pbf", "town.osm.pbf")
        self.assertEqual(len(self.sites("town.zip", "--tags", self.TAGS)["features"]), 4)
        self.assertIn('"town": {"file": "town.osm", "tags": "temple: amenity', self.succeeds("inspect", "town.osm", "--tags", self.TAGS))

    def test_without_tags(self):
        self.write_extract()
        for name in ("town.osm.pbf", "town.osm"):
            self.refused(2, re.escape(name) + r" holds 5 layers", name,
                         advice="points, lines, multilinestrings, multipolygons, other_relations")
            self.assertEqual(len(self.sites(name, "--layer", "points")["features"]), 4)
        names = [layer["name"] for layer in self.inspect("town.osm.pbf")["layers"]]
        self.assertEqual(names, ["points", "lines", "multilinestrings", "multipolygons", "other_relations"])

    def test_one_layer_among_many_features(self):
        with open(self.folder / "many.osm", "w", encoding="utf-8") as out:
            out.write(OSM_HEAD)
            scatter = random.Random(7)
            for i in range(1, 110_001):
                x, y = scatter.randrange(10**6), scatter.randrange(10**6)  # no pattern, or GDAL takes the extract for a bomb
                out.write(f'<node id="{i}" version="1" lon="{98 + x / 1e6:.6f}" lat="{17 + y / 1e6:.6f}"><tag k="shop" v="art"/></node>\n')
            out.write('<node id="110001" version="1" lon="98" lat="18.1"/><way id="1" version="1"><nd ref="1"/><nd ref="2"/>'
                      '<nd ref="110001"/><nd ref="1"/><tag k="building" v="yes"/></way></osm>\n')
        subprocess.run(["osmium", "cat", "many.osm", "-o", "many.osm.pbf"], cwd=self.folder, check=True, capture_output=True)
        self.assertEqual(self.only_layer("many.osm.pbf", "--layer", "multipolygons")["usable"], 1)
        self.assertEqual(self.only_layer("many.osm.pbf", "--tags", "art: shop=art; home: building")["usable"], 110_001)

    def test_editor_file(self):
        # Numbers of an editor are negative, and what it writes is in no order.
        self.write_extract()
        text = OSM_HEAD + '<node id="-5" lon="99" lat="18"><tag k="tourism" v="museum"/></node>' \
                          '<node id="-90" lon="99.1" lat="18"><tag k="tourism" v="museum"/></node>' \
                          '<node id="-7" lon="99.2" lat="18"/></osm>'
        (self.folder / "josm.osm").write_text(text)
        self.assertEqual([f["properties"]["id"] for f in self.sites("josm.osm", "--tags", self.TAGS)["features"]], ["n-5", "n-90"])

    def test_rules(self):
        self.write_extract()
        for rules, message in (("", r"tags holds no rule"), ("amenity=cafe", r'rule 1 of tags is "amenity=cafe", which names no category'),
                               ("a: x=1; b:", r"rule 2 of tags \(b\) has no condition"),
                               ("a: =cafe", r'rule 1 of tags has the condition "=cafe", which does not start with the key'),
                               ("a: amenity=", r'rule 1 of tags has the condition "amenity=", which lacks a value'),
                               ("a: amenity=cafe|", r".*lacks a value"), (": amenity=cafe", r"rule 1 of tags has nothing before its colon"),
                               ("a: !name", r"rule 1 of tags \(a\) says only which tags a feature must not have"),
                               ("a: am,enity=x", r".*does not start with the key")):
            self.refused(2, r"--tags: " + message, "town.osm.pbf", "--tags", rules, advice="temple: amenity=place_of_worship")
        self.refused(1, r"none of the 8 features with tags in town\.osm\.pbf is one that tags chooses", "town.osm.pbf", "--tags",
                     "zoo: tourism=zoo leisure=park", advice=r"tourism has gallery \(2\), museum \(1\); leisure is on no feature")
        self.refused(2, r"tags choose among all layers", "town.osm.pbf", "--tags", self.TAGS, "--layer", "points")
        self.refused(2, r"sites\.csv is of the format CSV, in which tags choose nothing", "sites.csv", "--tags", self.TAGS)

    def test_damaged(self):
        self.write_extract()
        data = (self.folder / "town.osm.pbf").read_bytes()
        for cut in (len(data) - 1, len(data) // 2, 30):
            (self.folder / "cut.osm.pbf").write_bytes(data[:cut])
            self.refused(1, r"cut\.osm\.pbf is cut short: its last block of data is not whole", "cut.osm.pbf", "--tags", self.TAGS)
        for at in range(len(data) // 2, len(data), len(data) // 16):
            bent = bytearray(data)
            bent[at] ^= 0x55
            (self.folder / "bent.osm.pbf").write_bytes(bytes(bent))
            done = self.yaan("inspect", "bent.osm.pbf", "--tags", self.TAGS)
            self.assertEqual(done.returncode, 1, at)
            self.assertRegex(done.stderr.decode(), r"\Ayaan: (reading )?bent\.osm\.pbf [^\n]+\n(  [^\n]+\n)?\Z")
        (self.folder / "cut.osm").write_text(self.text()[:900], encoding="utf-8")
        self.refused(1, r"cut\.osm is cut short: the closing </osm> is missing", "cut.osm", "--tags", self.TAGS)
        (self.folder / "bad.osm").write_text(OSM_HEAD + "<node id='1' </osm>")
        self.refused(1, r"reading bad\.osm failed", "bad.osm", "--tags", self.TAGS)
        entities = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
        (self.folder / "bomb.osm").write_text(f'<?xml version="1.0"?><!DOCTYPE osm [{entities}]><osm version="0.6">'
                                              '<node id="1" lon="99" lat="18"><tag k="tourism" v="&a11;"/></node></osm>')
        self.refused(1, r"bomb\.osm", "bomb.osm", "--tags", self.TAGS)
        (self.folder / "no.pbf").write_bytes(b"\0\0\0\x0dabc")
        self.refused(1, r"no\.pbf is named like OSM PBF, but its content looks like binary data", "no.pbf")


if __name__ == "__main__":
    unittest.main()

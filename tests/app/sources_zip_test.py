#!/usr/bin/env python3
"""Zip archives read by the real program: what it makes of good ones, and what it says of damaged and harmful ones."""
import hashlib
import json
import re
import shutil
import stat
import struct
import subprocess
import unittest
import zipfile

from osgeo import ogr, osr

from program import REPORT, WGS84
from sources import SourceTest, collection, sites_csv


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
        zipped, plain = report["layers"][0], self.layer("temples.shp")
        self.assertEqual(report["format"], "zip archive (Shapefile)")
        self.assertEqual(report["sha256"], hashlib.sha256((self.folder / "temples.zip").read_bytes()).hexdigest())
        self.assertEqual(zipped["fields"], plain["fields"])
        self.assertEqual(zipped["crs"], plain["crs"])
        self.assertEqual((zipped["usable"], zipped["fields"][0]["samples"]), (2, names))
        counts = self.counts(zipped)
        self.assertEqual((counts["archive-leftovers"], counts["other-entries"]), (2, 1))
        self.assertEqual(counts["guessed-encoding"], self.counts(plain)["guessed-encoding"])

    def test_run_verify_replay(self):
        self.pack("sites.zip", [("deep/down/places.csv", sites_csv("a", 20))])
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
        self.pack("sites.zip", [("places.csv", sites_csv("a", 21))])
        self.assertEqual(self.yaan("verify", "o/sites.geojson", "--inputs", ".").returncode, 1)

    def test_two_layers(self):
        entries = [(f"{stem}.{part}", data) for stem in ("north", "south")
                   for part, data in self.shapefile(stem, [stem] * (2 if stem == "north" else 3)).items()]
        self.pack("two.zip", entries)
        self.refused(2, r"two\.zip holds 2 layers", "two.zip", advice="--layer: north, south")
        self.refused(2, r'two\.zip has no layer "nort"', "two.zip", "--layer", "nort", advice=r"did you mean north\?")
        self.assertEqual(len(self.sites("two.zip", "--layer", "south")["features"]), 3)
        self.assertEqual([layer["name"] for layer in self.inspect("two.zip")["layers"]], ["north", "south"])
        self.pack("same.zip", [("a/x.csv", sites_csv("a", 2)), ("b/x.csv", sites_csv("b", 4)), ("notes.txt", "a text")])
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
        self.assertEqual(self.counts(self.layer("nodbf.zip"))["missing-dbf"], 1)
        self.pack("noshx.zip", [(f"a.{part}", parts[part]) for part in ("shp", "dbf", "prj")])
        self.refused(1, r"noshx\.zip/a\.shp: the \.shx part of the Shapefile is missing", "noshx.zip")
        self.pack("noprj.zip", [(f"a.{part}", parts[part]) for part in ("shp", "shx", "dbf")])
        self.refused(1, r"noprj\.zip/a\.shp does not say in which coordinate reference system", "noprj.zip", advice="--crs")
        self.assertEqual(len(self.sites("noprj.zip", "--crs", "EPSG:32647")["features"]), 2)
        self.pack("cpg.zip", [*[(f"a.{part}", data) for part, data in self.shapefile("a", ["วัดโพธิ์"]).items()], ("a.cpg", "CP874")])
        self.assertNotIn("guessed-encoding", self.counts(self.layer("cpg.zip")))

    def test_thai_names_of_entries(self):
        parts = self.shapefile("a", ["ก"])
        self.pack("utf8.zip", [(f"วัด/แผนที่.{part}", data) for part, data in parts.items()])
        self.assertEqual(len(self.sites("utf8.zip", "--layer", "แผนที่")["features"]), 1)
        thai = "แผนที่"
        self.pack("old.zip", [(f"{'X' * len(thai)}{n}.{part}", data) for n in "12" for part, data in parts.items()])
        self.patch("old.zip", b"X" * len(thai), thai.encode("cp874"))
        self.refused(2, r"old\.zip holds 2 layers", "old.zip", advice="แผนที่1, แผนที่2")
        self.assertEqual(len(self.sites("old.zip", "--layer", "แผนที่2")["features"]), 1)
        self.pack("west.zip", [("caf_1.csv", sites_csv("a", 2)), ("caf_2.csv", sites_csv("a", 2))])
        self.patch("west.zip", b"caf_", b"caf\x82")
        self.refused(2, r"west\.zip holds 2 layers", "west.zip", advice="café1, café2")

    def test_harmful_names(self):
        for number, name in enumerate(("../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "C:/evil.csv", "..\\evil.csv")):
            self.pack(f"slip{number}.zip", [("good.csv", sites_csv("a", 2)), ("x" * len(name), sites_csv("b", 2))])
            self.patch(f"slip{number}.zip", b"x" * len(name), name.encode())
            self.refused(1, rf"slip{number}\.zip holds an entry that would land outside of its folder: {re.escape(name)}",
                         f"slip{number}.zip", advice="made to do harm")
        self.pack("twice.zip", [("a.csv", sites_csv("a", 2)), ("b.csv", sites_csv("b", 2))])
        self.patch("twice.zip", b"b.csv", b"a.csv")
        self.refused(1, r"twice\.zip holds two entries of the name a\.csv", "twice.zip")
        self.pack("back.zip", [("good.csv", sites_csv("a", 2)), ("x/b.csv", sites_csv("b", 2))])
        self.patch("back.zip", b"x/b.csv", b"x\\b.csv")
        self.assertEqual(self.counts(self.layer("back.zip", *WGS84))["unusual-entry-name"], 1)

    def test_entries_that_are_no_plain_files(self):
        link = zipfile.ZipInfo("link.csv")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        inner = self.pack("inner.zip", [("x.csv", sites_csv("a", 2))]).read_bytes()
        odd = [(link, "/etc/passwd"), ("inner.zip", inner)]
        self.pack("odd.zip", [("good.csv", sites_csv("a", 2)), *odd])
        counts = self.counts(self.layer("odd.zip", *WGS84))
        self.assertEqual((counts["linked-entry"], counts["nested-archive"]), (1, 1))
        self.pack("onlyodd.zip", odd)
        self.refused(1, r"onlyodd\.zip holds no file that can be read: 1 linked-entry, 1 nested-archive", "onlyodd.zip")
        self.pack("lzma.zip", [("a.csv", sites_csv("a", 2))], zipfile.ZIP_LZMA)
        self.refused(1, r"lzma\.zip holds no file that can be read: 1 unknown-compression", "lzma.zip")
        self.pack("locked.zip", [("a.csv", sites_csv("a", 2))])
        self.patch_headers("locked.zip", "a.csv", flags=1)
        self.refused(1, r"locked\.zip holds no file that can be read: 1 encrypted-entry", "locked.zip", advice="password")
        self.pack("text.zip", [("a.md", "x"), ("b.pdf", "x")])
        self.refused(1, r"text\.zip holds no file that can be read: 2 of other kinds, such as a\.md", "text.zip")

    def test_damaged(self):
        data = self.pack("whole.zip", [("a.csv", sites_csv("a", 500))]).read_bytes()
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
        self.pack("huge.zip", [("a.csv", sites_csv("a", 2))])
        self.patch_headers("huge.zip", "a.csv", size=3 << 30)
        self.refused(1, r"huge\.zip/a\.csv unpacks to 3,221,225,472 bytes, more than the bound of 2,147,483,648", "huge.zip")
        self.pack("many.zip", [(f"{i}.csv", "") for i in range(10_001)], zipfile.ZIP_STORED)
        self.refused(1, r"many\.zip holds 10,001 entries, more than the bound of 10,000", "many.zip")

    def test_paths_within_are_not_named_from_outside(self):
        self.pack("a.zip", [("a.csv", sites_csv("a", 2))])
        self.refused(2, r"virtual file systems are not read", "/vsizip/a.zip/a.csv")
        self.refused(2, r"virtual file systems are not read", "/vsimem/yaan/a.csv")
        self.refused(1, r"there is no file a\.zip/a\.csv", "a.zip/a.csv")


if __name__ == "__main__":
    unittest.main()

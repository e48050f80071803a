#!/usr/bin/env python3
"""Files of strangers: made to do harm, damaged, or changing while they are read; and settings from outside."""
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import unittest
import zipfile

from program import BINARY, CSV, ENTITY_BOMB, REPORT, WGS84, CliTest


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
        layer = self.layer("big.shp")
        self.assertEqual(layer["features"], 0)

    def test_nested_arrays(self):
        self.write("deep.geojson", '{"type":"Point","coordinates":' + "[" * 200_000 + "]" * 200_000 + "}")
        self.refused(1, r"deep\.geojson.*nest", "deep.geojson")

    def test_entity_bomb(self):
        self.write("bomb.kml", f"""<?xml version="1.0"?><!DOCTYPE kml [{ENTITY_BOMB}]>
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
            layer = self.layer("link.kml")
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
            self.assertEqual(self.layer("outside.csv", *WGS84)["usable"], 60)
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
        self.assertEqual(self.features("cell.geojson")[0]["properties"]["name"], "x" * 20_000_000)

    def test_numbers_beyond_range(self):
        self.write("n.csv", "id,n,r,lon,lat\n1,99999999999999999999,1e999,100,13\n2,1,2,1e999,13\n")
        layer = self.layer("n.csv", *WGS84)
        self.assertEqual(layer["usable"], 1)
        self.assertEqual([(entry["code"], entry["count"]) for entry in layer["diagnostics"] if entry["severity"] == "skipped"],
                         [("unreadable-coordinate", 1)])
        # No digit of the long number is lost: as a text where it fits no number.
        self.assertEqual({field["name"]: field["type"] for field in layer["fields"]}["n"], "text")
        self.write("n.geojson", '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
                                '{"n":99999999999999999999,"r":1e999},"geometry":{"type":"Point","coordinates":[100,13]}},'
                                '{"type":"Feature","properties":{"n":1,"r":1},"geometry":'
                                '{"type":"Point","coordinates":[1e999,13]}}]}')
        layer = self.layer("n.geojson")
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
            # The C library never gives back what it keeps of LOCPATH, which a leak checker sees.
            env = {"LOCPATH": str(self.folder), "LC_ALL": f"{name}.UTF-8", "LANG": f"{name}.UTF-8",
                   "ASAN_OPTIONS": "detect_leaks=0"}
            point = subprocess.run(["locale", "decimal_point"], env={**os.environ, **env}, capture_output=True, check=True)
            self.assertEqual(point.stdout, b",\n" if name == "de_DE" else b".\n")
            self.assertEqual(self.succeeds("inspect", "sites.csv", *WGS84, env=env), plain)
            self.assertEqual(self.succeeds("dbscan", *CSV, *WGS84, "--radius", "200.5m", stderr=REPORT, env=env), table)

    def test_settings_of_gdal_from_outside_change_nothing(self):
        plain = self.succeeds("inspect", "areas.geojson")
        self.assertEqual(self.succeeds("inspect", "areas.geojson", env={"OGR_SKIP": "GeoJSON", "GDAL_SKIP": "GeoJSON"}),
                         plain)


if __name__ == "__main__":
    unittest.main()

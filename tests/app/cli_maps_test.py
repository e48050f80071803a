#!/usr/bin/env python3
"""Maps in colours by the real program: what a local Moran study prints as PNG, SVG and PDF, and the wishes it refuses."""
import hashlib
import json
import re
import shutil
import struct
import subprocess
import unittest
import xml.etree.ElementTree
import zlib

from program import ANYTHING, REPORT, CliTest

HOT, LOW, QUIET, UNDEFINED = (0xB2, 0x18, 0x2B), (0x21, 0x66, 0xAC), (0xE6, 0xE6, 0xE4), (0xBB, 0xBD, 0xBF)


def pixels(data):
    """Colours of a PNG of 8 bits a channel, unfiltered, with how often each occurs."""
    at, packed, width, channels = 8, b"", 0, 3
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, _, _, colour_type = struct.unpack(">IIBB", body[:10])
            channels = {2: 3, 6: 4}[colour_type]
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    rows, stride = zlib.decompress(packed), width * channels
    counts, above = {}, bytearray(stride)
    for start in range(0, len(rows), stride + 1):
        kind, row = rows[start], bytearray(rows[start + 1:start + 1 + stride])
        for i in range(stride):
            left = row[i - channels] if i >= channels else 0
            up, corner = above[i], above[i - channels] if i >= channels else 0
            if kind == 1:
                row[i] = (row[i] + left) & 255
            elif kind == 2:
                row[i] = (row[i] + up) & 255
            elif kind == 3:
                row[i] = (row[i] + (left + up) // 2) & 255
            elif kind == 4:
                guess = left + up - corner
                near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
                row[i] = (row[i] + near[2]) & 255
        above = row
        for i in range(0, stride, channels):
            colour = tuple(row[i:i + 3])
            counts[colour] = counts.get(colour, 0) + 1
    return counts


class ColouredMaps(CliTest):
    """A lattice of 6 by 6 squares, hot in its south-west corner, and one square far from all others."""

    STEP = {"method": "local-moran", "features": "squares", "variable": "value", "permutations": 999}

    def setUp(self):
        super().setUp()
        features = []
        for i in range(37):
            row, col = divmod(i, 6)
            west, south = (100 + 0.1 * col, 15 + 0.1 * row) if i < 36 else (100.8, 15.2)
            ring = [[west, south], [west + 0.1, south], [west + 0.1, south + 0.1], [west, south + 0.1], [west, south]]
            features.append({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]},
                             "properties": {"id": f"q{i:02}", "name_en": f"Square {i}", "name_th": f"ช่องที่ {i}",
                                            "value": (9 if row < 3 and col < 3 else 1) + i % 5 * 0.25}})
        self.write_features("squares.geojson", features)

    def run_maps(self, *maps, steps=None, **more):
        study = {"yaan_study": 1, "title": {"en": "Hot & cold <squares>", "th": "ช่องร้อนและเย็น"},
                 "layers": {"squares": {"file": "squares.geojson"}}, "analyses": [self.STEP] if steps is None else steps,
                 "outputs": [{"map": "country", "width": 960, "height": 600, **one} for one in maps], **more}
        (self.folder / "maps.json").write_text(json.dumps(study), encoding="utf-8")
        return self.succeeds("run", "maps.json", "--overwrite", stderr=ANYTHING)

    def bytes_of(self, name):
        return (self.folder / name).read_bytes()

    def test_clusters_have_their_colours(self):
        self.run_maps({"file": "lisa.png"}, {"file": "again.png"})
        colours = pixels(self.bytes_of("lisa.png"))
        for colour, least in ((HOT, 10000), (QUIET, 50000), (UNDEFINED, 500), (LOW, 100)):  # no square is Low-Low: a swatch
            self.assertGreater(colours.get(colour, 0), least, colour)
        self.assertEqual(self.bytes_of("lisa.png"), self.bytes_of("again.png"))
        record = json.loads(self.bytes_of("lisa.png.yaan.json"))
        self.assertEqual(record["yaan"]["output"]["features"], 37)

    def svg_texts(self, name):
        root = xml.etree.ElementTree.fromstring(self.bytes_of(name))
        svg = "{http://www.w3.org/2000/svg}"
        return root.find(f"{svg}title").text, [text.text for text in root.iter(f"{svg}text")]

    def test_svg_says_how_the_marks_came_about(self):
        steps = [{**self.STEP, "correction": "bonferroni", "p_value": "folded", "permutations": 9999, "significance": 0.1}]
        self.run_maps({"file": "en.svg"}, {"file": "th.svg", "language": "th"}, steps=steps)
        title, texts = self.svg_texts("en.svg")
        self.assertEqual(title, "Hot & cold <squares>")
        for expected in ("37 areas", "LISA clusters: value", "High-High: high among high", "Low-Low: low among low", "Not significant",
                         "no neighbours or no value", "Square 36"):
            self.assertIn(expected, texts)
        self.assertIn("p at most 0.1, corrected by Bonferroni; folded (the smaller tail), 9,999 permutations; queen, "
                      "row-standardised", " ".join(texts))
        _, thai = self.svg_texts("th.svg")
        for expected in ("กลุ่ม LISA: value", "สูง-สูง: ค่าสูงล้อมด้วยค่าสูง", "ไม่มีนัยสำคัญ", "37 พื้นที่"):
            self.assertIn(expected, thai)
        self.assertIn("Bonferroni", "".join(thai))
        self.assertNotIn(b"<squares>", self.bytes_of("en.svg"))

    def legend(self, texts, words):
        """The count that stands beside the words."""
        return next(int(texts[i - 1]) if texts[i - 1].isdigit() else int(texts[i + 1]) for i, t in enumerate(texts) if t == words)

    def test_the_legend_counts_what_the_layer_holds(self):
        self.run_maps({"file": "lisa.svg"})
        self.succeeds("local-moran", "squares.geojson", "--variable", "value", "-o", "lisa.geojson", stderr=REPORT)
        marks = [f["properties"]["local_moran_cluster"] for f in self.features("lisa.geojson")]
        _, texts = self.svg_texts("lisa.svg")
        for words, mark in (("High-High: high among high", "High-High"), ("Low-Low: low among low", "Low-Low"),
                            ("Not significant", "not significant"), ("no neighbours or no value", None)):
            self.assertEqual(self.legend(texts, words), marks.count(mark), words)
        raw = self.features("lisa.geojson")[0]["properties"]
        self.assertLessEqual(raw["local_moran_p"], raw["local_moran_p_adjusted"])

    def test_pdf_can_be_searched(self):
        if not shutil.which("pdftotext"):
            self.skipTest("pdftotext (Debian's poppler-utils) is not installed")
        self.run_maps({"file": "th.pdf", "language": "th"}, {"file": "en.pdf"})
        for name, expected in (("th.pdf", ("กลุ่ม LISA: value", "สูง-สูง: ค่าสูงล้อมด้วยค่าสูง", "ไม่มีเพื่อนบ้านหรือไม่มีค่า", "ช่องที่")),
                               ("en.pdf", ("Hot & cold <squares>", "LISA clusters", "High-High: high among high",
                                           "corrected by Benjamini-Hochberg"))):
            text = subprocess.run(["pdftotext", "-layout", name, "-"], cwd=self.folder, capture_output=True, check=True)
            text = " ".join(text.stdout.decode("utf-8").split())
            for words in expected:
                self.assertIn(words, text)
        info = subprocess.run(["pdfinfo", "en.pdf"], cwd=self.folder, capture_output=True, check=True).stdout.decode()
        self.assertRegex(info, r"Pages: +1\n")
        self.assertRegex(info, r"Page size: +720 x 450 pts")
        self.assertNotIn("CreationDate", info)

    def test_the_same_bytes_whatever_the_threads(self):
        maps = [{"file": f"{i}.{end}"} for i in range(3) for end in ("png", "svg", "pdf")]
        hashes = set()
        for threads in ("1", "4", "4"):
            self.run_maps(*maps)
            self.succeeds("run", "maps.json", "--overwrite", "--threads", threads, stderr=ANYTHING)
            hashes.add(tuple(hashlib.sha256(self.bytes_of(one["file"])).hexdigest() for one in maps))
        self.assertEqual(len(hashes), 1)
        self.assertEqual(len(set(hashes.pop())), 3, "the maps of a format are alike")
        self.assertIn("same", self.succeeds("replay", "0.svg.yaan.json"))

    def test_numbers_in_classes(self):
        self.run_maps({"file": "value.svg", "colour": {"column": "value", "classes": 3, "breaks": "quantile"}},
                      {"file": "hand.svg", "colour": {"layer": "squares", "column": "value", "bounds": [0, 2, 9.5]}},
                      {"file": "z.svg", "colour": {"column": "local_moran_z"}},
                      {"file": "p.svg", "colour": {"column": "local_moran_p_adjusted"}},
                      {"file": "none.svg", "colour": {"column": None}, "areas": "squares"})
        _, texts = self.svg_texts("value.svg")
        self.assertIn("quantiles", texts)
        self.assertEqual(sum(int(t) for i, t in enumerate(texts) if t.isdigit() and re.search(r" – ", texts[i + 1])), 37)
        _, texts = self.svg_texts("hand.svg")
        for words in ("0 – 2", "2 – 9.5", "outside the bounds", "bounds given"):
            self.assertIn(words, texts)
        _, texts = self.svg_texts("z.svg")
        self.assertTrue(any(re.fullmatch(r"-[0-9.]+ to -?[0-9.]+", t) for t in texts), texts)
        _, texts = self.svg_texts("p.svg")
        self.assertIn("up to 0.05", texts)
        self.assertIn("corrected by Benjamini-Hochberg; two-sided, 999", " ".join(texts))
        _, texts = self.svg_texts("none.svg")
        self.assertNotIn("LISA clusters", texts)

    def test_a_part_of_the_map(self):
        self.run_maps({"file": "part.svg", "extent": "100.0,15.0,100.3,15.3"}, {"file": "all.svg"},
                      {"file": "part-th.svg", "extent": "100.0,15.0,100.3,15.3", "language": "th"})
        _, all_texts = self.svg_texts("all.svg")
        _, texts = self.svg_texts("part.svg")
        self.assertIn("Square 0", texts)
        self.assertNotIn("Square 36", texts)
        self.assertIn("Square 36", all_texts)
        self.assertIn("Counts are of all 37 areas; the map shows a part of them.", " ".join(texts))
        self.assertNotIn("37 areas", texts, "the part has fewer")
        self.assertFalse([text for text in all_texts if text.startswith("Counts are of")])
        self.assertIn("จำนวนนับจากทั้งหมด 37 พื้นที่", " ".join(self.svg_texts("part-th.svg")[1]))

    def test_an_extent_with_all_or_nothing_in_it(self):
        self.run_maps({"file": "wide.svg", "extent": "99,14,102,17"})
        _, texts = self.svg_texts("wide.svg")
        self.assertIn("37 areas", texts)
        self.assertFalse([text for text in texts if text.startswith("Counts are of")], "all of it is seen")
        said = ANYTHING + r"doubt +1  sea\.svg: no feature of the map lies in its extent" + ANYTHING
        study = json.loads((self.folder / "maps.json").read_text(encoding="utf-8"))
        study["outputs"] = [{"map": "country", "file": "sea.svg", "extent": "60,0,70,5"}]
        (self.folder / "sea.json").write_text(json.dumps(study), encoding="utf-8")
        self.succeeds("run", "sea.json", stderr=said)

    def test_maps_of_cities_in_colours(self):
        rows = [f"s{i},{100.15 + 0.001 * i},{15.15 + 0.001 * (i % 3)}" for i in range(9)]
        (self.folder / "sites.csv").write_text("id,lon,lat\n" + "\n".join(rows) + "\n", encoding="utf-8")
        layers = {"squares": {"file": "squares.geojson"}, "sites": {"file": "sites.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326"}}
        steps = [{"method": "dbscan", "points": "sites", "radius": "500m"}, {"method": "districts", "points": "sites"}, self.STEP]
        city = {"map": "cities", "areas": "squares", "points": "sites"}
        self.run_maps({**city, "file": "plain-{city}.svg"}, {**city, "file": "hot-{city}.svg", "colour": {"column": "value"}},
                      {**city, "file": "lisa-{city}.png", "colour": {}}, steps=steps, layers=layers)
        plain, = self.folder.glob("plain-*.svg")
        hot, = self.folder.glob("hot-*.svg")
        lisa, = self.folder.glob("lisa-*.png")
        _, texts = self.svg_texts(plain.name)
        self.assertIn("Districts", texts)
        _, texts = self.svg_texts(hot.name)
        for words in ("value", "natural breaks (Fisher-Jenks)", "Districts", "Sites"):
            self.assertIn(words, texts)
        self.assertNotIn("Kinds of asset", texts, "beside colours all sites are the same dot")
        self.assertEqual(self.legend(texts, "Sites"), 9)
        self.assertIn("Counts are of all 37 areas", " ".join(texts))
        colours = pixels(self.bytes_of(lisa.name))
        self.assertGreater(colours.get(HOT, 0), 50000, "the city lies in the hot corner")

    def test_refusals(self):
        def refused(code, message, advice=None, **colour):
            study = {"yaan_study": 1, "layers": {"squares": {"file": "squares.geojson"}}, "analyses": [self.STEP],
                     "outputs": [{"map": "country", "file": "m.png", "colour": colour}]}
            (self.folder / "maps.json").write_text(json.dumps(study), encoding="utf-8")
            self.fails(code, message, "run", "maps.json", advice=advice)
        refused(2, r"no layer of points or areas has the column valeu", advice=r"did you mean value\?", column="valeu")
        refused(2, r"outputs\[0\]\.colour\.ramp: \"rainbow\" is not one of", ramp="rainbow")
        refused(2, r"outputs\[0\]\.colour\.bounds: the bounds of classes must rise", bounds=[2, 1])
        refused(2, r"outputs\[0\]\.colour\.layer: there is no layer", layer="circles")
        refused(2, r"layer squares has no column \"valeu\"", layer="squares", column="valeu")


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""OpenStreetMap extracts read by the real program: categories by tags, plain layers, and damaged or hostile files."""
import random
import re
import subprocess
import unittest
import zipfile

from program import ENTITY_BOMB
from sources import SourceTest

OSM_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="test">\n'


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
        self.assertEqual(self.layer("many.osm.pbf", "--layer", "multipolygons")["usable"], 1)
        self.assertEqual(self.layer("many.osm.pbf", "--tags", "art: shop=art; home: building")["usable"], 110_001)

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
        (self.folder / "bomb.osm").write_text(f'<?xml version="1.0"?><!DOCTYPE osm [{ENTITY_BOMB}]><osm version="0.6">'
                                              '<node id="1" lon="99" lat="18"><tag k="tourism" v="&a11;"/></node></osm>')
        self.refused(1, r"bomb\.osm", "bomb.osm", "--tags", self.TAGS)
        (self.folder / "no.pbf").write_bytes(b"\0\0\0\x0dabc")
        self.refused(1, r"no\.pbf is named like OSM PBF, but its content looks like binary data", "no.pbf")


if __name__ == "__main__":
    unittest.main()

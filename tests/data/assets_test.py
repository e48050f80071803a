#!/usr/bin/env python3
"""The embedded data keeps its promises: every asset in its province or within 5 km, no place twice, a source for each."""
import collections
import csv
import json
import math
import os
import pathlib
import re
import unittest

from osgeo import ogr

ogr.UseExceptions()
DATA = pathlib.Path(os.environ["YAAN_SOURCE"]) / "data"
CATEGORIES = {"heritage_site", "temple", "museum", "craft", "market", "performance_art", "food"}
FIELDS = {"", "Crafts and Folk Art", "Design", "Film", "Gastronomy", "Literature", "Media Arts", "Music", "Architecture"}
COLUMNS = ["id", "name_th", "name_en", "category", "uccn_field", "province_code", "longitude", "latitude", "precision_m",
           "publication", "year", "source"]
NEAR_KM = 5
KM_PER_DEGREE = 111.2


def rows(name):
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def distance_km(a, b):
    """Great-circle distance; 0.5 % is enough here."""
    lon1, lat1, lon2, lat2 = (math.radians(float(v)) for v in (a["longitude"], a["latitude"], b["longitude"], b["latitude"]))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


def bare_name(text):
    """A name without its title and marks, to find one place under two spellings."""
    text = re.sub(r"\(.*?\)", "", text.lower())
    return re.sub(r"[^\w]|^วัด|^wat ", "", text)


class Provinces(unittest.TestCase):
    def setUp(self):
        self.document = json.loads((DATA / "provinces.geojson").read_text(encoding="utf-8"))

    def test_there_are_77_with_both_names_and_codes(self):
        features = self.document["features"]
        self.assertEqual(len(features), 77)
        for feature in features:
            properties = feature["properties"]
            self.assertRegex(properties["code"], r"^TH-\d\d$")
            self.assertEqual(properties["code"], "TH-" + properties["tis1099"])
            self.assertRegex(properties["name_th"], r"^[\u0e00-\u0e7f]+$")
            self.assertRegex(properties["name_en"], r"^[A-Z][A-Za-z ]+$")
        for key in ("code", "name_th", "name_en"):
            self.assertEqual(len({f["properties"][key] for f in features}), 77, key)

    def test_outer_rings_are_counter_clockwise_and_valid(self):
        for feature in self.document["features"]:
            geometry = ogr.CreateGeometryFromJson(json.dumps(feature["geometry"]))
            self.assertTrue(geometry.IsValid(), feature["properties"]["code"])
            polygons = [geometry] if geometry.GetGeometryName() == "POLYGON" else list(geometry)
            for polygon in polygons:
                points = polygon.GetGeometryRef(0).GetPoints(2)
                doubled = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:]))
                self.assertGreater(doubled, 0, feature["properties"]["code"])


class Assets(unittest.TestCase):
    def setUp(self):
        self.assets = rows("creative_assets.csv")

    def test_columns_and_values(self):
        self.assertEqual(list(self.assets[0]), COLUMNS)
        for asset in self.assets:
            with self.subTest(asset["id"]):
                self.assertRegex(asset["id"], r"^[a-z]{3}-[a-z0-9-]+$")
                self.assertRegex(asset["name_th"], r"[\u0e00-\u0e7f]")
                self.assertTrue(asset["name_en"])
                self.assertIn(asset["category"], CATEGORIES)
                self.assertIn(asset["uccn_field"], FIELDS)
                self.assertIn(asset["publication"], {"open", "coarsened", "hidden"})
                self.assertRegex(asset["year"], r"^(\d{3,4}|\d{1,2}(st|nd|rd|th) century|)$")
                self.assertGreater(float(asset["precision_m"]), 0)
                self.assertGreaterEqual(len(asset["source"]), 8)
        ids = collections.Counter(a["id"] for a in self.assets)
        self.assertEqual([i for i, n in ids.items() if n > 1], [])

    def test_each_lies_in_its_province_or_within_5_km_and_the_readme_lists_those(self):
        document = json.loads((DATA / "provinces.geojson").read_text(encoding="utf-8"))
        shapes = {f["properties"]["code"]: ogr.CreateGeometryFromJson(json.dumps(f["geometry"])) for f in document["features"]}
        readme = (DATA / "README.md").read_text(encoding="utf-8")
        outside = []
        for asset in self.assets:
            point = ogr.Geometry(ogr.wkbPoint)
            point.AddPoint_2D(float(asset["longitude"]), float(asset["latitude"]))
            shape = shapes[asset["province_code"]]
            if shape.Contains(point):
                continue
            outside.append(asset["id"])
            # A degree is at most 111.7 km, so this errs towards refusing.
            self.assertLess(shape.Distance(point) * 111.7, NEAR_KM, asset["id"])
        for asset_id in outside:
            self.assertIn(asset_id, readme, "data/README.md must list assets outside their province")

    def test_no_place_twice(self):
        twice = []
        for i, a in enumerate(self.assets):
            for b in self.assets[i + 1:]:
                near = abs(float(a["latitude"]) - float(b["latitude"])) < 0.02 and distance_km(a, b) < 1.5
                if not near:
                    continue
                same_name = bare_name(a["name_th"]) == bare_name(b["name_th"]) or bare_name(a["name_en"]) == bare_name(b["name_en"])
                if same_name or distance_km(a, b) < 0.005:
                    twice.append((a["id"], b["id"]))
        self.assertEqual(twice, [])

    def test_the_readme_states_the_count(self):
        self.assertIn(f"{len(self.assets)} assets", (DATA / "README.md").read_text(encoding="utf-8"))

    def test_the_cities_of_the_programme_have_what_the_readme_says(self):
        counts = collections.Counter(a["province_code"] for a in self.assets)
        said = {"TH-72": 5, "TH-76": 3, "TH-64": 9, "TH-10": 122, "TH-50": 120, "TH-57": 49, "TH-55": 33}
        self.assertEqual({code: counts[code] for code in said}, said)

    def test_licences_are_counted(self):
        readme = (DATA / "README.md").read_text(encoding="utf-8")
        wikidata = sum(a["source"].startswith("Wikidata") for a in self.assets)
        openstreetmap = sum(a["source"].startswith("OpenStreetMap") for a in self.assets)
        self.assertIn(f"{wikidata} positions are from Wikidata", readme)
        self.assertIn(f"{openstreetmap} are from OpenStreetMap", readme)
        self.assertLess(openstreetmap, 100, "more would be a substantial extract of the database")


class Cities(unittest.TestCase):
    def test_nine_members_with_field_and_year(self):
        members = {r["city_en"]: (r["field"], r["outcome_year"]) for r in rows("creative_cities.csv") if r["outcome"] == "member"}
        self.assertEqual(members, {
            "Phuket": ("Gastronomy", "2015"), "Chiang Mai": ("Crafts and Folk Art", "2017"), "Bangkok": ("Design", "2019"),
            "Sukhothai": ("Crafts and Folk Art", "2019"), "Phetchaburi": ("Gastronomy", "2021"), "Chiang Rai": ("Design", "2023"),
            "Suphan Buri": ("Music", "2023"), "Nan": ("Crafts and Folk Art", "2025"), "Songkhla": ("Gastronomy", "2025")})


if __name__ == "__main__":
    unittest.main()

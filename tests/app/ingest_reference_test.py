#!/usr/bin/env python3
"""Every file of the reference data is read as its index states: counts, systems, lost text, rules of GeoJSON, and names
joined to codes. YAAN_SHARED names the folder of reference data."""
import shutil
import unittest

from reference_data import BOUNDARIES, DIRTY, SHARED, ReferenceTest


class ReferenceFiles(ReferenceTest):
    """Every file of the reference data that is a layer, with the counts of its index."""

    def test_boundaries(self):
        self.need(BOUNDARIES)
        # Features, those that can be used, invalid polygons.
        expected = {"ne10m_qgis_thailand.geojson": (77, 77, 0), "thailand.json": (77, 77, 0),
                    "mapthai_tha1.gpkg": (77, 77, 0), "mapthai_tha2.gpkg": (928, 928, 0),
                    "mapthai_tha3.gpkg": (7425, 7425, 0), "mapthai_tha1_2489.gpkg": (65, 65, 0),
                    "mapthai_th_adm1.geojson": (77, 77, 0), "mapthai_th_adm2.geojson": (928, 928, 0),
                    "sompobch_thailand_province.geojson": (77, 77, 9), "sompobch_thailand_district.geojson": (928, 928, 9),
                    "sompobch_thailand_sub_district.geojson": (7419, 7398, 51),
                    "noppakorn_th-adm1-province-centroid.geojson": (77, 77, 0),
                    "noppakorn_th-adm2-district-centroid.geojson": (928, 928, 0),
                    "dhanabhon_provinces.csv": (77, 77, 0), "dhanabhon_districts.csv": (928, 928, 0),
                    "dhanabhon_sub_districts.csv": (7436, 7351, 0), "province_codes.csv": (77, 77, 0)}
        for name, (features, usable, invalid) in expected.items():
            layer = self.layer(BOUNDARIES / name)
            found = self.counts(layer)
            self.assertEqual((layer["features"], layer["usable"], found.get("invalid-polygon", 0)),
                             (features, usable, invalid), name)
            lost = sum(entry["count"] for entry in layer["diagnostics"] if entry["severity"] == "skipped")
            self.assertEqual(lost, features - usable, name)
        listed = {path.name for path in BOUNDARIES.iterdir() if path.suffix not in ("", ".md")}
        self.assertEqual(listed, {*expected, "sompobch_thailand_province.topojson"})

    def test_topojson(self):
        file = self.need(BOUNDARIES / "sompobch_thailand_province.topojson")
        layer = self.layer(file)
        self.assertEqual((layer["features"], layer["usable"]), (77, 77))
        self.assertEqual(self.counts(layer)["no-crs"], 1)
        self.assertEqual({role["role"]: role["column"] for role in layer["roles"]}["name_th"], "ADM1_TH")
        # As the GeoJSON of the same provinces, but for the grid of the topology.
        other = self.layer(BOUNDARIES / "sompobch_thailand_province.geojson")
        for mine, theirs in zip(layer["extent"], other["extent"]):
            self.assertAlmostEqual(mine, theirs, 3)

    def test_dirty_layers(self):
        self.need(DIRTY)
        for name, features, invalid in (("thailandwithdensity.json", 76, 0), ("thailandWithName.json", 77, 1),
                                        ("sidecars/apisit_simplified/thailandWithName.json", 76, None)):
            layer = self.layer(DIRTY / name)
            self.assertEqual((layer["features"], layer["usable"]), (features, features), name)
            if invalid is not None:
                self.assertEqual(self.counts(layer).get("invalid-polygon", 0), invalid, name)
        for folder in ("cp874_nocpg", "cp874_noprj_24047", "indian_24047", "utm47_32647", "utm48_32648"):
            layer = self.layer(DIRTY / folder / "prov.shp")
            found = self.counts(layer)
            self.assertEqual((layer["features"], layer["usable"]), (77, 77), folder)
            self.assertEqual(found.get("guessed-encoding", 0), 77 if folder.startswith("cp874") else 0, folder)
            self.assertEqual(found.get("no-crs", 0), 1 if folder == "cp874_noprj_24047" else 0, folder)
            self.assertEqual(found.get("datum-shift", 0), 1 if folder == "indian_24047" else 0, folder)
            thai = next(field for field in layer["fields"] if field["name"] == "adm1_th")
            self.assertEqual(thai["samples"][0], "กรุงเทพมหานคร", folder)

    def test_parts_of_shapefiles_that_are_missing(self):
        sidecars = self.need(DIRTY / "sidecars")
        layer = self.layer(sidecars / "thailand.shp")
        self.assertEqual((layer["usable"], self.counts(layer)["missing-dbf"]), (224, 1))
        self.assertEqual(self.counts(self.layer(sidecars / "apisit_simplified/thailand.shp")).get("no-crs"), 1)
        self.fails(1, r"gi_changwatv7308\.shp: the \.shp part of the Shapefile is missing", "inspect",
                   sidecars / "apisit_TH_shape/gi_changwatv7308.shp", advice=r"its table alone can be read from the \.dbf")
        self.fails(1, r"thailand\.dbf is the table of a Shapefile", "inspect", sidecars / "apisit_simplified/thailand.dbf",
                   advice=r"name .*thailand\.shp")

    def test_lost_text(self):
        table = self.need(DIRTY / "sidecars/cvibhagool/thailand-provinces.dbf")
        layer = self.layer(table)
        self.assertEqual((layer["features"], layer["geometry"]), (78, "none"))
        lost = next(entry for entry in layer["diagnostics"] if entry["code"] == "lost-text")
        self.assertEqual(lost["count"], 76)  # two lakes have no name
        self.assertIn("NL_NAME_1 was lost at its source", lost["message"])


class GeoJsonSuite(ReferenceTest):
    """The 62 files of geojsonhint: good ones are accepted, of each bad one the reason is said."""

    REASON = {
        "bad-duplicate-properties": "a member is there twice", "bad-featurelist": "the coordinates are not those of a Polygon",
        "bad-json": "JSON parsing error", "bad-object-type": "there is no type, or it is no text",
        "bad-polygon-interiorring-rhr": "right-hand rule", "bad-polygonloop": "the coordinates are not those of a Polygon",
        "bad-properties-as-array": "properties are neither an object nor null", "badcoord": "the coordinates are not those of a Point",
        "badcoordtype": "the coordinates are not those of a MultiPolygon", "badfeature": "a feature is not an object",
        "badfeatureid": "an id is neither a text nor a number", "bbox-4or6elements": "a bbox is not an array of four or six numbers",
        "bbox-contains-string": "a bbox is not an array of four or six numbers", "bbox-string": "a bbox is not an array of four or six numbers",
        "different-first-last": "polygons with an open ring were closed", "different-first-size": "heights were left out",
        "excessive_precision_truncated": "more than nine decimals", "expected_object": "properties are neither an object nor null",
        "false": "a geometry is not an object", "feature_changed_semantics": "a Feature may not have a member features",
        "featurecollection-obj": "Missing 'features' member", "featurecollection-type-case": "the type featurecollection is unknown",
        "featurecollection": "Missing 'features' member", "featurecollection_changed_semantics": "may not have a member coordinates",
        "geometry_changed_semantics": "a feature does not say that its type is Feature",
        "geometrycollection_nested": "a collection of geometries stands within another",
        "geometrycollection_single": "a collection holds a single geometry", "multiple_problems": "an id is neither a text nor a number",
        "multipoint-multidimension": "the coordinates are not those of a MultiPoint",
        "multipoint-nondimension": "the coordinates are not those of a MultiPoint",
        "nofeaturetype": "a feature does not say that its type is Feature", "notype": "there is no type, or it is no text",
        "point-labeled-as-a-multipolygon": "the coordinates are not those of a MultiPolygon",
        "point-string": "the coordinates are not those of a Point", "point-toofew": "a position does not have two or three numbers",
        "point-toomany": "a position does not have two or three numbers", "point": "a geometry has no coordinates",
        "polygon_winding_order": "right-hand rule", "rootstring": "its content looks like plain text",
        "short-line": "lines with a part of a single vertex", "short-linearring": "a ring has fewer than four positions",
        "short-multilinestring": "lines with a part of a single vertex", "stringcoord": "the coordinates are not those of a Point",
        "unknowntype": "the type FooBar is unknown"}

    def test_good_and_bad(self):
        folder = self.need(SHARED / "data/suites/geojsonhint/test/data")
        good = sorted(folder.glob("good/*.geojson"))
        self.assertEqual(len(good), 18)
        for file in good:
            self.assertNotIn("geojson-rule", self.counts(self.layer(file)), file.name)
        bad = {file.stem: file for file in folder.glob("bad/*.geojson")}
        self.assertEqual(set(bad), set(self.REASON))
        self.assertEqual(len(bad), 44)
        for name, reason in self.REASON.items():
            done = self.yaan("inspect", bad[name])
            self.assertIn(done.returncode, (0, 1), name)
            self.assertIn(reason, " ".join((done.stdout + done.stderr).decode().split()), name)


class Names(ReferenceTest):
    """Names of areas joined to their codes."""

    def test_every_province_and_district(self):
        names = {"name_th": "{}_th", "name_en": "{}_en", "code": "{}_pcode"}
        study = {"yaan_study": 1, "layers": {
            "provinces": {"file": "mapthai_tha1.gpkg", "columns": {part: name.format("adm1") for part, name in names.items()}},
            "districts": {"file": "mapthai_tha2.gpkg", "columns": {part: name.format("adm2") for part, name in names.items()}},
            "listed": {"file": "dhanabhon_provinces.csv"}, "named": {"file": "province_codes.csv"},
            "centres": {"file": "noppakorn_th-adm2-district-centroid.geojson"}},
            "analyses": [{"method": "match-areas", "rows": "listed", "areas": "provinces", "name": "PROVINCE_ENGLISH"},
                         {"method": "match-areas", "rows": "named", "areas": "provinces", "name": "name_en_ne"},
                         {"method": "match-areas", "rows": "centres", "areas": "districts", "name": "ADM2_TH", "parent": "ADM1_TH",
                          "areas_parent": "adm1_th"}],
            "outputs": [{"layer": "listed", "file": "listed.csv"}, {"layer": "named", "file": "named.csv"},
                        {"layer": "centres", "file": "centres.csv"}]}
        for layer in study["layers"].values():
            shutil.copy(self.need(BOUNDARIES / layer["file"]), self.folder)
        self.write_study(study)
        self.report("run", "study.json", "--out", "out")
        for file, rows, code in (("listed", 77, "CODE"), ("named", 77, "tis1099"), ("centres", 928, "ADM2_PCODE")):
            table = self.rows(f"out/{file}.csv")
            self.assertEqual(len(table), rows)
            for row in table:
                self.assertEqual(row["match_code"].removeprefix("TH"), row[code].removeprefix("TH"), (file, row))


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Tables of PostGIS are read as the same layers of a GeoPackage are, with extent and fields as parts of the query."""
import re
import unittest

from postgis_server import SECRET, Server


class Reading(Server):
    def test_the_same_layer_as_from_a_geopackage(self):
        self.geopackage("public.sites", "sites.gpkg")
        ours = self.read_all("pg:heritage", "--layer", "public.sites")
        theirs = self.read_all("sites.gpkg")
        self.assertEqual(len(ours), 58)
        self.assertEqual(ours, theirs)
        first = ours[0]["properties"]
        self.assertEqual((first["name_th"], first["visits"], first["open"], first["built"], first["price"], first["code"]),
                         ("วัดที่ 1", 9007199254740994, 0, "2020-02-01", 1.25, "A1"))
        self.assertEqual(first["checked"], "2026-01-01T21:04:05.250Z")
        database = self.layer("pg:heritage", "--layer", "sites")
        file = self.layer("sites.gpkg")
        for key in ("geometry", "features", "usable", "extent", "crs", "fields", "roles"):
            self.assertEqual(database[key], file[key], key)
        self.assertEqual(self.counts(database), self.counts(file))
        self.assertEqual(self.counts(database)["null-geometry"], 1)
        self.assertEqual(self.counts(database)["empty-geometry"], 1)

    def test_polygons_curves_and_heights_as_from_a_geopackage(self):
        self.geopackage("public.shapes", "shapes.gpkg")
        database = self.layer("pg:heritage", "--layer", "shapes")
        file = self.layer("shapes.gpkg")
        for key in ("geometry", "features", "usable", "vertices", "extent", "crs", "fields"):
            self.assertEqual(database[key], file[key], key)
        self.assertEqual(self.counts(database), self.counts(file))
        for code in ("linearised-curve", "invalid-polygon", "null-geometry"):
            self.assertIn(code, self.counts(database))
        self.assertEqual(self.counts(self.layer("pg:heritage", "--layer", "heights"))["dropped-z"], 1)
        self.assertEqual(database["crs"]["code"], "EPSG:32647")

    def test_the_datum_rule_holds(self):
        layer = self.layer("pg:heritage", "--layer", "indian")
        self.assertEqual(layer["crs"]["code"], "EPSG:4240")
        shift = [entry for entry in layer["diagnostics"] if entry["code"] == "datum-shift"]
        self.assertRegex(shift[0]["message"], r"Royal Thai Survey Department \(204\.4798, 837\.894, 294\.7765 m\)")

    def test_geography_views_and_names_in_mixed_case(self):
        layer = self.layer("pg:heritage", "--layer", "round_earth")
        self.assertEqual((layer["usable"], layer["crs"]["code"]), (5, "EPSG:4326"))
        layer = self.layer("pg:heritage", "--layer", "round_earth", "--extent", "101.5,13,103.5,15")
        self.assertEqual((layer["usable"], self.counts(layer)["outside-extent"]), (2, 3))
        self.assertEqual(self.layer("pg:heritage", "--layer", "public.kept")["usable"], 10)
        self.assertEqual(self.layer("pg:heritage", "--layer", "no_key")["usable"], 58)
        layer = self.layer("pg:heritage", "--layer", "public.Mixed Case")
        self.assertEqual([field["name"] for field in layer["fields"]], ["Id", 'The "Name"'])

    def test_the_environment_alone(self):
        env = {"PGHOST": "127.0.0.1", "PGPORT": str(self.cluster.port), "PGDATABASE": "heritage", "PGUSER": "planner"}
        self.assertEqual(self.layer("pg:", "--layer", "sites", env=env)["usable"], 58)
        self.assertEqual(self.layer("pg:", "--layer", "sites", env={**env, "PGPASSFILE": "/nothing", "PGPASSWORD": SECRET})["usable"], 58)

    def test_a_table_of_coordinates(self):
        layer = self.layer("pg:heritage", "--layer", "plain", "--crs", "EPSG:4326")
        self.assertEqual((layer["geometry"], layer["usable"], layer["x"], layer["y"]), ("point", 2, "longitude", "latitude"))

    def test_lists_and_odd_values(self):
        layer = self.layer("pg:heritage", "--layer", "odd")
        self.assertEqual({field["name"]: field["type"] for field in layer["fields"]},
                         {"id": "integer", "numbers": "list of integer", "texts": "list of text", "reals": "list of real",
                          "days": "list of text", "gap": "text", "born": "date", "big": "real", "grid": "list of integer"})
        samples = {field["name"]: (field["samples"] or field["minimum"], field["nulls"]) for field in layer["fields"]}
        self.assertEqual(samples["numbers"], (["1; 2"], 1))
        self.assertEqual(samples["texts"][0], ["a; x,y"])
        self.assertEqual(samples["days"], (["2026-01-02"], 1))
        self.assertEqual(samples["gap"], (["1 day"], 1))
        self.assertEqual(samples["born"], ("2026-01-02", 1))
        self.assertEqual(samples["big"], ("1.5", 1))
        self.assertEqual(samples["grid"], (["1"], 1))
        misfits = [entry for entry in layer["diagnostics"] if entry["code"] == "value-out-of-range"]
        self.assertEqual([(re.search(r"column (\w+)", entry["message"])[1], entry["count"]) for entry in misfits],
                         [("numbers", 1), ("born", 1), ("grid", 1)])
        self.assertEqual(self.counts(layer)["binary-column"], 1)

    def test_several_geometry_columns(self):
        self.fails(2, r'pg:heritage: "two_places" may be 2 things', "inspect", "pg:heritage", "--layer", "two_places",
                   advice=r"name one with --layer: public\.two_places\(door\), public\.two_places\(outline\)$")
        layer = self.layer("pg:heritage", "--layer", "public.two_places(door)")
        self.assertEqual((layer["usable"], self.counts(layer)["other-geometry"]), (1, 1))

    def test_systems(self):
        self.fails(1, r"^yaan: pg:heritage does not say in which coordinate reference system its coordinates are", "nearest",
                   "pg:heritage", "--layer", "no_system", advice="name its CRS with --crs")
        self.assertEqual(len(self.read_all("pg:heritage", "--layer", "no_system", "--crs", "EPSG:4326")), 1)
        self.fails(1, r"the geometries of public\.two_systems are in 2 reference systems \(2 of SRID 4326, 1 of SRID 32647\)",
                   "inspect", "pg:heritage", "--layer", "two_systems", advice="read them through a view")

    def test_swapped_axes_are_found_within_an_extent(self):
        layer = self.layer("pg:heritage", "--layer", "swapped", "--extent", "100.53,13,101,14")
        self.assertEqual(layer["usable"], 7)
        self.assertEqual((self.counts(layer)["swapped-axes"], self.counts(layer)["outside-extent"]), (1, 2))


class PushDown(Server):
    def test_extent_and_fields_are_parts_of_the_query(self):
        since = len(self.statements())
        words = ("--layer", "sites", "--extent", "98.9025,18.6,98.9055,18.7035", "--fields", "weight, built")
        ours = self.read_all("pg:heritage", *words)
        log = self.statements(since)
        cursor = re.findall(r'DECLARE OGRPGLayerReader\w+ CURSOR for (SELECT .*)', log)[-1]
        self.assertRegex(cursor, r'^SELECT "name_th", "name_en"::text AS "name_en", "weight", CASE WHEN NOT \("built" [^"]*"built" [^"]*"built" END AS "built", '
                                 r'"code"::text AS "code", "geom" AS "geom" '
                                 r'FROM "public"\."sites" WHERE "geom" && ST_MakeEnvelope\([0-9., ]+\) OR "geom" && '
                                 r'ST_MakeEnvelope\([0-9., ]+\) ORDER BY "fid"$')
        self.assertNotIn('"token"', log)
        self.assertIn("Index", self.cluster.sql("SET enable_seqscan = off; EXPLAIN " + cursor))
        # The same from a file, where they are filters.
        self.geopackage("public.sites", "sites.gpkg")
        file = self.read_all("sites.gpkg", *words)
        self.assertEqual(len(ours), 12)
        self.assertEqual(ours, file)
        database, file = self.layer("pg:heritage", *words), self.layer("sites.gpkg", *words)
        self.assertEqual(self.counts(database), self.counts(file))
        self.assertEqual(self.counts(database)["outside-extent"], 46)
        self.assertEqual(self.counts(database)["left-out-column"], 9)

    def test_an_extent_in_degrees_of_a_layer_in_a_plane(self):
        words = ("--extent", "98.9,18.05,99.1,18.2")
        self.geopackage("public.shapes", "shapes.gpkg")
        since = len(self.statements())
        database, file = self.layer("pg:heritage", "--layer", "shapes", *words), self.layer("shapes.gpkg", *words)
        self.assertEqual((database["usable"], file["usable"]), (1, 1))
        self.assertRegex(self.statements(since), r'CURSOR for SELECT .* WHERE "geom" && ST_MakeEnvelope\(4\d\d\d\d\d\.')
        for code in ("outside-extent", "null-geometry"):
            self.assertEqual(self.counts(database)[code], self.counts(file)[code], code)
        self.assertEqual(self.counts(database)["outside-extent"], 3)
        own = self.layer("pg:heritage", "--layer", "shapes", "--extent", "500500,2000500,600000,2100000,layer")
        self.assertEqual(own["usable"], 1)
        self.fails(1, r"no feature of pg:heritage touches the extent 10,50,11,51", "nearest", "pg:heritage", "--layer", "sites",
                   "--extent", "10,50,11,51", advice="longitudes first")

    def test_columns_that_play_parts_are_read_anyway(self):
        features = self.read_all("pg:heritage", "--layer", "hidden", "--fields", "name_en")
        self.assertEqual(len(features), 3)  # the hidden one stays hidden
        self.assertNotIn("remark", features[0]["properties"])
        self.write_study_of({"sites": {"file": "pg:heritage", "layer": "hidden", "fields": "id", "columns": {"category": "remark"}}})
        self.succeeds("run", "study.json")
        first = self.features("sites.geojson")[0]["properties"]
        self.assertEqual(first["remark"], "r")
        self.fails(2, r'pg:heritage has no column "remrk"', "inspect", "pg:heritage", "--layer", "hidden", "--fields", "remrk",
                   advice="did you mean remark")

    def test_the_session_only_reads(self):
        since = len(self.statements())
        self.fails(1, r"reading pg:heritage \(public\.meddling\) failed: cannot execute INSERT in a read-only transaction",
                   "inspect", "pg:heritage", "--layer", "meddling")
        self.layer("pg:heritage", "--layer", "sites")
        log = self.statements(since)
        self.assertIn("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", log)
        self.assertNotRegex(log, r"(execute <unnamed>|statement): (INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|GRANT|TRUNCATE|COPY)\b")


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Records of runs that read a database: what they name and never name, and how they are verified and replayed."""
import json
import unittest

from postgis_server import SECRET, Server


class Records(Server):
    def run_twice(self, layers):
        self.write_study_of(layers)
        self.succeeds("run", "study.json")
        first = (self.folder / "sites.geojson").read_bytes()
        self.succeeds("run", "study.json", "--overwrite")
        self.assertEqual((self.folder / "sites.geojson").read_bytes(), first)
        return json.loads(first)["yaan"]

    def test_the_record_names_the_service_and_nothing_more(self):
        record = self.run_twice({"sites": {"file": "pg:heritage", "layer": "sites", "fields": "fid"}})
        source = record["inputs"][0]
        self.assertEqual((source["path"], source["inner"]), ("pg:heritage", "public.sites"))
        self.assertRegex(source["sha256"], r"^[0-9a-f]{64}$")
        text = (self.folder / "sites.geojson").read_text()
        for word in (SECRET, "127.0.0.1", "planner", str(self.cluster.port)):
            self.assertNotIn(word, text)

    def test_verify_and_replay_read_the_database_again(self):
        self.cluster.sql("CREATE TABLE IF NOT EXISTS changing AS SELECT * FROM sites WHERE geom IS NOT NULL; "
                         "ALTER TABLE changing ADD PRIMARY KEY (fid); GRANT SELECT ON changing TO planner")
        self.run_twice({"sites": {"file": "pg:heritage", "layer": "changing"}})
        self.assertRegex(self.succeeds("verify", "sites.geojson"), r"same +pg:heritage\ngood")
        self.assertRegex(self.succeeds("replay", "sites.geojson"), r"same +pg:heritage\nsame answer")
        done = self.yaan("verify", "sites.geojson", env={"PGSERVICEFILE": str(self.folder / "none")})
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout.decode(), r"missing +pg:heritage \(pg:heritage cannot be opened: .*\)\nnot good")
        self.fails(1, r"the input pg:heritage of .* is not there: pg:heritage cannot be opened", "replay", "sites.geojson",
                   env={"PGSERVICEFILE": str(self.folder / "none")}, advice="PGSERVICEFILE")
        self.cluster.sql("UPDATE changing SET weight = 77 WHERE fid = 5")
        done = self.yaan("verify", "sites.geojson")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout.decode(), r"changed +pg:heritage\nnot good")
        done = self.yaan("replay", "sites.geojson")
        self.assertEqual(done.returncode, 1)
        self.assertIn("another answer", done.stdout.decode())

    def test_rows_without_a_key_come_in_one_order(self):
        before = self.run_twice({"sites": {"file": "pg:heritage", "layer": "public.heap"}})
        features = self.features("sites.geojson")
        self.assertIn("row-order", [entry["code"] for entry in before["diagnostics"]])
        self.cluster.sql("CREATE TABLE moved AS SELECT * FROM heap ORDER BY md5(label); TRUNCATE heap; INSERT INTO heap TABLE moved; "
                         "DROP TABLE moved")
        after = self.run_twice({"sites": {"file": "pg:heritage", "layer": "public.heap"}}) if not (
            self.folder / "sites.geojson").unlink() else None
        self.assertEqual(after["inputs"], before["inputs"])
        self.assertEqual(self.features("sites.geojson"), features)

    def test_areas_from_a_database_beside_sites_from_a_file(self):
        (self.folder / "sites.csv").write_text("id,lon,lat\n1,99.0001,18.0881\n2,95,18\n")
        self.write_study_of({"areas": {"file": "pg:heritage", "layer": "shapes", "extent": "98.9,18.05,99.1,18.2"},
                          "sites": {"file": "sites.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326"}},
                         analyses=[{"method": "assign-areas", "points": "sites", "areas": "areas"}])
        self.succeeds("run", "study.json")
        record = json.loads((self.folder / "sites.geojson").read_text())["yaan"]
        self.assertEqual([source["path"] for source in record["inputs"]], ["pg:heritage", "sites.csv"])


if __name__ == "__main__":
    unittest.main()

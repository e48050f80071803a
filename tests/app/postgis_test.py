#!/usr/bin/env python3
"""Runs the real program against a real PostgreSQL server with PostGIS, which this test starts and stops.

Skipped, by name, where the server is not installed. YAAN_BINARY names the program, YAAN_PG_BOUNDS a program that reads
with bounds that the command line does not offer.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

BINARY = pathlib.Path(os.environ["YAAN_BINARY"])
BOUNDS = os.environ.get("YAAN_PG_BOUNDS")
SERVER = pathlib.Path("/usr/lib/postgresql/15/bin")
HAS_SERVER = (SERVER / "initdb").exists() and pathlib.Path("/usr/share/postgresql/15/extension/postgis.control").exists()
SECRET = "hunter2-top-secret"

TABLES = r'''
CREATE EXTENSION postgis;
CREATE ROLE planner LOGIN PASSWORD '{secret}';
CREATE ROLE stranger LOGIN PASSWORD '{secret}';

CREATE TABLE sites (fid serial PRIMARY KEY, name_th text, name_en varchar(40), weight float8, visits int8, small int2,
  price numeric(10,2), open boolean, built date, checked timestamptz, local_time timestamp, token uuid, facts json,
  code varchar(6), geom geometry(Point, 4326));
INSERT INTO sites (name_th, name_en, weight, visits, small, price, open, built, checked, local_time, token, facts, code, geom)
SELECT 'วัดที่ ' || i, CASE WHEN i % 7 > 0 THEN 'Temple ' || i END, i / 3.0, 9007199254740993 + i, i, i + 0.25, i % 2 = 0,
  date '2020-01-31' + i, timestamptz '2026-01-02 03:04:05.25+07' + i * interval '1 hour',
  timestamp '2026-01-02 03:04:05' + i * interval '1 day', md5(i::text)::uuid, json_build_object('n', i), 'A' || i,
  CASE WHEN i = 11 THEN NULL WHEN i = 12 THEN 'SRID=4326;POINT EMPTY'::geometry
    ELSE ST_SetSRID(ST_MakePoint(98.9 + 0.001 * (i % 10), 18.7 + 0.001 * (i / 10)), 4326) END
FROM generate_series(1, 60) i;
CREATE INDEX ON sites USING gist (geom);
UPDATE sites SET small = small + 1 WHERE fid % 3 = 0;  -- rows move within the heap

CREATE TABLE shapes (fid serial PRIMARY KEY, kind text, geom geometry(Geometry, 32647));
INSERT INTO shapes (kind, geom) VALUES
 ('square', ST_SetSRID(ST_MakeEnvelope(500000, 2000000, 501000, 2001000), 32647)),
 ('arc', ST_SetSRID(ST_GeomFromText('CURVEPOLYGON(CIRCULARSTRING(0 0, 4000 0, 4000 4000, 0 4000, 0 0))'), 32647)),
 ('many', ST_SetSRID(ST_GeomFromText('MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((5 5,6 5,6 6,5 6,5 5)))'), 32647)),
 ('bow tie', ST_SetSRID(ST_GeomFromText('POLYGON((0 0,10 10,10 0,0 10,0 0))'), 32647)),
 ('nothing', NULL);
CREATE TABLE heights (fid serial PRIMARY KEY, geom geometry(PointZ, 4326));
INSERT INTO heights (geom) VALUES (ST_SetSRID(ST_MakePoint(100, 13, 7), 4326));

CREATE TABLE indian (fid serial PRIMARY KEY, geom geometry(Point, 4240));
INSERT INTO indian (geom) VALUES (ST_SetSRID(ST_MakePoint(100.5, 13.75), 4240));
CREATE TABLE round_earth (id int PRIMARY KEY, place geography(Point));
INSERT INTO round_earth SELECT i, ST_MakePoint(100 + i, 14)::geography FROM generate_series(1, 5) i;
CREATE TABLE no_system (id int PRIMARY KEY, geom geometry);
INSERT INTO no_system VALUES (1, ST_MakePoint(100.5, 13.75));
CREATE TABLE two_systems (id int PRIMARY KEY, geom geometry);
INSERT INTO two_systems VALUES (1, ST_SetSRID(ST_MakePoint(100, 13), 4326)), (2, ST_SetSRID(ST_MakePoint(5e5, 1e6), 32647)),
  (3, ST_SetSRID(ST_MakePoint(101, 13), 4326));
CREATE TABLE two_places (id int PRIMARY KEY, door geometry(Point, 4326), outline geometry(Polygon, 4326));
INSERT INTO two_places VALUES (1, ST_SetSRID(ST_MakePoint(100, 13), 4326), NULL);
CREATE TABLE plain (id int PRIMARY KEY, longitude float8, latitude float8);
INSERT INTO plain VALUES (1, 100.5, 13.75), (2, 100.6, 13.8);
CREATE TABLE odd (id int PRIMARY KEY, numbers int[], texts text[], reals float8[], days date[], gap interval, raw bytea,
  born date, big numeric, grid int[], geom geometry(Point, 4326));
INSERT INTO odd VALUES
 (1, '{{1,2}}', '{{a,"x,y"}}', '{{0.5}}', '{{2026-01-02}}', '1 day', '\x01', '2026-01-02', 1.5, '{{1}}', ST_SetSRID(ST_MakePoint(100,13),4326)),
 (2, '{{1,NULL}}', '{{}}', NULL, NULL, NULL, NULL, 'infinity', 'NaN', '{{{{1,2}},{{3,4}}}}', ST_SetSRID(ST_MakePoint(100,13),4326));
CREATE VIEW no_key AS SELECT name_en, weight, geom FROM sites WHERE geom IS NOT NULL;
CREATE TABLE heap (label text, geom geometry(Point, 4326));
INSERT INTO heap SELECT 'Row ' || i, ST_SetSRID(ST_MakePoint(98.9 + 0.0005 * i, 18.7), 4326) FROM generate_series(1, 40) i;
CREATE MATERIALIZED VIEW kept AS SELECT fid, geom FROM sites WHERE fid <= 10;
CREATE SCHEMA other;
CREATE TABLE other.heap (id int PRIMARY KEY, geom geometry(Point, 4326));
CREATE TABLE secret_sites (id int PRIMARY KEY, geom geometry(Point, 4326));
CREATE TABLE mixed_case AS SELECT 1 AS "Id", 'x' AS "The ""Name""", ST_SetSRID(ST_MakePoint(100, 13), 4326) AS "Geom";
ALTER TABLE mixed_case RENAME TO "Mixed Case";
CREATE TABLE hidden (id int PRIMARY KEY, name_en text, publication text, remark text, geom geometry(Point, 4326));
INSERT INTO hidden SELECT i, 'Site ' || i, CASE WHEN i = 1 THEN 'hidden' ELSE 'open' END, 'r', ST_SetSRID(ST_MakePoint(100 + i, 13), 4326)
FROM generate_series(1, 4) i;
-- Counted in no time, and read for a minute: a stable function that nobody asks for is not called.
CREATE FUNCTION nap(int) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN PERFORM pg_sleep(0.05); RETURN $1; END $$;
CREATE VIEW slow AS SELECT i AS id, nap(i) AS nap, ST_SetSRID(ST_MakePoint(100, 13), 4326) AS geom
FROM generate_series(1, 1200) i;
CREATE TABLE stream (id int PRIMARY KEY, geom geometry(Point, 4326));
INSERT INTO stream SELECT i, ST_SetSRID(ST_MakePoint(100, 13), 4326) FROM generate_series(1, 20000) i;
CREATE FUNCTION meddle() RETURNS int LANGUAGE plpgsql VOLATILE AS
  $$ BEGIN INSERT INTO plain VALUES (99, 0, 0); RETURN 1; END $$;
CREATE VIEW meddling AS SELECT meddle() AS id, ST_SetSRID(ST_MakePoint(100, 13), 4326) AS geom;
CREATE TABLE swapped (id int PRIMARY KEY, geom geometry(Point, 4326));
INSERT INTO swapped SELECT i, ST_SetSRID(ST_MakePoint(100.5 + i * 0.01, 13.7), 4326) FROM generate_series(1, 8) i;
INSERT INTO swapped VALUES (9, ST_SetSRID(ST_MakePoint(13.7, 100.55), 4326));
GRANT SELECT ON ALL TABLES IN SCHEMA public TO planner;
REVOKE ALL ON secret_sites FROM planner;
GRANT USAGE ON SCHEMA other TO planner;
GRANT SELECT ON other.heap TO planner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ANALYZE;
'''


def as_postgres(*words):
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return [*map(str, words)]
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *map(str, words)]


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Cluster:
    """A server of its own in a temporary folder, on loopback and a socket there; gone with the test at the latest."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="yaan-pg-"))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.data.mkdir()
        self.log = self.data / "statements.log"
        self.port = free_port()
        self.process = None
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self):
        if os.geteuid() == 0:
            shutil.chown(self.data, "postgres", "postgres")
        subprocess.run(as_postgres(SERVER / "initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
                                   "--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256"),
                       check=True, capture_output=True, timeout=120, cwd="/")
        settings = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.data, "fsync": "off",
                    "log_statement": "all", "shared_buffers": "32MB", "max_connections": 20, "autovacuum": "off",
                    "max_wal_senders": 0, "wal_level": "minimal", "jit": "off"}
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        # Ends with this program, however that ends.
        start = ["setpriv", "--pdeathsig=INT", "--", SERVER / "postgres", "-D", self.data, *words]
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(as_postgres(*start), stdout=log, stderr=log, cwd="/")
        self.log = self.folder / "log"
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError("the server has ended: " + self.log.read_text())
            done = subprocess.run(self.psql("postgres", "SELECT 1"), capture_output=True, timeout=30)
            if done.returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("the server does not answer: " + self.log.read_text())

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def psql(self, database, query):
        return ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self.data), "-p", str(self.port), "-U", "postgres",
                "-d", database, "-c", query]

    def sql(self, query, database="heritage"):
        done = subprocess.run(self.psql(database, query), capture_output=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode())
        return done.stdout.decode().strip()


CLUSTER = []


def setUpModule():
    if not HAS_SERVER:
        return
    CLUSTER.append(Cluster())
    unittest.addModuleCleanup(CLUSTER[0].stop)
    CLUSTER[0].sql("CREATE DATABASE heritage", "postgres")
    CLUSTER[0].sql(TABLES.format(secret=SECRET))


class Database(unittest.TestCase):
    """Without a server: what may be named."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="yaan-pg-cli-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "services").write_text(self.services())
        (self.folder / "pass").write_text(f"127.0.0.1:*:*:*:{SECRET}\n")
        (self.folder / "pass").chmod(0o600)

    def services(self):
        return "[heritage]\nhost=127.0.0.1\nport=1\ndbname=heritage\nuser=planner\n"

    def environment(self, more=None):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return {**kept, "LC_ALL": "C", "HOME": str(self.folder), "PGSERVICEFILE": str(self.folder / "services"),
                "PGPASSFILE": str(self.folder / "pass"), **(more or {})}

    def yaan(self, *words, env=None):
        return subprocess.run([str(BINARY), *map(str, words)], cwd=self.folder, env=self.environment(env), timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def succeeds(self, *words, env=None):
        done = self.yaan(*words, env=env)
        self.assertEqual(done.returncode, 0, (words, done.stderr.decode()))
        return done.stdout.decode()

    def fails(self, code, message, *words, advice=None, env=None):
        done = self.yaan(*words, env=env)
        error = done.stderr.decode()
        self.assertEqual(done.returncode, code, (words, error))
        self.assertRegex(error, r"\Ayaan: [^\n]+\n(  [^\n]+\n)?\Z", words)
        self.assertRegex(error.split("\n")[0], message, words)
        if advice:
            self.assertRegex(error.split("\n")[1], advice, words)
        self.assertEqual(done.stdout, b"", words)
        self.assertNotIn(SECRET, error)
        return error

    def write_study(self, layers, **more):
        study = {"yaan_study": 1, "layers": layers,
                 "analyses": [{"method": "dbscan", "points": "sites", "radius": "500m", "min_points": 5}],
                 "outputs": [{"layer": "sites", "file": "sites.geojson"}], **more}
        (self.folder / "study.json").write_text(json.dumps(study), encoding="utf-8")


class Names(Database):
    def test_only_a_service_may_stand_behind_the_colon(self):
        for name in (f"pg:host=db user=planner password={SECRET}", f"pg:password={SECRET}", f"pg://planner:{SECRET}@db/heritage",
                     f"pg:'{SECRET}'", f"pg:my {SECRET}", "pg:" + "a" * 65):
            for words in (["inspect", name], ["dbscan", name, "--radius", "500m"]):
                self.fails(2, r"behind pg: stands something else than the name of a service$", *words,
                           advice=r"^  write host, port, dbname and user below \[NAME\] into ~/\.pg_service\.conf, the "
                                  r"password into ~/\.pgpass, and give pg:NAME")
        for name in (f"PG:password={SECRET}", f"postgresql://planner:{SECRET}@db/heritage", f"postgres://p:{SECRET}@db"):
            self.fails(2, r"a database is named by pg:SERVICE, in small letters$", "inspect", name)

    def test_a_study_never_holds_a_password(self):
        self.write_study({"sites": {"file": f"pg:host=db password={SECRET}"}})
        self.fails(2, r"study\.json: layers\.sites\.file: behind pg: stands something else than the name of a service",
                   "run", "study.json")
        self.assertFalse((self.folder / "sites.geojson").exists())

    def test_a_file_in_a_folder_may_have_the_name(self):
        (self.folder / "pg:a.csv").write_text("id,lon,lat\n1,100,13\n")
        self.succeeds("inspect", "./pg:a.csv", "--x", "lon", "--y", "lat", "--crs", "EPSG:4326")

    def test_a_service_that_is_not_defined(self):
        self.fails(1, r'pg:heritag cannot be opened: definition of service "heritag" not found', "inspect", "pg:heritag",
                   advice="did you mean pg:heritage")
        self.fails(1, r"pg:x cannot be opened: ", "inspect", "pg:x", advice=r"write it into ~/\.pg_service\.conf",
                   env={"PGSERVICEFILE": str(self.folder / "none"), "PGSYSCONFDIR": str(self.folder)})

    def test_a_server_that_is_not_there(self):
        self.fails(1, r'pg:heritage cannot be opened: connection to server at "127\.0\.0\.1", port 1 failed: Connection refused',
                   "inspect", "pg:heritage", advice="is the server running, and are host and port")
        with socket.socket() as silent:  # takes connections and never says a word
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            started = time.monotonic()
            self.fails(1, r"pg: cannot be opened: .*timeout expired", "inspect", "pg:",
                       env={"PGHOST": "127.0.0.1", "PGPORT": str(silent.getsockname()[1]), "PGCONNECT_TIMEOUT": "2"})
            self.assertLess(time.monotonic() - started, 20)

    def test_extent_and_fields_are_checked_before_anything_is_read(self):
        for text in ("1,2,3", "a,b,c,d", "5,5,1,1", "0,0,200,10", "1,2,3,4,"):
            self.fails(2, r"--extent: the extent is \"" + re.escape(text), "inspect", "pg:heritage", f"--extent={text}",
                       advice="give min_x,min_y,max_x,max_y in degrees")
        self.fails(2, r"--fields: fields is \"a,,b\"", "inspect", "pg:heritage", "--fields", "a,,b")


@unittest.skipUnless(HAS_SERVER, "PostgreSQL 15 with PostGIS is not installed (tools/setup test)")
class Server(Database):
    def setUp(self):
        self.cluster = CLUSTER[0]
        super().setUp()

    def services(self):
        common = f"host=127.0.0.1\nport={self.cluster.port}\n"
        return (f"[heritage]\n{common}dbname=heritage\nuser=planner\n"
                f"[wrong_database]\n{common}dbname=nothere\nuser=planner\n"
                f"[wrong_user]\n{common}dbname=heritage\nuser=nobody\n"
                f"[stranger]\n{common}dbname=heritage\nuser=stranger\n"
                f"[bare]\n{common}dbname=postgres\nuser=planner\n")

    def statements(self, since=0):
        return self.cluster.log.read_text(errors="replace")[since:]

    def layer(self, *words, env=None):
        """The one layer of an inspect report."""
        report = json.loads(self.succeeds("inspect", *words, "--json", env=env))
        self.assertEqual(len(report["layers"]), 1)
        return report["layers"][0]

    @staticmethod
    def counts(layer):
        return {entry["code"]: entry["count"] for entry in layer["diagnostics"]}

    def geopackage(self, table, name):
        """The same table in a GeoPackage, by GDAL's own program."""
        source = f"PG:host={self.cluster.data} port={self.cluster.port} user=postgres dbname=heritage"
        subprocess.run(["ogr2ogr", "-f", "GPKG", str(self.folder / name), source, table, "-nln", table.split(".")[-1],
                        "-preserve_fid", "-lco", "FID=fid", "-lco", "GEOMETRY_NAME=geom"], check=True, capture_output=True,
                       timeout=60, env={**os.environ, "PGTZ": "UTC"})

    def read_all(self, name, *words):
        """Every feature of the layer as the program writes it."""
        out = self.folder / "all.geojson"
        out.unlink(missing_ok=True)
        self.succeeds("nearest", name, *words, "-o", out)
        return json.loads(out.read_text())["features"]


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
        self.write_study({"sites": {"file": "pg:heritage", "layer": "hidden", "fields": "id", "columns": {"category": "remark"}}})
        self.succeeds("run", "study.json")
        first = json.loads((self.folder / "sites.geojson").read_text())["features"][0]["properties"]
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


class Failures(Server):
    def test_databases_users_and_tables(self):
        self.fails(1, r'pg:wrong_database cannot be opened: .*database "nothere" does not exist', "inspect", "pg:wrong_database",
                   advice="check dbname in the service")
        self.fails(1, r'pg:wrong_user cannot be opened: .*password authentication failed for user "nobody"', "inspect",
                   "pg:wrong_user", advice="its password stands in ~/.pgpass")
        self.fails(1, r"pg:heritage cannot be opened: .*no password supplied", "inspect", "pg:heritage",
                   env={"PGPASSFILE": str(self.folder / "none")}, advice="its password stands in ~/.pgpass")
        self.fails(1, r"pg:heritage: the table public\.secret_sites may not be read by this user", "inspect", "pg:heritage",
                   "--layer", "secret_sites", advice="GRANT SELECT")
        self.fails(1, r"pg:stranger holds no table that may be read", "inspect", "pg:stranger")
        self.fails(1, r"pg:bare holds no table that may be read", "inspect", "pg:bare")
        self.fails(2, r'pg:heritage has no table "public\.site"', "inspect", "pg:heritage", "--layer", "public.site",
                   advice=r"did you mean public\.sites\?")
        error = self.fails(2, r"pg:heritage holds \d+ tables", "inspect", "pg:heritage",
                           advice=r"name one with --layer: other\.heap, public\.Mixed Case, public\.heap, public\.heights, public\.hidden")
        self.assertNotIn("secret_sites", error)
        self.assertNotIn("plain", error)
        self.fails(2, r'pg:heritage: "heap" may be 2 things', "inspect", "pg:heritage", "--layer", "heap",
                   advice=r"other\.heap, public\.heap$")
        self.fails(2, r"plain.*coordinate|coordinate", "nearest", "pg:heritage", "--layer", "kept", "--x", "fid", "--y", "fid")

    def test_a_table_without_geometry(self):
        self.cluster.sql("CREATE TABLE IF NOT EXISTS words (id int PRIMARY KEY, word text); GRANT SELECT ON words TO planner")
        self.fails(2, r"pg:heritage", "nearest", "pg:heritage", "--layer", "words", "--crs", "EPSG:4326")
        self.assertEqual(self.layer("pg:heritage", "--layer", "words")["geometry"], "none")

    def test_a_statement_that_takes_too_long(self):
        self.fails(1, r"reading pg:heritage \(public\.slow\) failed: canceling statement due to statement timeout", "inspect",
                   "pg:heritage", "--layer", "slow", env={"PGOPTIONS": "-c statement_timeout=400"},
                   advice="read less with extent and fields, or ask for a longer statement_timeout")

    def busy(self, table):
        """A running program that is in the middle of reading, and the number of its session."""
        running = subprocess.Popen([str(BINARY), "inspect", "pg:heritage", "--layer", table], cwd=self.folder,
                                   env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(running.kill)
        for _ in range(200):
            session = self.cluster.sql("SELECT pid FROM pg_stat_activity WHERE application_name = 'yaan' AND state = 'active' AND "
                                       "query ~ '^FETCH [1-9]'")
            if session:
                return running, session
            time.sleep(0.05)
        self.fail("the program does not read")

    def test_a_connection_that_is_lost_while_reading(self):
        running, session = self.busy("slow")
        self.cluster.sql(f"SELECT pg_terminate_backend({session})")
        _, error = running.communicate(timeout=30)
        self.assertEqual(running.returncode, 1, error)
        self.assertRegex(error.decode(), r"\Ayaan: reading pg:heritage \(public\.slow\) failed: terminating connection due to "
                                         r"administrator command\n  the connection was lost; try again\n\Z")

    def test_an_interrupted_program_ends_at_once_and_so_does_its_query(self):
        running, session = self.busy("slow")
        started = time.monotonic()
        running.send_signal(signal.SIGINT)
        _, error = running.communicate(timeout=30)
        self.assertLess(time.monotonic() - started, 2)
        self.assertEqual((running.returncode, error.decode()), (130, "yaan: interrupted; nothing was written\n"))
        for _ in range(100):
            if not self.cluster.sql(f"SELECT 1 FROM pg_stat_activity WHERE pid = {session}"):
                return
            time.sleep(0.1)
        self.fail("the server still runs the query")

    @unittest.skipUnless(BOUNDS, "YAAN_PG_BOUNDS names no program")
    def test_bounds(self):
        def bounded(*words):
            done = subprocess.run([BOUNDS, "pg:heritage", *words], env=self.environment(), capture_output=True, timeout=60)
            return done.stdout.decode()
        self.assertEqual(bounded("sites", "max_features=1000"), "58 rows\n")
        self.assertRegex(bounded("sites", "max_features=50"), r"pg:heritage.* holds more features than the bound of 50")
        self.assertRegex(bounded("sites", "max_features=5", "extent=98.9,18.6,98.95,18.702"), r"holds more features than the bound of 5")
        self.assertRegex(bounded("sites", "max_fields=10"), r"has 14 columns, more than the bound of 10")
        self.assertNotRegex(bounded("stream", "max_memory_bytes=60000000"), r"rows")


class Records(Server):
    def run_twice(self, layers):
        self.write_study(layers)
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
        features = json.loads((self.folder / "sites.geojson").read_text())["features"]
        self.assertIn("row-order", [entry["code"] for entry in before["diagnostics"]])
        self.cluster.sql("CREATE TABLE moved AS SELECT * FROM heap ORDER BY md5(label); TRUNCATE heap; INSERT INTO heap TABLE moved; "
                         "DROP TABLE moved")
        after = self.run_twice({"sites": {"file": "pg:heritage", "layer": "public.heap"}}) if not (
            self.folder / "sites.geojson").unlink() else None
        self.assertEqual(after["inputs"], before["inputs"])
        self.assertEqual(json.loads((self.folder / "sites.geojson").read_text())["features"], features)

    def test_areas_from_a_database_beside_sites_from_a_file(self):
        (self.folder / "sites.csv").write_text("id,lon,lat\n1,99.0001,18.0881\n2,95,18\n")
        self.write_study({"areas": {"file": "pg:heritage", "layer": "shapes", "extent": "98.9,18.05,99.1,18.2"},
                          "sites": {"file": "sites.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326"}},
                         analyses=[{"method": "assign-areas", "points": "sites", "areas": "areas"}])
        self.succeeds("run", "study.json")
        record = json.loads((self.folder / "sites.geojson").read_text())["yaan"]
        self.assertEqual([source["path"] for source in record["inputs"]], ["pg:heritage", "sites.csv"])


if __name__ == "__main__":
    unittest.main()

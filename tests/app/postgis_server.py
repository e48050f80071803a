"""A real PostgreSQL server with PostGIS, which the tests start and stop.

Tests that need it are skipped, by name, where it is not installed.
"""
import functools
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from program import ANYTHING, CliTest

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


@functools.cache
def heritage():
    """The server with the tables, started once for all tests of a file."""
    cluster = Cluster()
    unittest.addModuleCleanup(cluster.stop)
    cluster.sql("CREATE DATABASE heritage", "postgres")
    cluster.sql(TABLES.format(secret=SECRET))
    return cluster


class Database(CliTest):
    """Calls that name a database by a service, with a password that nothing may show; no server runs."""

    TIMEOUT = 60

    def setUp(self):
        super().setUp()
        (self.folder / "services").write_text(self.services())
        (self.folder / "pass").write_text(f"127.0.0.1:*:*:*:{SECRET}\n")
        (self.folder / "pass").chmod(0o600)

    def services(self):
        return "[heritage]\nhost=127.0.0.1\nport=1\ndbname=heritage\nuser=planner\n"

    def environment(self):
        kept = {key: value for key, value in super().environment().items() if not key.startswith("PG")}
        return {**kept, "HOME": str(self.folder), "PGSERVICEFILE": str(self.folder / "services"),
                "PGPASSFILE": str(self.folder / "pass")}

    def succeeds(self, *args, stderr=ANYTHING, **more):
        return super().succeeds(*args, stderr=stderr, **more)

    def fails(self, *args, **more):
        error = super().fails(*args, **more)
        self.assertNotIn(SECRET, error)
        return error

    def write_study_of(self, layers, **more):
        """A study that clusters the layer sites and writes it."""
        self.write_study({"yaan_study": 1, "layers": layers,
                          "analyses": [{"method": "dbscan", "points": "sites", "radius": "500m", "min_points": 5}],
                          "outputs": [{"layer": "sites", "file": "sites.geojson"}], **more})


@unittest.skipUnless(HAS_SERVER, "PostgreSQL 15 with PostGIS is not installed (tools/setup test)")
class Server(Database):
    @classmethod
    def setUpClass(cls):
        cls.cluster = heritage()

    def services(self):
        common = f"host=127.0.0.1\nport={self.cluster.port}\n"
        return (f"[heritage]\n{common}dbname=heritage\nuser=planner\n"
                f"[wrong_database]\n{common}dbname=nothere\nuser=planner\n"
                f"[wrong_user]\n{common}dbname=heritage\nuser=nobody\n"
                f"[stranger]\n{common}dbname=heritage\nuser=stranger\n"
                f"[bare]\n{common}dbname=postgres\nuser=planner\n")

    def statements(self, since=0):
        return self.cluster.log.read_text(errors="replace")[since:]

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
        return self.features(out)

#!/usr/bin/env python3
"""Databases, users, tables and connections that fail, and reading with bounds.

YAAN_PG_BOUNDS names a program that reads with bounds that the command line does not offer.
"""
import os
import signal
import subprocess
import time
import unittest

from postgis_server import Server
from program import BINARY, SANITIZED

BOUNDS = os.environ.get("YAAN_PG_BOUNDS")


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

    def bounded(self, *words):
        done = subprocess.run([BOUNDS, "pg:heritage", *words], env=self.environment(), capture_output=True, timeout=60)
        return done.stdout.decode()

    @unittest.skipUnless(BOUNDS, "YAAN_PG_BOUNDS names no program")
    def test_bounds(self):
        bounded = self.bounded
        self.assertEqual(bounded("sites", "max_features=1000"), "58 rows\n")
        self.assertRegex(bounded("sites", "max_features=50"), r"pg:heritage.* holds more features than the bound of 50")
        self.assertRegex(bounded("sites", "max_features=5", "extent=98.9,18.6,98.95,18.702"), r"holds more features than the bound of 5")
        self.assertRegex(bounded("sites", "max_fields=10"), r"has 14 columns, more than the bound of 10")

    @unittest.skipUnless(BOUNDS, "YAAN_PG_BOUNDS names no program")
    @unittest.skipIf(SANITIZED, "the address sanitizer needs more memory than any bound leaves, so none is set")
    def test_bound_of_memory(self):
        self.assertNotRegex(self.bounded("stream", "max_memory_bytes=60000000"), r"rows")


if __name__ == "__main__":
    unittest.main()

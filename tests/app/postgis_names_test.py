#!/usr/bin/env python3
"""How a PostgreSQL database is named, and what is refused before a server is asked. Needs no server."""
import re
import socket
import time
import unittest

from postgis_server import SECRET, Database


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
        self.write_study_of({"sites": {"file": f"pg:host=db password={SECRET}"}})
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


if __name__ == "__main__":
    unittest.main()

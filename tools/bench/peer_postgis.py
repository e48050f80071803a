#!/usr/bin/env python3
"""PostGIS's ST_ClusterDBSCAN on raw points, in a server of its own: peer_postgis.py FILE RADIUS MIN_POINTS REPEATS

The server lives in a temporary folder and listens on a socket there. Only the query is timed. Prints one JSON object.
"""
import array
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SERVER = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))


def as_server_user(command):
    """PostgreSQL refuses to run as root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command] if os.geteuid() == 0 else command


def run(command, **options):
    done = subprocess.run(as_server_user([str(word) for word in command]), capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    file, radius, min_points, repeats = sys.argv[1:]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="postgis"))
    try:
        table = folder / "points.csv"
        values = array.array("d", pathlib.Path(file).read_bytes())
        with table.open("w") as out:
            for i in range(0, len(values), 2):
                out.write(f"{values[i]!r},{values[i + 1]!r}\n")
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        run([SERVER[-1] / "initdb", "-D", data, "-U", "bench", "-A", "trust", "--no-sync"], cwd=folder)
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c jit=off -c shared_buffers=1GB"
        run([SERVER[-1] / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], cwd=folder)
        try:
            query = (f"SELECT max(c) + 1 AS clusters, count(*) FILTER (WHERE c IS NULL) AS noise FROM "
                     f"(SELECT ST_ClusterDBSCAN(place, {radius}, {min_points}) OVER () AS c FROM points) AS labels")
            script = [
                "CREATE EXTENSION postgis;", "CREATE UNLOGGED TABLE raw (x float8, y float8);",
                f"\\copy raw FROM '{table}' CSV",
                "CREATE UNLOGGED TABLE points AS SELECT ST_MakePoint(x, y) AS place FROM raw;", "DROP TABLE raw;",
                "ANALYZE points;", "SET work_mem = '1GB';", "SELECT pg_backend_pid() AS pid \\gset", "\\setenv PID :pid",
                "\\echo version", "SELECT postgis_lib_version();",
            ]
            for _ in range(int(repeats)):
                script += ["SELECT clock_timestamp() AS before \\gset", "\\! cat /proc/$PID/stat", query + ";",
                           "\\echo seconds", "SELECT extract(epoch FROM clock_timestamp() - :'before');",
                           "\\! cat /proc/$PID/stat"]
            script.append("\\! grep VmHWM /proc/$PID/status")
            said = run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", folder, "-U", "bench", "-d",
                        "postgres", "-f", "-"], input="\n".join(script), cwd=folder)
        finally:
            run([SERVER[-1] / "pg_ctl", "-D", data, "-m", "immediate", "stop"], cwd=folder)
        ticks = os.sysconf("SC_CLK_TCK")
        # Fields 14 and 15 of stat, behind the name in brackets.
        spent = [sum(int(field) for field in line.rsplit(")", 1)[1].split()[11:13]) / ticks
                 for line in said.splitlines() if re.match(r"\d+ \(", line)]
        clusters, noise = re.search(r"^(\d+)\|(\d+)$", said, re.MULTILINE).groups()
        print(json.dumps({
            "version": re.search(r"version\n(\S+)", said).group(1),
            "clusters": int(clusters), "noise": int(noise),
            "seconds": [float(value) for value in re.findall(r"seconds\n(\S+)", said)],
            "cpu_seconds": [after - before for before, after in zip(spent[::2], spent[1::2])],
            "peak_mib": int(re.search(r"VmHWM:\s*(\d+)", said).group(1)) // 1024,
        }))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

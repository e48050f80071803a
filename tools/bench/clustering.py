"""Clustering and density against their peers: makes the seeded points, times each job in turn, writes the page."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

import measure
from measure import HERE, run_json, run_whole, table

RADIUS, MIN_POINTS = 500, 10
# What the reference machine took for a million points (seconds): peers that are not in Debian, and R dbscan, which
# stands for them here.
R_REFERENCE = 6.4
REFERENCES = {"wangyiqiu/dbscan, DBSCAN": 1.02, "quitefastmst, tree of mutual reachability, 10 points": 1.25,
              "quitefastmst, tree of distances": 1.05}
# No window; and Debian's Python, which QGIS looks for by the path.
QGIS_ENVIRONMENT = {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": "/tmp", "PATH": "/usr/bin:/bin"}


def counts(found):
    return f"{found['clusters']:,} / {found['noise']:,}"


class Clustering:
    def __init__(self, args, scratch):
        self.args = args
        self.scratch = scratch
        self.bench = pathlib.Path(args.build) / "tools" / "bench"
        self.yaan_program = pathlib.Path(args.build) / "yaan"
        self.sections = []
        self.notes = []
        self.disagreements = []
        self.yardstick = None  # how much slower R dbscan is here than on the reference machine
        self.numpy = measure.python_with("numpy") or sys.exit("the seeded points need python3-numpy")
        self.sklearn = self.wanted("scikit-learn", measure.python_with("sklearn"))
        self.r = self.wanted("R dbscan", measure.has_r("dbscan"))
        self.spatstat = self.wanted("spatstat", measure.has_r("spatstat"))
        self.postgis = self.wanted("PostGIS", list(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
                                   and list(pathlib.Path("/usr/share/postgresql").glob("*/extension/postgis.control")))
        self.qgis = self.wanted("QGIS", shutil.which("qgis_process.bin") or shutil.which("qgis_process"))

    def wanted(self, name, there):
        if not there:
            print(f"skipped: {name} is not installed", file=sys.stderr)
            self.notes.append(f"{name} was not installed.")
        return there

    def points(self, size):
        file = self.scratch / f"{size}.f64"
        if not file.exists():
            subprocess.run([self.numpy, HERE / "make_points.py", str(size), file], check=True)
        return file

    def yaan(self, job, size, repeats=None, **options):
        options = {"radius": RADIUS, "min-points": MIN_POINTS, "threads": self.args.threads, **options}
        command = [self.bench / "clustering_bench", job, self.points(size), "--repeats", repeats or self.args.repeats]
        for name, value in options.items():
            command += [f"--{name}"] if value is True else [f"--{name}", value]
        return run_json(command)

    def section(self, title, text, rows, answer_title, answer):
        print(f"\n{title}\n{table(rows, answer_title, answer)}", flush=True)
        self.sections.append(f"## {title}\n\n{text}\n\n{table(rows, answer_title, answer)}\n")

    def agree(self, what, measured):
        answers = {counts(m.found) for m in measured}
        if len(answers) > 1:
            self.disagreements.append(f"{what}: {' and '.join(sorted(answers))}")

    def dbscan(self, size):
        peers = []
        repeats = str(self.args.peer_repeats)
        call = [self.points(size), str(RADIUS), str(MIN_POINTS), repeats]
        first = self.yaan("dbscan", size)
        if self.r:
            found = run_json(["Rscript", HERE / "peer_dbscan.R", *call])
            peers.append((f"R dbscan {found.found['version']}", found))
            if size == 1000000:
                self.yardstick = found.median() / R_REFERENCE
        if self.sklearn:
            found = run_json([self.sklearn, HERE / "peer_sklearn.py", *call, str(self.args.threads)])
            peers.append((f"scikit-learn {found.found['version']}, {self.args.threads} jobs", found))
        if self.postgis:
            found = run_json([sys.executable, HERE / "peer_postgis.py", *call])
            peers.append((f"PostGIS {found.found['version']}, ST_ClusterDBSCAN", found))
        plane = first.more(self.yaan("dbscan", size))
        rows = [("Yaan", plane), ("Yaan, one thread", self.yaan("dbscan", size, threads=1)),
                ("Yaan, ellipsoid", self.yaan("dbscan", size, geographic=True)), *peers]
        self.agree(f"DBSCAN of {size}", [plane, *(m for _, m in peers)])
        stages = ", ".join(f"{stage} {seconds * 1000:.0f} ms" for stage, seconds in plane.found["stages"].items())
        self.section(f"DBSCAN, {size:,} points, radius 500 m, 10 points",
                     "In the plane all programs must find the same clusters and noise; the same points taken to the "
                     "ellipsoid lie a little differently, so the counts differ a little. Yaan's first row was measured "
                     f"before and after its peers.\n\nYaan's last run by stage: {stages}.", rows, "Clusters / noise", counts)

    def dbscan_alone(self):
        rows = [("1 million points, 500 m", self.yaan("dbscan", 1000000)),
                ("1 million, 5 km", self.yaan("dbscan", 1000000, radius=5000)),
                ("10 million, 500 m", self.yaan("dbscan", 10000000, 5)),
                ("10 million, 150 m", self.yaan("dbscan", 10000000, 5, radius=150))]
        self.section("DBSCAN, larger and denser", "Yaan only: the peers take minutes or the memory of the machine.", rows,
                     "Clusters / noise", counts)

    def hierarchy(self):
        def answer(found):
            if "weight" in found:
                return f"weight {found['weight']:,.3f}"
            return counts(found) if "clusters" in found else "-"
        million = 1000000
        rows = [("Tree of mutual reachability, 10 points", self.yaan("tree", million)),
                ("The same, one thread", self.yaan("tree", million, threads=1)),
                ("Tree of distances", self.yaan("tree", million, **{"min-points": 1})),
                ("Hierarchy, ready to be cut", self.yaan("hierarchy", million)),
                ("Cut at 500 m: labels and counts", self.yaan("cut", million)),
                ("HDBSCAN*, whole", self.yaan("hdbscan", million)),
                ("Tree, 10 million points", self.yaan("tree", 10 * million, 1)),
                ("HDBSCAN*, 10 million points, whole", self.yaan("hdbscan", 10 * million, 1))]
        self.agree("the cut and DBSCAN of a million", [rows[4][1], self.yaan("dbscan", million, 1)])
        self.section("HDBSCAN* and the hierarchy, 1 million points",
                     "Yaan only: no Debian package computes these at this size.", rows, "Answer", answer)
        if self.yardstick:
            lines = [f"- {name}: {seconds:.2f} s there, so about {seconds * self.yardstick:.2f} s here; Yaan {own.median():.3f} s, "
                     f"{seconds * self.yardstick / own.median():.1f} times faster"
                     for (name, seconds), own in zip(REFERENCES.items(), [self.yaan("dbscan", million), rows[0][1], rows[2][1]])]
            self.sections.append(
                "## Peers that are not in Debian\n\nR dbscan is the yardstick: a million points took it "
                f"{R_REFERENCE} s on the machine where these peers were measured, {self.yardstick:.2f} times that here.\n\n"
                + "\n".join(lines) + "\n")

    def optics(self):
        def answer(found):
            return f"{found['reachability'] / 1000:,.0f} km"
        rows = [("Yaan", self.yaan("optics", 100000, radius=5000))]
        if self.r:
            found = run_json(["Rscript", HERE / "peer_optics.R", self.points(100000), "5000", str(MIN_POINTS),
                              str(self.args.peer_repeats)])
            rows.append((f"R dbscan {found.found['version']}", found))
        rows.append(("Yaan, radius 5,000 km", self.yaan("optics", 100000, radius=5000000)))
        self.section("OPTICS, 100,000 points, radius 5 km, 10 points",
                     "The sum of the finite reachabilities depends on where each walk starts and on ties, so the two differ "
                     "by less than a percent; the tests check each ordering against the definition.", rows,
                     "Sum of reachability", answer)

    def density(self):
        def answer(found):
            return f"{found['peak_per_km2']:,.3f}"
        size = 1000000
        command = [self.bench / "density_bench", self.points(size), "--threads", self.args.threads, "--repeats",
                   self.args.repeats]
        rows = [("Yaan", run_json(command))]
        if self.spatstat:
            found = run_json(["Rscript", HERE / "peer_spatstat_density.R", self.points(size), "5000", "1000",
                              str(self.args.peer_repeats)])
            rows.append((f"spatstat {found.found['version']}", found))
        self.section("Kernel density, 1 million points, 700 x 1,500 cells, Gaussian, 5 km",
                     "With uniform edge correction. spatstat bins the points to the cells and takes a Fourier transform, so "
                     "its peak differs in the third digit; Yaan sums the kernel at the cell centres.", rows,
                     "Peak per km2", answer)

    def whole_job(self):
        size = 1000000
        package = self.scratch / "points.gpkg"
        python = measure.python_with("osgeo") or sys.exit("the GeoPackage needs python3-gdal")
        subprocess.run([python, HERE / "make_geopackage.py", self.points(size), package], check=True)
        rows = []

        def clear(target):
            for left in target.parent.glob(target.name + "*"):  # a table has its record beside it
                left.unlink()

        for extension in ("geojson", "csv"):
            target = self.scratch / f"yaan.{extension}"
            measured, said = run_whole(
                [self.yaan_program, "dbscan", package, "--radius", f"{RADIUS}m", "--min-points", str(MIN_POINTS),
                 "--threads", self.args.threads, "--json", "-o", target], self.args.repeats,
                lambda: clear(target))
            measured.found["clusters"] = int(re.search(r'"clusters":\s*(\d+)', said).group(1))
            rows.append((f"Yaan to {'GeoJSON' if extension == 'geojson' else 'CSV'}", measured))
        if self.qgis:
            for extension in ("gpkg", "geojson"):
                target = self.scratch / f"qgis.{extension}"
                measured, said = run_whole(
                    [self.qgis, "run", "native:dbscanclustering", f"--INPUT={package}", f"--MIN_SIZE={MIN_POINTS}",
                     f"--EPS={RADIUS}", f"--OUTPUT={target}"], self.args.peer_repeats,
                    lambda: clear(target),
                    QGIS_ENVIRONMENT)
                measured.found["clusters"] = int(re.search(r"NUM_CLUSTERS:\s*(\d+)", said).group(1))
                rows.append((f"QGIS {qgis_version(self.qgis)} to {'GeoPackage' if extension == 'gpkg' else 'GeoJSON'}",
                             measured))
        if len({measured.found["clusters"] for _, measured in rows}) > 1:
            self.disagreements.append("the whole job: cluster counts")
        self.section("Whole job: read a GeoPackage of 1 million points, DBSCAN, write the labels",
                     "Whole processes, from start to end. Yaan writes GeoJSON (in degrees, with a record of the run) and CSV; "
                     "it does not write GeoPackage.", rows, "Clusters", lambda found: f"{found['clusters']:,}")

    def cancelling(self):
        lines = []
        for job in ("dbscan", "hierarchy", "hdbscan"):
            times = self.yaan(job, 10000000, cancel=24).seconds
            lines.append(f"- {job}: median {1000 * sorted(times)[len(times) // 2]:.0f} ms, longest {1000 * max(times):.0f} ms "
                         f"of {len(times)} moments")
        self.sections.append("## Cancelling, 10 million points\n\nFrom the wish to stop until the job has stopped, at moments "
                             "spread over its time.\n\n" + "\n".join(lines) + "\n")
        print("\n".join(lines), flush=True)


def qgis_version(program):
    said = subprocess.run([program, "--version"], capture_output=True, text=True,
                          env={**os.environ, **QGIS_ENVIRONMENT}).stdout
    found = re.search(r"QGIS (\d+\.\d+\.\d+)", said)
    return found.group(1) if found else ""


def run(args, scratch):
    """The page, and what the programs do not agree on."""
    if not args.no_build:
        measure.build(args.build, ["clustering_bench", "density_bench", "yaan"])
    job = Clustering(args, scratch)
    for size in args.sizes:
        job.dbscan(size)
    if not args.quick:
        job.dbscan_alone()
        job.hierarchy()
        job.optics()
        job.density()
        job.whole_job()
        job.cancelling()
    note = " ".join([*job.notes, args.note]).strip()
    page = f"""# Benchmarks

Made by `tools/bench/run clustering` on {args.date}, with the seeded points of `tools/bench/make_points.py`. Compute time
only, without start-up, reading and writing, but for the whole job. Every program runs on the same machine in the same
run, one after the other. Other work on the machine shifts the seconds: compare the ratios, which are those of the least,
the median and the most seconds to the first row's. The peak is that of the whole process, with the points it read.

Machine: {measure.machine()}. Yaan uses {args.threads} threads; R, PostGIS and QGIS use one.{' ' + note if note else ''}

""" + "\n".join(job.sections)
    return page, job.disagreements

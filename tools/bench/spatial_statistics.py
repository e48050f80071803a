"""Spatial statistics against spdep and spatstat: times each job in turn, compares the answers, writes the page."""
import pathlib
import re
import subprocess
import sys

import measure
from measure import HERE, run_json, table

NEIGHBOURS, PERMUTATIONS, KINDS, STEPS = 8, 999, 6, 50
# The peers of R take a minute or so for these, and no more; fewer where --sizes are smaller.
SPDEP_FEATURES, RECTANGLE_POINTS, OUTLINE_POINTS, COLOCATION_POINTS = 10000, 100000, 10000, 100000
SIGNIFICANCE_POINTS = 10000
SIGNIFICANCE_RADIUS = 9000
LIMIT = 120  # seconds for spatstat's K in the outline, start and reading with it
# Seconds of local Moran as libgeoda took them on two threads of another machine, by draws and features.
LIBGEODA = {("shared", 100000): 0.98, ("shared", 1000000): 11.9, ("independent", 100000): 22.1}
STATISTICS = {"moran": "Local Moran", "g": "Gi*"}
SAME = 1e-9
# spatstat decides in single precision whether a circle cuts an edge of a polygon (ROUNDED in its ripleypoly.h), so that it
# misses cuts within centimetres of a vertex.
SAME_IN_POLYGON = 1e-5


def worst(ours, theirs):
    """The largest relative difference."""
    return max((abs(a - b) / max(abs(a), abs(b)) for a, b in zip(ours, theirs, strict=True) if a != b), default=0.0)


class Statistics:
    def __init__(self, args, scratch):
        self.args = args
        self.scratch = scratch
        self.bench = pathlib.Path(args.build) / "tools" / "bench"
        self.sections = []
        self.notes = []
        self.disagreements = []
        self.python = measure.python_with("osgeo") or sys.exit("the points need python3-gdal and python3-numpy")
        self.spdep = self.wanted("R spdep", measure.has_r("spdep"))
        self.sf = self.wanted("R sf", measure.has_r("sf"))
        self.spatstat = self.wanted("R spatstat", measure.has_r("spatstat"))

    def wanted(self, name, there):
        if not there:
            print(f"skipped: {name} is not installed", file=sys.stderr)
            self.notes.append(f"{name} was not installed.")
        return there

    def size(self, most):
        return min(most, max(self.args.sizes))

    def local(self, statistic, items, draws, *more, repeats=None):
        return run_json([self.bench / "autocorrelation_bench", statistic, "--items", items, "--draws", draws,
                         "--neighbours", NEIGHBOURS, "--permutations", PERMUTATIONS, "--threads", self.args.threads,
                         "--repeats", repeats or self.args.repeats, *more])

    def section(self, title, text, rows, answer_title, answer):
        tabled = table(rows, answer_title, answer)
        print(f"\n{title}\n{text}\n{tabled}", flush=True)
        self.sections.append(f"## {title}\n\n{text}\n\n{tabled}\n")

    def check(self, what, off, most=SAME):
        if not off <= most:  # also where it is no number
            self.disagreements.append(f"{what}: {off:.3g} apart, {most:g} allowed")

    def permutations(self, size):
        rows, beside = [], []
        for draws in ("shared", "independent"):
            for statistic, name in STATISTICS.items():
                repeats = self.args.repeats if draws == "shared" or size < 1000000 else min(self.args.repeats, 3)
                measured = self.local(statistic, size, draws, repeats=repeats)
                rows.append((f"Yaan, {name}, {draws} draws", measured))
                if (draws, size) in LIBGEODA:
                    seconds = LIBGEODA[draws, size]
                    beside.append(f"{name}, {draws} draws: {measured.median():.4f} s, {seconds / measured.median():.0f} times "
                                  f"less than {seconds} s")
        text = ("Yaan only. A run is the statistic and its permutations, without making the weights. "
                "Shared draws are those that libgeoda and esda use; independent ones are the default. By chance a "
                "tenth of the features has a folded p of at most 0.05.")
        if beside:
            text += ("\n\nlibgeoda could not be installed here. It was timed once on another machine (EPYC with AVX-512, 2 "
                     "processors, two threads): local Moran with shared draws 0.98 s at 100,000 and 11.9 s at 1,000,000 "
                     "features, with complete ones 22.1 s at 100,000. Yaan's medians here beside those, so ratios across two "
                     "machines:\n\n" + "\n".join(f"- {line}" for line in beside))
        self.section(f"Conditional permutation, {size:,} features", text, rows, "Folded p of at most 0.05",
                     lambda found: f"{found['marked']:,}")

    def beside_spdep(self):
        size = self.size(SPDEP_FEATURES)
        for statistic, name in STATISTICS.items():
            folder = self.scratch / statistic
            folder.mkdir()
            rows = [("Yaan, independent draws", self.local(statistic, size, "independent", "--write", folder)),
                    ("Yaan, shared draws", self.local(statistic, size, "shared"))]
            found = run_json(["Rscript", HERE / "peer_spdep_local.R", statistic, folder, NEIGHBOURS, PERMUTATIONS,
                              self.args.peer_repeats])
            call = "localmoran_perm" if statistic == "moran" else "localG_perm"
            rows.append((f"R spdep {found.found['version']}, {call}", found))
            of_map = worst([rows[0][1].found["moran"]], [found.found["moran"]])
            self.check(f"global Moran of {size} features", of_map)
            self.check(f"{name} of {size} features", found.found["off"])
            text = ("The same values and weights. spdep draws with replacement and independently for each feature, and its run "
                    "also holds skewness and kurtosis of the draws, so the numbers of small p-values differ a little.")
            if statistic == "g":
                text += (" For Gi* spdep draws the feature's own value anew as well; Yaan holds it.")
            self.section(f"{name} beside spdep, {size:,} features",
                         f"{text} {name} of each feature agrees to {found.found['off']:.1g}, Moran's I of the map to "
                         f"{of_map:.1g}.", rows, "Folded p of at most 0.05", lambda found: f"{found['marked']:,}")

    def contiguity(self, file):
        def yaan(kind):
            return run_json([self.bench / "autocorrelation_bench", kind, "--areas", file, "--threads", self.args.threads,
                             "--repeats", self.args.repeats])
        rows = [("Yaan, queen", yaan("queen"))]
        if self.spdep and self.sf:
            found = run_json(["Rscript", HERE / "peer_spdep_queen.R", file, self.args.peer_repeats])
            rows.append((f"R spdep {found.found['version']}, poly2nb", found))
            ours, theirs = rows[0][1].found["links"], found.found["links"]
            if ours != theirs:
                self.disagreements.append(f"queen contiguity: {ours} and {theirs} links")
        rows.append(("Yaan, rook", yaan("rook")))
        found = rows[0][1].found
        self.section(f"Contiguity of {found['areas']:,} areas",
                     f"{file.name}, {found['vertices']:,} vertices, read before the clock starts. Yaan finds touches anywhere "
                     "along borders, spdep those at common vertices.", rows, "Links", lambda found: f"{found['links']:,}")

    def pattern(self, shape, size):
        points, window = (self.scratch / f"{shape}-{size}-{what}.f64" for what in ("points", "window"))
        if not points.exists():
            subprocess.run([self.python, HERE / "make_pattern.py", shape, str(size), points, window], check=True)
        return points, window

    def ripley(self, shape, most_points, farthest, peer_repeats, same):
        size = self.size(most_points)
        points, window = self.pattern(shape, size)

        def yaan(threads):
            return run_json([self.bench / "pattern_bench", "k", points, "--window", window, "--max-distance", farthest,
                             "--steps", STEPS, "--threads", threads, "--repeats", self.args.repeats])
        rows = [("Yaan", yaan(self.args.threads)), ("Yaan, one thread", yaan(1))]
        if rows[0][1].found["k"] != rows[1][1].found["k"]:
            self.disagreements.append(f"K in the {shape} depends on the threads")
        text = (f"Random points; K at {STEPS} distances above 0, isotropic correction; the window has "
                f"{rows[0][1].found['vertices']:,} vertices.")
        if self.spatstat:
            found = run_json(["Rscript", HERE / "peer_spatstat_k.R", points, window, farthest, STEPS, peer_repeats], LIMIT)
            if found:
                rows.append((f"R spatstat.explore {found.found['version']}, Kest", found))
                off = worst(rows[0][1].found["k"], found.found["k"])
                self.check(f"K in the {shape}", off, same)
                text += f" The K of both agree to {off:.1g}."
                if off > SAME:
                    text += (" In polygons spatstat decides in single precision, here to centimetres, whether a circle cuts an "
                             "edge, and so gives a few pairs of points another weight.")
            else:
                text += f" spatstat did not end within {LIMIT} s."
        self.section(f"Ripley's K, {size:,} points in {'a rectangle' if shape == 'rectangle' else 'an outline'} to "
                     f"{farthest // 1000} km", text, rows, "K at the last distance, km2",
                     lambda found: f"{found['k'][-1] / 1e6:,.3f}")

    def colocation(self):
        size = self.size(COLOCATION_POINTS)
        points, _ = self.pattern("rectangle", size)

        def yaan(threads):
            return run_json([self.bench / "pattern_bench", "colocation", points, "--kinds", KINDS, "--permutations",
                             PERMUTATIONS, "--threads", threads, "--repeats", self.args.repeats])
        rows = [("Yaan", yaan(self.args.threads)), ("Yaan, one thread", yaan(1))]
        self.section(f"Colocation quotients, {size:,} points, {KINDS} kinds",
                     f"Yaan only: none of the peers computes them. The nearest neighbour of each point, {PERMUTATIONS} "
                     "permutations for each kind; finding the neighbours is part of a run.", rows, "Pairs of kinds",
                     lambda found: f"{found['pairs']:,}")


    def significance(self):
        size = self.size(SIGNIFICANCE_POINTS)
        points, window = self.pattern("rectangle", size)

        def yaan(threads):
            return run_json([self.bench / "pattern_bench", "significance", points, "--window", window, "--radius",
                             SIGNIFICANCE_RADIUS, "--permutations", PERMUTATIONS, "--threads", threads, "--repeats",
                             self.args.repeats])
        rows = [("Yaan", yaan(self.args.threads)), ("Yaan, one thread", yaan(1))]
        self.section(f"Significance of districts, {size:,} points",
                     f"Yaan only: none of the peers tests the clusters of a clustering. {PERMUTATIONS} maps strewn over the window, "
                     f"each clustered as the points are: radius {SIGNIFICANCE_RADIUS / 1000:g} km, 5 points.", rows, "Districts",
                     lambda found: f"{found['districts']:,}")


def r_version():
    said = subprocess.run(["R", "--version"], capture_output=True, text=True).stdout
    found = re.search(r"R version (\d+\.\d+\.\d+)", said)
    return found.group(1) if found else ""


def run(args, scratch):
    """The page, and what the programs do not agree on."""
    if not args.no_build:
        measure.build(args.build, ["autocorrelation_bench", "pattern_bench"])
    job = Statistics(args, scratch)
    for size in args.sizes:
        job.permutations(size)
    if job.spdep:
        job.beside_spdep()
    if args.areas:
        job.contiguity(pathlib.Path(args.areas))
    job.ripley("rectangle", RECTANGLE_POINTS, 10000, args.peer_repeats, SAME)
    job.ripley("outline", OUTLINE_POINTS, 50000, 1, SAME_IN_POLYGON)
    job.colocation()
    job.significance()
    peers = f" R {r_version()} uses one." if job.spdep or job.spatstat else ""
    head = (f"# Spatial statistics\n\nMade by `tools/bench/run statistics` on {args.date}. The features of local statistics are "
            f"seeded normal values on a shaken lattice, each with its {NEIGHBOURS} nearest as neighbours of equal weight, and "
            f"{PERMUTATIONS} permutations; the points are those of `tools/bench/make_pattern.py`. Compute time only, without "
            "start-up and reading. Every program runs on the same machine in the same run, one after the other, each several "
            "times in one process. Other work on the machine shifts the seconds: compare the ratios, which are those of the "
            "least, the median and the most seconds to the first row's. The peak is that of the whole process.\n\nMachine: "
            f"{measure.machine()}. Yaan uses {args.threads} threads where a row does not say otherwise.{peers} "
            f"{' '.join([*job.notes, args.note])}").rstrip()
    return "\n\n".join([head, *job.sections]).replace("\n\n\n", "\n\n"), job.disagreements

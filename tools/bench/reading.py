"""Reading files, and point in polygon, against GDAL and GEOS: makes seeded files, times each way in turn, writes the page."""
import json
import os
import subprocess
import sys

import measure
from measure import HERE, Measured, run_json, table

WAYS = [("here", "Yaan, in the program"), ("unhashed", "Yaan, in the program, without the hash of the file"),
        ("isolated", "Yaan, as its programs read: in a process of its own"),
        ("features", "GDAL's feature loop into columns"), ("stream", "GDAL's Arrow stream, nothing kept")]

FORMATS = (("csv", "CSV"), ("geojson", "GeoJSON"), ("gpkg", "GeoPackage"), ("fgb", "FlatGeobuf"), ("shp", "Shapefile"))

# As yaan sets it for yaan-reader; here for every program alike.
HUGE_PAGES = "glibc.malloc.hugetlb=1"


def features(found):
    return f"{found['features']:,}"


def read_files(args, folder, bench):
    python = measure.python_with("osgeo") or sys.exit("the files need python3-gdal and python3-numpy")
    size = max(args.sizes)
    subprocess.run([python, HERE / "make_point_files.py", str(size), folder], check=True)
    sections = []
    disagreements = []
    for extension, name in FORMATS:
        file = folder / f"sites.{extension}"
        rows = [(title, run_json([bench / "load_bench", way, file, "--repeats", args.repeats, "--threads", args.threads]))
                for way, title in WAYS]
        counts = {measured.found["features"] for _, measured in rows}
        if len(counts) > 1:
            disagreements.append(f"{name}: {counts} features")
        kept = rows[0][1].found["bytes"] / 2**20
        sections.append(f"## {name}, {size:,} points, 4 columns\n\nThe columns and coordinates that Yaan keeps take "
                        f"{kept:.0f} MiB. Yaan's times hold the SHA-256 of the file, which no other takes and the second row "
                        f"leaves out; the peak in the third row is that of the larger of the two processes.\n\n{table(rows, 'Features', features)}")
    return sections, disagreements


def isolation(args, folder, bench):
    """What a process of its own adds, with both ways in turn, so that other work on the machine meets both."""
    files = [folder / f"sites.{extension}" for extension, _ in FORMATS]
    done = subprocess.run([bench / "isolation_bench", str(2 * args.repeats + 1), *files], capture_output=True, text=True,
                          check=True)
    lines = ["| File | In the program, ms | In a process of its own, ms | Added, ms | 60 ms and 15 % would be |",
             "|---|---:|---:|---:|---:|"]
    for found, (_, name) in zip(map(json.loads, done.stdout.splitlines()), FORMATS):
        here, isolated = found["here_ms"][1], found["isolated_ms"][1]
        lines.append(f"| {name} | {here:.0f} | {isolated:.0f} | {isolated - here:.0f} | {60 + 0.15 * here:.0f} |")
    return (f"## What isolation adds\n\nMedians of {2 * args.repeats + 1} runs of each way, in turn in one program, with the "
            "hash of the file. The start of the process that waits for calls, once in a program, is not among them.\n\n"
            + "\n".join(lines))


def areas(args, file, bench):
    done = subprocess.run([bench / "areas_bench", file, "--repeats", str(args.repeats), "--threads", str(args.threads)],
                          capture_output=True, text=True)
    yaan, geos, answers = map(json.loads, done.stdout.splitlines())
    rows = [(each["program"], Measured({**each, "peak_mib": 0})) for each in (yaan, geos)]
    text = (f"## {answers['points']:,} points in {answers['areas']:,} areas\n\n{file.name}. Every tenth point is a vertex of a "
            f"border. GEOS: prepared geometries found by an STRtree, without the time of building both; Yaan's row holds its "
            f"index. Peaks are not measured here. {answers['different']} answers differ.\n\n"
            f"{table(rows, 'Inside', lambda _: format(answers['inside'], ','))}")
    return text, [] if answers["different"] == 0 else [f"{answers['different']} points lie in different areas"]


def run(args, scratch):
    os.environ["GLIBC_TUNABLES"] = HUGE_PAGES
    bench = measure.pathlib.Path(args.build) / "tools" / "bench"
    if not args.no_build:
        measure.build(args.build, ["load_bench", "isolation_bench", "areas_bench", "yaan_reader"])
    sections, disagreements = read_files(args, scratch, bench)
    sections.append(isolation(args, scratch, bench))
    if args.areas:
        section, more = areas(args, measure.pathlib.Path(args.areas), bench)
        sections.append(section)
        disagreements += more
    head = (f"# Reading\n\nMade by `tools/bench/run reading` on {args.date}, with the seeded files of "
            f"`tools/bench/make_point_files.py`. Every program runs on the same machine in the same run, one after the other, "
            f"each several times in one process. Other work on the machine shifts the seconds: compare the ratios, which are "
            f"those of the least, the median and the most seconds to the first row's.\n\nMachine: {measure.machine()}. Yaan uses "
            f"{args.threads} threads, and one for the hash; GDAL's GeoPackage stream uses two, the others one. All programs run with "
            f"GLIBC_TUNABLES={HUGE_PAGES}, as Yaan's reader does. {args.note}".rstrip())
    page = "\n\n".join([head, *sections]) + "\n"
    print(page)
    return page, disagreements

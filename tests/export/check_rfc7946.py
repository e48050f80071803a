#!/usr/bin/env python3
"""Checks GeoJSON files of yaan by programs that are not yaan. Exit status: 0 good, 1 bad, 77 skipped.

check_rfc7946.py [--with rules|gdal|validator|schema] [--schema FILE] [--samples PROGRAM] FILE...

rules      RFC 7946 as read here: positions, ring direction and closing, antimeridian, bbox, no crs, UTF-8
gdal       GDAL reads the same features, attributes and coordinates (needs GDAL's Python bindings)
validator  geojsonhint by Mapbox, from npm (needs node, npm and a reachable registry)
schema     JSON Schema FILE (needs the Python module jsonschema)
--samples  runs PROGRAM with a new folder as its argument and checks the GeoJSON files that it writes there
"""
import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
VALIDATOR = "@mapbox/geojsonhint@3.3.0"
HINT = """
const {hint} = require(process.argv[2]);
const fs = require('fs');
let bad = 0;
for (const file of process.argv.slice(3))
  for (const m of hint(JSON.parse(fs.readFileSync(file, 'utf8')), {precisionWarning: false})) {
    console.error(file + ': ' + m.message);
    bad = 1;
  }
process.exit(bad);
"""


def skip(reason):
    print("skipped: " + reason)
    sys.exit(SKIPPED)


def paths(geometry):
    """(kind, list of positions) for every ring, line and point; kind is outer, hole, line or point."""
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        yield "point", [coordinates]
    elif kind in ("LineString", "MultiLineString"):
        for line in [coordinates] if kind == "LineString" else coordinates:
            yield "line", line
    elif kind in ("Polygon", "MultiPolygon"):
        for polygon in [coordinates] if kind == "Polygon" else coordinates:
            for index, ring in enumerate(polygon):
                yield ("hole" if index else "outer"), ring
    else:
        raise AssertionError("geometry type " + kind)


def doubled_area(ring):
    x0, y0 = ring[0]
    return math.fsum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in zip(ring, ring[1:]))


def check_path(kind, path, where):
    for position in path:
        assert len(position) == 2, where + ": position of %d numbers" % len(position)
        assert -180 <= position[0] <= 180 and -90 <= position[1] <= 90, where + ": outside the world: %s" % position
    for a, b in zip(path, path[1:]):
        assert a != b, where + ": repeated position %s" % a
        assert abs(a[0] - b[0]) <= 180 or abs(a[0] - b[0]) == 360, where + ": crosses the antimeridian %s %s" % (a, b)
    if kind in ("outer", "hole"):
        assert len(path) >= 4 and path[0] == path[-1], where + ": ring is not closed"
        area = doubled_area(path)
        assert area > 0 if kind == "outer" else area < 0, where + ": right-hand rule (%s)" % kind
    if kind == "line":
        assert len(path) >= 2, where + ": line of one position"


def check_bbox(document, found, name):
    if not found:
        assert "bbox" not in document, name + ": bbox without positions"
        return
    west, south, east, north = document["bbox"]
    xs, ys = [p[0] for p in found], [p[1] for p in found]
    assert south == min(ys) and north == max(ys), name + ": bbox latitudes"
    if west <= east:
        assert west == min(xs) and east == max(xs), name + ": bbox longitudes"
    else:
        assert all(x >= west or x <= east for x in xs), name + ": bbox across the antimeridian leaves positions out"
        assert west in xs and east in xs, name + ": bbox is too large"


def check_rules(file):
    raw = file.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf"), "%s: byte order mark" % file
    document = json.loads(raw.decode("utf-8"), parse_constant=lambda c: sys.exit("%s: number %s" % (file, c)))
    assert document["type"] == "FeatureCollection" and "crs" not in document
    assert not {"coordinates", "geometries", "geometry", "properties"} & set(document)
    record = document["yaan"]
    assert record["record"] == 1 and len(record["content_sha256"]) == 64
    found = []
    for index, feature in enumerate(document["features"]):
        where = "%s, feature %d" % (file.name, index)
        assert feature["type"] == "Feature" and isinstance(feature["properties"], dict), where
        assert isinstance(feature.get("id", ""), (str, int)), where
        if feature["geometry"] is None:
            continue
        for kind, path in paths(feature["geometry"]):
            check_path(kind, path, where)
            found += path
    check_bbox(document, found, str(file))


def flat(coordinates):
    if coordinates and isinstance(coordinates[0], (int, float)):
        yield coordinates
    else:
        for part in coordinates:
            yield from flat(part)


def check_gdal(file):
    from osgeo import ogr
    ogr.UseExceptions()
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    source = ogr.Open(str(file))
    assert source is not None and source.GetDriver().GetName() == "GeoJSON", "%s: GDAL cannot open it" % file
    layer = source.GetLayer(0)
    assert layer.GetFeatureCount() == len(features), "%s: GDAL counts %d" % (file, layer.GetFeatureCount())
    for index, (ours, theirs) in enumerate(zip(features, layer)):
        where = "%s, feature %d" % (file, index)
        geometry = theirs.GetGeometryRef()
        assert (geometry is None) == (ours["geometry"] is None), where
        if geometry is not None:
            read = json.loads(geometry.ExportToJson(["COORDINATE_PRECISION=12"]))
            assert read["type"] == ours["geometry"]["type"], where
            pairs = list(zip(flat(read["coordinates"]), flat(ours["geometry"]["coordinates"])))
            assert all(abs(a[0] - b[0]) < 1e-11 and abs(a[1] - b[1]) < 1e-11 for a, b in pairs), where
            assert len(pairs) == sum(1 for _ in flat(ours["geometry"]["coordinates"])), where
            assert geometry.IsValid(), where + ": not valid"
        for name, value in ours["properties"].items():
            if isinstance(value, str):
                assert theirs.GetField(name) in (value, value.replace("-", "/")), "%s: %s" % (where, name)


def check_validator(files):
    if not shutil.which("node") or not shutil.which("npm"):
        skip("node and npm are not installed")
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(["npm", "pack", "--silent", VALIDATOR], cwd=folder, capture_output=True, timeout=120)
        archives = list(Path(folder).glob("*.tgz"))
        if packed.returncode != 0 or not archives:
            skip(VALIDATOR + " cannot be had from the npm registry")
        shutil.unpack_archive(str(archives[0]), folder)
        script = Path(folder, "run.js")
        script.write_text(HINT)
        library = Path(folder, "package", "lib", "object.js")
        wrong = Path(folder, "wrong.geojson")  # the validator must be able to find something
        wrong.write_text('{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[0,0]]]}')
        run = lambda names: subprocess.run(["node", script, library, *names], capture_output=True, text=True)
        assert run([wrong]).returncode == 1, "the validator finds no fault in a clockwise ring"
        result = run(files)
        assert result.returncode == 0, result.stderr


def check_schema(files, schema):
    try:
        import jsonschema
    except ImportError:
        skip("the Python module jsonschema is not installed")
    validator = jsonschema.Draft7Validator(json.loads(Path(schema).read_text(encoding="utf-8")))
    for file in files:
        for error in validator.iter_errors(json.loads(file.read_text(encoding="utf-8"))):
            raise AssertionError("%s: %s at %s" % (file, error.message, list(error.absolute_path)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--with", dest="check", choices=["rules", "gdal", "validator", "schema"], default="rules")
    parser.add_argument("--schema")
    parser.add_argument("--samples")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = options.files
        if options.samples:
            subprocess.run([options.samples, folder], check=True)
            files = files + sorted(Path(folder).glob("*.geojson"))
        if not files:
            parser.error("no file to check")
        try:
            if options.check == "gdal":
                try:
                    import osgeo  # noqa: F401
                except ImportError:
                    skip("GDAL's Python bindings are not installed")
            if options.check == "validator":
                check_validator(files)
            elif options.check == "schema":
                check_schema(files, options.schema)
            else:
                for file in files:
                    check_rules(file) if options.check == "rules" else check_gdal(file)
        except AssertionError as error:
            sys.exit("bad: %s" % error)
    print("good: %d files, %s" % (len(files), options.check))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Makes data/provinces.geojson: the 77 provinces of Thailand from Natural Earth, with Thai and English names and codes.

usage: make_provinces.py WORLD_MAP.gpkg OUTPUT.geojson

WORLD_MAP.gpkg is the copy of Natural Earth (public domain) in Debian's package qgis-common, layer states_provinces:
  apt-get download qgis-common
  dpkg-deb --fsys-tarfile qgis-common_*.deb | tar -x --wildcards '*/world_map.gpkg'
Names and codes are facts, in province_codes.csv beside this script (TIS 1099, ISO 3166-2; FIPS finds the feature).
Needs python3-gdal.
"""
import csv
import json
import pathlib
import sys

from osgeo import ogr

ogr.UseExceptions()
DECIMALS = 6


def ring(geometry, counter_clockwise):
    points = [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in geometry.GetPoints(2)]
    doubled = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:]))
    return points if (doubled > 0) == counter_clockwise else points[::-1]


def polygon(geometry):
    return [ring(geometry.GetGeometryRef(i), i == 0) for i in range(geometry.GetGeometryCount())]


def read_shapes(path):
    source = ogr.Open(path)
    layer = source.GetLayerByName("states_provinces")
    layer.SetAttributeFilter("iso_a2 = 'TH'")
    shapes = {}
    for feature in layer:
        parts = feature.geometry()
        parts = [parts] if parts.GetGeometryName() == "POLYGON" else list(parts)
        shapes[feature["fips"]] = sorted((polygon(p) for p in parts), key=lambda rings: -len(rings[0]))
    return shapes


def feature_line(row, polygons):
    geometry = ({"type": "Polygon", "coordinates": polygons[0]} if len(polygons) == 1
                else {"type": "MultiPolygon", "coordinates": polygons})
    feature = {"type": "Feature", "id": row["code"],
               "properties": {key: row[key] for key in ("code", "tis1099", "name_en", "name_th")}, "geometry": geometry}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    shapes = read_shapes(sys.argv[1])
    with open(pathlib.Path(__file__).with_name("province_codes.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [row["code"] for row in rows if row["natural_earth_fips"] not in shapes]
    if missing or len(rows) != len(shapes):
        sys.exit(f"{len(shapes)} shapes for {len(rows)} provinces; without a shape: {missing}")
    used = [shapes[row["natural_earth_fips"]] for row in rows]
    vertices = [p for polygons in used for rings in polygons for r in rings for p in r]
    box = [min(x for x, _ in vertices), min(y for _, y in vertices), max(x for x, _ in vertices), max(y for _, y in vertices)]
    lines = ",\n".join(feature_line(row, polygons) for row, polygons in zip(rows, used))
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(f'{{"type":"FeatureCollection","name":"provinces","bbox":{json.dumps(box)},"features":[\n{lines}\n]}}\n')
    print(f"{len(rows)} provinces, {len(vertices)} vertices")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Seeded points, anywhere in a window: make_pattern.py rectangle|outline N POINTS.f64 WINDOW.f64

rectangle: 700 by 1,500 km. outline: the provinces of data/provinces.geojson united, in metres of an equal-area plane,
its longest edges halved until it has 4,500 vertices, as many as the provinces have before they are united. Points are
rounded to the millimetre; those of the outline lie in it. Both files are little-endian float64 pairs x, y; in that of
the window each ring, a part of its own and open, ends with a pair of NaN.
"""
import heapq
import pathlib
import sys

import numpy as np

SEED = 20240611
VERTICES = 4500
PROVINCES = pathlib.Path(__file__).resolve().parent.parent.parent / "data" / "provinces.geojson"


def rectangle():
    return [np.array([[0, 0], [700e3, 0], [700e3, 1500e3], [0, 1500e3]])]


def outline():
    from osgeo import ogr, osr
    ogr.UseExceptions()
    osr.UseExceptions()
    parts = ogr.Geometry(ogr.wkbMultiPolygon)
    source = ogr.Open(str(PROVINCES))
    for feature in source.GetLayer(0):
        shape = feature.GetGeometryRef()
        polygons = [shape] if shape.GetGeometryType() == ogr.wkbPolygon else list(shape)
        for polygon in polygons:
            parts.AddGeometry(polygon)
    whole = parts.UnionCascaded()
    degrees, plane = osr.SpatialReference(), osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    plane.ImportFromProj4("+proj=laea +lat_0=13 +lon_0=101.5 +datum=WGS84 +units=m")
    whole.Transform(osr.CoordinateTransformation(degrees, plane))
    rings = []
    for polygon in whole:
        if polygon.GetGeometryCount() != 1:
            sys.exit("the united provinces have a hole: their borders do not fit")
        rings.append(np.round(np.array(polygon.GetGeometryRef(0).GetPoints())[:-1, :2], 3))
    return halved(rings, VERTICES)


def halved(rings, vertices):
    """Halves the longest edge until there are that many vertices; the shape stays."""
    edges = []  # (-length, ring, place of the edge's start on the ring, start, end)

    def add(ring, place, width, start, end):
        heapq.heappush(edges, (-np.hypot(*(end - start)), ring, place, width, tuple(start), tuple(end)))

    for number, ring in enumerate(rings):
        for place, (start, end) in enumerate(zip(ring, np.roll(ring, -1, axis=0))):
            add(number, float(place), 1.0, start, end)
    while len(edges) < vertices:
        _, number, place, width, start, end = heapq.heappop(edges)
        start, end = np.array(start), np.array(end)
        middle = (start + end) / 2
        add(number, place, width / 2, start, middle)
        add(number, place + width / 2, width / 2, middle, end)
    return [np.array([start for _, at, _, _, start, _ in sorted(edges, key=lambda edge: edge[2]) if at == number])
            for number in range(len(rings))]


def inside(points, rings):
    """Even-odd over all rings."""
    odd = np.zeros(len(points), bool)
    for ring in rings:
        for (ax, ay), (bx, by) in zip(ring, np.roll(ring, -1, axis=0)):
            if ay != by:
                crossed = (ay > points[:, 1]) != (by > points[:, 1])
                odd ^= crossed & (points[:, 0] < ax + (points[:, 1] - ay) * (bx - ax) / (by - ay))
    return odd


def points(n, rings):
    draw = np.random.default_rng([SEED, n])
    corners = np.vstack(rings)
    low, high = corners.min(axis=0), corners.max(axis=0)
    found = np.empty((0, 2))
    while len(found) < n:
        drawn = np.round(low + draw.random((n, 2)) * (high - low), 3)
        found = np.vstack([found, drawn[inside(drawn, rings)]])
    return found[:n]


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in ("rectangle", "outline"):
        sys.exit(__doc__)
    rings = rectangle() if sys.argv[1] == "rectangle" else outline()
    points(int(sys.argv[2]), rings).astype("<f8").tofile(sys.argv[3])
    gap = np.full((1, 2), np.nan)
    np.vstack([part for ring in rings for part in (ring, gap)]).astype("<f8").tofile(sys.argv[4])


if __name__ == "__main__":
    main()

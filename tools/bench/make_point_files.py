#!/usr/bin/env python3
"""The same seeded sites in every format: make_point_files.py N FOLDER

N points in Thailand with four columns: an integer id, a Thai name, a weight, a year. Writes sites.csv, .geojson, .gpkg,
.fgb and .shp; the others are made from the CSV by GDAL itself, a GeoJSON as GDAL writes it.
"""
import pathlib
import sys

import numpy as np
from osgeo import gdal

gdal.UseExceptions()
PLACES = ["วัดพระธาตุ", "ตลาดน้ำ", "พิพิธภัณฑ์", "บ้านช่าง", "Craft house", "โรงละคร", "หอศิลป์", "ย่านเก่า"]


def write_csv(file, n):
    random = np.random.default_rng([20261124, n])
    x = random.uniform(97.4, 105.6, n)
    y = random.uniform(5.7, 20.4, n)
    kind = random.integers(0, len(PLACES), n)
    weight = random.uniform(0, 100, n)
    year = random.integers(1200, 2026, n)
    with open(file, "w", encoding="utf-8") as out:
        out.write("lon,lat,id,name,weight,year\n")
        for i in range(n):
            out.write(f"{x[i]:.6f},{y[i]:.6f},{i},{PLACES[kind[i]]} {i % 9973},{weight[i]:.2f},{year[i]}\n")


def main(n, folder):
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "sites.csv"
    write_csv(source, n)
    table = gdal.OpenEx(str(source), gdal.OF_VECTOR, open_options=[
        "AUTODETECT_TYPE=YES", "X_POSSIBLE_NAMES=lon", "Y_POSSIBLE_NAMES=lat", "KEEP_GEOM_COLUMNS=NO"])
    for name, driver, options in (("sites.geojson", "GeoJSON", ["COORDINATE_PRECISION=6"]), ("sites.gpkg", "GPKG", []),
                                  ("sites.fgb", "FlatGeobuf", []), ("sites.shp", "ESRI Shapefile", ["ENCODING=UTF-8"])):
        gdal.VectorTranslate(str(folder / name), table, format=driver, options=["-a_srs", "EPSG:4326"], layerCreationOptions=options)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(int(sys.argv[1]), pathlib.Path(sys.argv[2]))

#!/usr/bin/env python3
"""Raw points as a GeoPackage in UTM zone 47N with an id: make_geopackage.py FILE.f64 FILE.gpkg"""
import array
import pathlib
import sys

from osgeo import ogr, osr

values = array.array("d", pathlib.Path(sys.argv[1]).read_bytes())
crs = osr.SpatialReference()
crs.ImportFromEPSG(32647)
source = ogr.GetDriverByName("GPKG").CreateDataSource(sys.argv[2])
layer = source.CreateLayer("points", crs, ogr.wkbPoint)
layer.CreateField(ogr.FieldDefn("id", ogr.OFTInteger))
definition = layer.GetLayerDefn()
layer.StartTransaction()
for i in range(len(values) // 2):
    place = ogr.Geometry(ogr.wkbPoint)
    place.AddPoint_2D(values[2 * i], values[2 * i + 1])
    feature = ogr.Feature(definition)
    feature.SetField(0, i)
    feature.SetGeometryDirectly(place)
    layer.CreateFeature(feature)
layer.CommitTransaction()

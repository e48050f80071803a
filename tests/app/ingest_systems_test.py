#!/usr/bin/env python3
"""Coordinate reference systems that Thai offices use: stated, assumed, lost, and the way from each to WGS 84."""
import json
import shutil
import socket
import unittest

from osgeo import ogr, osr

from program import ANYTHING, WGS84
from reference_data import BOUNDARIES, ReferenceTest


class Systems(ReferenceTest):
    """One set of sites in every system that Thai offices use, and what is said of the way to WGS 84."""

    SITES = [("bkk", "วัดโพธิ์", 100.4927, 13.7465, "กรุงเทพมหานคร"), ("cnx", "วัดพระสิงห์", 98.9817, 18.7885, "เชียงใหม่"),
             ("ubn", "วัดหนองบัว", 104.8560, 15.2630, "อุบลราชธานี")]
    # The shift of the Royal Thai Survey Department.
    INDIAN = "+ellps=evrst30 +towgs84=204.4798,837.8940,294.7765"

    @staticmethod
    def system(text):
        system = osr.SpatialReference()
        if isinstance(text, int):
            system.ImportFromEPSG(text)
        else:
            system.ImportFromProj4(text)
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        return system

    def shapefile(self, name, system, prj):
        """A folder with a Shapefile whose coordinates are in the system and whose .prj holds the text; none for None."""
        folder = self.folder / name
        folder.mkdir()
        driver = ogr.GetDriverByName("ESRI Shapefile")
        data = driver.CreateDataSource(str(folder / f"{name}.shp"))
        layer = data.CreateLayer(name, None, ogr.wkbPoint, ["ENCODING=UTF-8"])
        for field in ("id", "name", "prov"):
            layer.CreateField(ogr.FieldDefn(field, ogr.OFTString))
        there = osr.CoordinateTransformation(self.system(4326), self.system(system))
        for id, site, longitude, latitude, province in self.SITES:
            feature = ogr.Feature(layer.GetLayerDefn())
            feature["id"], feature["name"], feature["prov"] = id, site, province
            x, y, _ = there.TransformPoint(longitude, latitude)
            point = ogr.Geometry(ogr.wkbPoint)
            point.AddPoint_2D(x, y)
            feature.SetGeometry(point)
            layer.CreateFeature(feature)
        del layer, data
        (folder / f"{name}.prj").unlink(missing_ok=True)
        if prj is not None:
            (folder / f"{name}.prj").write_text(prj, encoding="utf-8")
        return f"{name}/{name}.shp"

    def esri(self, system):
        copy = self.system(system)
        copy.MorphToESRI()
        return copy.ExportToWkt()

    def study_of(self, layers):
        """A study of the provinces and these layers, with the province of each site."""
        shutil.copy(self.need(BOUNDARIES / "mapthai_tha1.gpkg"), self.folder / "provinces.gpkg")
        names = {"name_th": "adm1_th", "name_en": "adm1_en", "code": "adm1_pcode"}
        self.write_study({"yaan_study": 1, "layers": {"provinces": {"file": "provinces.gpkg", "columns": names}, **layers},
                          "analyses": [{"method": "assign-areas", "points": name, "areas": "provinces"} for name in layers],
                          "outputs": [{"layer": name, "file": f"{name}.geojson"} for name in layers]})

    def assert_in_place(self, out, name):
        written = self.features(f"{out}/{name}.geojson")
        self.assertEqual([feature["properties"]["area_code"] for feature in written], ["TH10", "TH50", "TH34"], name)
        for feature, (_, _, longitude, latitude, _) in zip(written, self.SITES):
            x, y = feature["geometry"]["coordinates"]
            self.assertLess(max(abs(x - longitude), abs(y - latitude)), 9e-6, name)  # a metre

    def test_layers_in_every_system_work_together(self):
        plane = "+proj=lcc +lat_1=8 +lat_2=18 +lat_0=13 +lon_0=101 +x_0=500000 +y_0=0 +datum=WGS84 +units=m"
        files = {"utm47": self.shapefile("utm47", 32647, self.esri(32647)),
                 "utm48": self.shapefile("utm48", 32648, self.esri(32648)),
                 "newwkt": self.shapefile("newwkt", 32647, self.system(32647).ExportToWkt(["FORMAT=WKT2_2019"])),
                 "custom": self.shapefile("custom", plane, self.esri(plane)),
                 "indian": self.shapefile("indian", f"+proj=longlat {self.INDIAN}", self.esri(4240)),
                 "indian47": self.shapefile("indian47", f"+proj=utm +zone=47 {self.INDIAN}", self.esri(24047)),
                 "indian48": self.shapefile("indian48", f"+proj=utm +zone=48 {self.INDIAN}", self.esri(24048)),
                 "wgs84": self.shapefile("wgs84", 4326, self.esri(4326))}
        self.study_of({name: {"file": file} for name, file in files.items()})
        said = self.report("run", "study.json", "--out", "out")
        for name in files:
            self.assert_in_place("out", name)
        self.assertIn("Indian 1975 / UTM zone 47N is taken to WGS 84 by the shift of the Royal Thai Survey Department "
                      "(204.4798, 837.894, 294.7765 m), whose source states no accuracy; EPSG:1537, stated as good to 1 m, lies "
                      "within a metre of it, and PROJ's own choice, EPSG:1812, about 190 m away; --datum-shift takes another", said)
        self.assertEqual(said.count("shift of the Royal Thai Survey Department"), 3)

    def test_systems_that_fit_are_offered_and_the_choice_is_the_users(self):
        file = self.shapefile("sites", 32647, None)
        self.study_of({"sites": {"file": file}})
        self.fails(1, r"sites\.shp does not say in which coordinate reference system", "run", "study.json", "--out", "out",
                   advice=r"these put it where the study is: EPSG:32647, EPSG:24047; name one as its crs")
        self.study_of({"sites": {"file": file, "assume_crs": "EPSG:32648"}})
        self.fails(1, r"EPSG:32648 does not put it where the study is", "run", "study.json", "--out", "out", advice="EPSG:32647")
        self.study_of({"sites": {"file": file, "assume_crs": "EPSG:32647"}})
        self.assertIn("EPSG:32647 was assumed", self.report("run", "study.json", "--out", "out"))
        self.assert_in_place("out", "sites")

    def test_a_datum_nobody_knows_is_doubted(self):
        lost = f"+proj=utm +zone=47 {self.INDIAN}"
        self.shapefile("lost", lost, self.esri(lost))  # a .prj has no room for the shift
        layer = self.layer("lost/lost.shp")
        doubt = next(entry for entry in layer["diagnostics"] if entry["code"] == "unknown-datum")
        self.assertIn("may be some hundred metres away; --datum-shift says how to get there", doubt["message"])
        layer = self.layer("lost/lost.shp", "--datum-shift", "204.4798,837.8940,294.7765")
        self.assertNotIn("unknown-datum", self.counts(layer))

    def geojson(self, crs, exchanged=False):
        features = [{"type": "Feature", "properties": {"id": id, "name": site, "prov": province},
                     "geometry": {"type": "Point", "coordinates": [latitude, longitude] if exchanged else [longitude, latitude]}}
                    for id, site, longitude, latitude, province in self.SITES]
        (self.folder / "sites.geojson").write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
        return "sites.geojson"

    def test_old_crs_members(self):
        named = lambda name: {"type": "name", "properties": {"name": name}}
        for crs in ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
            layer = self.layer(self.geojson(named(crs)))
            self.assertEqual((layer["usable"], layer["extent"]), (3, [98.9817, 13.7465, 104.856, 18.7885]), crs)
            self.assertEqual(self.counts(layer), {}, crs)
        # Latitude first, as the letter of the registry has it.
        self.geojson(named("urn:ogc:def:crs:EPSG::4326"), True)
        self.fails(1, r"none of the 3 features of sites\.geojson can be used", "dbscan", "sites.geojson",
                   advice="longitude and latitude seem to be exchanged; --swapped-axes all exchanges them")
        self.assertEqual(self.layer("sites.geojson", "--swapped-axes", "all")["extent"], [98.9817, 13.7465, 104.856, 18.7885])
        self.assertIn("the member crs names my own, which nobody knows; WGS 84 was taken",
                      [entry["message"] for entry in self.layer(self.geojson(named("my own")))["diagnostics"]])

    def test_crs_that_cannot_be_had(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.setblocking(False)
            link = {"type": "link", "properties": {"href": f"http://127.0.0.1:{server.getsockname()[1]}/a.wkt", "type": "ogcwkt"}}
            for crs in (link, {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}):
                self.geojson(crs)
                self.fails(1, r"sites\.geojson states the coordinate reference system in its member crs, which cannot be used",
                           "dbscan", "sites.geojson", advice="EPSG:4326")
                self.succeeds("dbscan", "sites.geojson", *WGS84, "-o", "out.csv", "--overwrite", stderr=ANYTHING + "member crs" + ANYTHING)
            with self.assertRaises(BlockingIOError):
                server.accept()


if __name__ == "__main__":
    unittest.main()

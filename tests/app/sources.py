"""What tests of archives, folders and extracts have in common: small lists of sites, and what is made of them."""
import json
import time

from program import REPORT, CliTest

HEAD = "id,name_en,longitude,latitude\n"


def sites_csv(first, count, start=0):
    """A table of sites in a row, whose ids are the letter and a number."""
    return HEAD + "".join(f"{first}{i},Site {first}{i},{98.9 + 0.001 * (start + i):.4f},18.7{start + i:03d}\n"
                          for i in range(count))


def collection(features):
    """A GeoJSON document of features: properties, kind of geometry and coordinates."""
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
        for properties, kind, coordinates in features]}, ensure_ascii=False)


class SourceTest(CliTest):
    def sites(self, *args, stderr=REPORT):
        """The features that reach a result, by a verb that changes none of them."""
        self.succeeds("dbscan", *args, "--radius", "1km", "--min-points", "2", "-o", "o/out.geojson", "--overwrite",
                      stderr=stderr)
        return json.loads((self.folder / "o/out.geojson").read_text(encoding="utf-8"))

    def refused(self, code, message, name, *args, advice=None):
        begin = time.monotonic()
        self.fails(code, message, "dbscan", name, *args, "--radius", "1km", advice=advice)
        self.assertLess(time.monotonic() - begin, 100)

#!/usr/bin/env python3
"""What people decide in the table of yaan check, carried out row by row: the right row, once, and nothing else."""
import csv
import json
import unittest

from cli_test import CliTest


class DecisionsTest(CliTest):
    HEAD = ["id", "problem", "repair", "to_x", "to_y", "value", "decision"]

    def setUp(self):
        super().setUp()
        self.layer = {"file": "sites.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326"}
        self.study = {"yaan_study": 1, "layers": {"sites": self.layer}, "outputs": [{"layer": "sites", "file": "out.csv"}]}

    def write_sites(self, text, name="sites.csv"):
        (self.folder / name).write_text(text, encoding="utf-8")

    def table(self, file):
        with open(self.folder / file, encoding="utf-8-sig", newline="") as table:
            return list(csv.DictReader(table))

    def check(self, out):
        """The rows of the table of checks by id and problem."""
        self.write_study(self.study)
        done = self.yaan("check", "study.json", "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return {(row["id"], row["problem"]): row for row in self.table(f"{out}/checks.csv")}

    def decide(self, *rows):
        """The table of decisions: id, problem, repair, to_x, to_y, value and decision of each row."""
        with open(self.folder / "decided.csv", "w", encoding="utf-8-sig", newline="") as table:
            writer = csv.writer(table)
            writer.writerows([self.HEAD, *rows])
        self.layer["decisions"] = "decided.csv"
        self.write_study(self.study)

    def outcome(self, out):
        """The sites after a run, and what the run said."""
        done = self.yaan("run", "study.json", "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return self.table(f"{out}/out.csv"), " ".join(done.stderr.decode().split())

    @staticmethod
    def places(rows):
        return [(row["id"], float(row["longitude"]), float(row["latitude"])) for row in rows]

    def square(self, properties, west, south, east, north):
        return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [
            [[west, south], [east, south], [east, north], [west, north], [west, south]]]}}

    def write_areas(self, name, *features, **layer):
        (self.folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return {"file": name, **layer}


class Merges(DecisionsTest):
    def setUp(self):
        super().setUp()
        self.write_sites("id,name_en,lon,lat\n" + "".join(f"{id},Site {id},98.5,18.{n}\n" for n, id in enumerate("abcdefgh", 1)))

    def test_a_row_goes_only_for_one_that_stays(self):
        self.decide(["a", "duplicate-exact", "merge", "", "", "b", "accept"],
                    ["b", "duplicate-exact", "merge", "", "", "a", "accept"],
                    ["c", "duplicate-exact", "merge", "", "", "typo", "change"],
                    ["h", "duplicate-exact", "merge", "", "", "h", "accept"])
        rows, said = self.outcome("out")
        self.assertEqual([row["id"] for row in rows], list("abcdefgh"))
        self.assertNotIn("left out as duplicates", said)
        self.assertIn("rows stay, because each should be left out for the other, as decided.csv says (a, b, h)", said)
        self.assertIn("rows stay, because those that should stay in their place, as decided.csv says, are not in the layer (c)", said)

    def test_chains_end_at_a_row_that_stays(self):
        self.decide(["d", "duplicate-exact", "merge", "", "", "e", "accept"],
                    ["e", "duplicate-exact", "merge", "", "", "f", "accept"],
                    ["g", "duplicate-exact", "merge", "", "", "a", "accept"],
                    ["a", "duplicate-exact", "merge", "", "", "b", "accept"],
                    ["b", "duplicate-exact", "merge", "", "", "a", "accept"])
        rows, said = self.outcome("out")
        self.assertEqual([row["id"] for row in rows], list("abcfh"), "a and b stay, so g has a row that stands for it")
        self.assertIn("3 sites: rows were left out as duplicates, as decided.csv says (d, e, g)", said)


class Change(DecisionsTest):
    """Under change the cells that were filled in choose the repair."""

    def setUp(self):
        super().setUp()
        self.write_sites("id,name_en,lon,lat,claims\n" + "".join(f"{id},Site {id},98.5,18.{n},A\n" for n, id in enumerate("abcdefg", 1)))
        self.layer["columns"] = {"area": "claims"}

    def test_a_place_moves_whatever_was_proposed(self):
        self.decide(["a", "claim-border", "keep", "98.1", "18.1", "", "change"],
                    ["b", "claim-similar-name", "rename", "98.2", "18.2", "B", "change"],
                    ["c", "duplicate-exact", "merge", "98.3", "18.3", "a", "change"],
                    ["d", "claim-far", "", "98.4", "18.4", "D", "change"],
                    ["e", "claim-digit", "move", "98.6", "18.6", "", "change"],
                    ["f", "claim-border", "keep", "", "", "F", "change"],
                    ["g", "claim-digit", "rename", "98.7", "18.7", "G", "change"])
        rows, said = self.outcome("out")
        self.assertEqual(self.places(rows), [("a", 98.1, 18.1), ("b", 98.2, 18.2), ("c", 98.3, 18.3), ("d", 98.4, 18.4),
                                             ("e", 98.6, 18.6), ("f", 98.5, 18.6), ("g", 98.5, 18.7)])
        self.assertEqual([row["claims"] for row in rows], ["A", "A", "A", "D", "A", "F", "G"])
        self.assertNotIn("left out", said)

    def test_a_change_of_nothing_is_refused(self):
        call = ["run", "study.json", "--out", "out"]
        for row, message in ((["a", "claim-border", "keep", "", "", "", "change"], r"row 2: .* nothing is written in"),
                             (["a", "claim-far", "", "", "", "", "change"], r"row 2: .* nothing is written in"),
                             (["a", "claim-border", "keep", "98.1", "", "", "change"], r"row 2: it moves the row nowhere"),
                             (["a", "claim-digit", "move", "98.1", "north", "", "change"], r"row 2: it moves the row nowhere"),
                             (["a", "position-missing", "", "", "", "B", "change"], r"row 2: .* nothing but a place helps")):
            self.decide(row)
            self.fails(1, message, *call)

    def test_words_in_thai(self):
        self.decide(["a", "claim-digit", "move", "98.1", "18.1", "", "รับ"],
                    ["b", "claim-digit", "move", "98.2", "18.2", "", " ไม่รับ"],
                    ["c", "claim-digit", "move", "98.3", "18.3", "", "แก้"])
        rows, _ = self.outcome("out")
        self.assertEqual(self.places(rows)[:3], [("a", 98.1, 18.1), ("b", 98.5, 18.2), ("c", 98.3, 18.3)])
        self.decide(["a", "claim-digit", "move", "98.1", "18.1", "", "ไม่"])
        self.fails(1, r'the decision is "ไม่"', "run", "study.json", "--out", "other", advice="รับ, ไม่รับ or แก้")


class Ids(DecisionsTest):
    """A decision does not change what the rows are called."""

    def test_ids_behind_a_merged_row_stay(self):
        self.write_sites("id,name_en,lon,lat\n" + "1,Wat,98.5,18.5\n" * 3)
        self.assertEqual(set(self.check("first")), {("1 (2)", "duplicate-exact"), ("1 (3)", "duplicate-exact")})
        self.decide(["1 (2)", "duplicate-exact", "merge", "", "", "1", "accept"])
        self.assertEqual(set(self.check("second")), {("1 (3)", "duplicate-exact")})
        self.decide(["1 (2)", "duplicate-exact", "merge", "", "", "1", "accept"],
                    ["1 (3)", "duplicate-exact", "merge", "", "", "1", "accept"])
        rows, said = self.outcome("out")
        self.assertEqual(len(rows), 1)
        self.assertNotIn("not in the layer", said)

    def test_a_row_without_id_keeps_its_name_when_it_moves(self):
        self.write_sites("name_en,lon,lat\nWat,98.5,18.5\nWat,98.5,18.5003\nMarket,98.7,18.7\n")
        ((id, problem),) = self.check("first")
        self.assertEqual(problem, "duplicate-same-name")
        # Either of the two may come first: it is moved by some metres, and the pair is no duplicate.
        self.decide([id, problem, "merge", "", "", "", "reject"], [id, "claim-digit", "move", "98.5001", "18.5001", "", "accept"])
        self.assertEqual(self.check("second"), {})
        # Nothing is rejected now: the pair is listed under the name of the first time, and can be merged under it.
        self.decide([id, "claim-digit", "move", "98.5001", "18.5001", "", "accept"])
        ((again, row),) = ((key[0], row) for key, row in self.check("third").items())
        self.assertEqual(again, id)
        self.decide([id, "claim-digit", "move", "98.5001", "18.5001", "", "accept"],
                    [id, problem, "merge", "", "", row["value"], "accept"])
        rows, said = self.outcome("out")
        self.assertEqual(len(rows), 2)
        self.assertNotIn("not in the layer", said)


class Places(DecisionsTest):
    """Rows without a position are placed, and no other row is taken for one of them."""

    MISSING = "position-missing"

    def test_two_rows_of_one_id(self):
        self.write_sites("id,name_en,lon,lat\n7,Lost,,\n7,Theatre,98.5,18.5\n8,Market,98.7,18.7\n")
        move = ["7", "claim-digit", "move", "98.6", "18.6", "", "accept"]
        self.decide(move)
        rows, said = self.outcome("first")
        self.assertEqual(self.places(rows), [("7", 98.6, 18.6), ("8", 98.7, 18.7)])
        self.assertIn("features without a geometry were set aside (7)", said)
        self.decide(move, ["7", self.MISSING, "", "98.1", "18.1", "", "change"])
        rows, said = self.outcome("second")
        self.assertEqual([(row["name_en"], row["longitude"]) for row in rows],
                         [("Lost", "98.1"), ("Theatre", "98.6"), ("Market", "98.7")])
        self.assertEqual(self.check("third"), {})

    def test_two_rows_of_one_id_without_a_position(self):
        self.write_sites("id,name_en,lon,lat\n7,First,,\n7,Second,,\n8,Market,98.7,18.7\n")
        self.assertEqual(set(self.check("first")), {("7", self.MISSING), ("7 (2)", self.MISSING)})
        self.decide(["7 (2)", self.MISSING, "", "98.2", "18.2", "", "change"])
        rows, _ = self.outcome("out")
        self.assertEqual([(row["name_en"], row["longitude"]) for row in rows], [("Second", "98.2"), ("Market", "98.7")])
        self.assertEqual(set(self.check("second")), {("7", self.MISSING)})

    def test_a_folder(self):
        (self.folder / "lists").mkdir()
        self.write_sites("name_en,lon,lat\nA,98.1,18.1\nB,,\n", "lists/north.csv")
        self.write_sites("name_en,lon,lat\nC,98.3,18.3\nD,,\n", "lists/south.csv")
        self.layer["file"] = "lists"
        self.assertEqual(set(self.check("first")), {("north.csv/#2", self.MISSING), ("south.csv/#2", self.MISSING)})
        self.decide(["north.csv/#2", self.MISSING, "", "98.2", "18.2", "", "change"])
        rows, _ = self.outcome("one")
        self.assertEqual([row["name_en"] for row in rows], ["A", "B", "C"])
        self.decide(["north.csv/#2", self.MISSING, "", "98.2", "18.2", "", "change"],
                    ["south.csv/#2", self.MISSING, "", "98.4", "18.4", "", "change"])
        rows, _ = self.outcome("two")
        self.assertEqual([(row["name_en"], row["longitude"]) for row in rows],
                         [("A", "98.1"), ("B", "98.2"), ("C", "98.3"), ("D", "98.4")])
        self.assertEqual(self.check("second"), {})

    def test_a_row_that_has_a_position_by_now_is_not_placed(self):
        self.write_sites("id,name_en,lon,lat\n7,Theatre,98.5,18.5\n")
        self.decide(["7", self.MISSING, "", "98.1", "18.1", "", "change"])
        rows, said = self.outcome("out")
        self.assertEqual(self.places(rows), [("7", 98.5, 18.5)])
        self.assertIn("rows that are to be placed, as decided.csv says, are not among those without a position (7)", said)


class Areas(DecisionsTest):
    def test_tables_that_steps_join_by_name(self):
        self.write_sites("id,name_en,lon,lat\na,Wat,98.5,18.5\nb,Wat,98.5,18.5\n")
        self.write_sites("province\nArea\nAera\n", "names.csv")
        self.study["layers"].update({"areas": {"file": "areas.geojson"}, "names": {"file": "names.csv"}})
        self.study["analyses"] = [{"method": "match-areas", "rows": "names", "areas": "areas", "name": "province"}]
        self.assertEqual(set(self.check("out")), {("b", "duplicate-exact")})
        self.succeeds("replay", "out/checks.csv", "--inputs", ".", stderr=r"(?:.|\n)*")
        del self.study["analyses"]
        self.write_study(self.study)
        self.fails(2, r"names\.csv", "check", "study.json", "--out", "other")
        self.study["layers"]["names"]["table"] = True
        self.assertEqual(set(self.check("other")), {("b", "duplicate-exact")})

    def test_an_area_without_a_code_is_proposed_by_its_id_or_name(self):
        west = self.square({"id": "w", "code": "W", "name_en": "Chiang Mai"}, 98, 18, 99, 19)
        for properties, value in (({"id": "e", "code": None, "name_en": "Chiang Rai"}, "e"),
                                  ({"id": None, "code": None, "name_en": "Chiang Rai"}, "Chiang Rai")):
            east = self.square(properties, 99, 18, 100, 19)
            self.study["layers"]["areas"] = self.write_areas("areas.geojson", west, east)
            self.write_sites("id,name_en,lon,lat,area\na,Wat,99.5,18.5,Chiang Mai\n")
            self.layer.pop("decisions", None)
            found = self.check(f"first-{value}")
            self.assertEqual(found["a", "claim-similar-name"]["value"], value)
            self.decide(["a", "claim-similar-name", "rename", "", "", value, "accept"])
            rows, _ = self.outcome(f"out-{value}")
            self.assertEqual(rows[0]["area"], value)
            # With nothing settled, the new claim is right.
            self.layer.pop("decisions")
            self.write_sites(f"id,name_en,lon,lat,area\na,Wat,99.5,18.5,{value}\n")
            self.assertEqual(self.check(f"second-{value}"), {})

    def test_a_study_chooses_the_areas_and_the_distances(self):
        districts = self.write_areas("districts.geojson", self.square({"code": "W1", "name_en": "Muang"}, 98, 18, 99, 19),
                                     self.square({"code": "E1", "name_en": "Fang"}, 99, 18, 100, 19))
        provinces = self.write_areas("provinces.geojson", self.square({"code": "W", "name_en": "West"}, 98, 18, 99, 19),
                                     self.square({"code": "E", "name_en": "Orient"}, 99, 18, 100, 19))
        self.study["layers"] = {"districts": districts, "provinces": provinces, "sites": self.layer}
        self.write_sites("id,name_en,lon,lat,area\nin,Wat,98.5,18.5,West\nborder,Market,99.005,18.6,West\n"
                         "coast,Museum,98.5,19.03,West\n")
        self.assertEqual({problem for _, problem in self.check("first")}, {"claim-unknown-name"})
        self.study["checks"] = {"areas": "provinces", "note": "by province"}
        self.assertEqual(set(self.check("second")), {("border", "claim-border"), ("coast", "claim-coast")})
        self.study["checks"].update(border="100m", coast="2 km")
        # Too far for either now: one digit would be enough.
        self.assertEqual(set(self.check("third")), {("border", "claim-digit"), ("coast", "claim-digit")})
        for checks, message, advice in (({"areas": "province"}, r"checks\.areas: there is no layer", "did you mean provinces"),
                                        ({"areas": "sites"}, r"checks\.areas: layer sites has no areas", "polygons"),
                                        ({"border": "far"}, r"checks\.border", None), ({"bordr": "1km"}, r"checks\.bordr", "border"),
                                        ({"coast": "-1m"}, r"checks\.coast", None)):
            self.study["checks"] = checks
            self.write_study(self.study)
            self.fails(2, message, "check", "study.json", "--out", "refused", advice=advice)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""tools/check_layers.py accepts this tree and refuses trees that break the plan."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ["YAAN_SOURCE"])
CHECK = ROOT / "tools" / "check_layers.py"


def check(tree):
    done = subprocess.run([sys.executable, CHECK, tree], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


class Layers(unittest.TestCase):
    def test_this_tree_keeps_to_the_plan(self):
        code, said = check(ROOT)
        self.assertEqual(code, 0, said)

    def refuses(self, path, include, words):
        with tempfile.TemporaryDirectory() as tree:
            file = pathlib.Path(tree) / path
            file.parent.mkdir(parents=True)
            (pathlib.Path(tree) / "include" / "yaan").mkdir(parents=True, exist_ok=True)
            file.write_text(f"#include {include}\n")
            code, said = check(tree)
            self.assertEqual(code, 1, said)
            self.assertIn(words, said)

    def test_siblings_are_refused(self):
        self.refuses("src/load/a.cpp", '"yaan/analyse/dbscan.hpp"', "load must not include analyse")

    def test_private_headers_of_another_stage_are_refused(self):
        self.refuses("src/render/a.cpp", '"export/x.hpp"', "render must not include export")

    def test_a_third_party_header_out_of_its_folder_is_refused(self):
        self.refuses("src/analyse/a.cpp", "<geos_c.h>", "geos_c.h belongs to core")
        self.refuses("src/render/a.cpp", "<epoxy/gl.h>", "epoxy/gl.h belongs to render/gl")
        self.refuses("include/yaan/load/a.hpp", "<CLI/CLI.hpp>", "belongs to app/cli")

    def test_an_empty_tree_is_refused(self):
        with tempfile.TemporaryDirectory() as tree:
            self.assertEqual(check(tree)[0], 1)


if __name__ == "__main__":
    unittest.main()

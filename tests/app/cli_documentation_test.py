#!/usr/bin/env python3
"""What the program says of itself: help with examples that work, the manual page, completions and the schema of studies."""
import json
import re
import shlex
import shutil
import subprocess
import unittest

from program import REPORT, SOURCE, CliTest


class Documentation(CliTest):
    def setUp(self):
        super().setUp()
        (self.folder / "data").symlink_to(SOURCE / "data")

    def verbs(self):
        text = self.succeeds("completion", "bash")
        words = re.search(r"compgen -W '([^']*)'", text).group(1).split()
        return [word for word in words if not word.startswith("-")]

    def test_help_is_short_and_groups_the_methods(self):
        text = self.succeeds("--help")
        self.assertLessEqual(len(text.splitlines()), 40)
        groups = {method["group"]["en"] for method in json.loads(self.succeeds("methods", "--json"))}
        self.assertGreaterEqual(len(groups), 6)
        listing, markdown, page = self.succeeds("methods"), self.succeeds("methods", "--markdown"), self.succeeds("man")
        for group in groups:
            self.assertRegex(text, rf"(?m)^  {group}  +[a-z]")
            self.assertRegex(listing, rf"(?m)^{group}$")
            self.assertIn(f"\n## {group}\n", markdown)
            self.assertIn(f'.SH "METHODS: {group.upper()}"', page)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)
        for verb in self.verbs():
            self.assertIn(verb, text)
            page = self.succeeds(verb, "--help")
            self.assertLessEqual(max(map(len, page.splitlines())), 80, page)
            self.assertRegex(page, r"\nexamples?:\n  yaan " + verb)

    def examples_of(self, verb):
        page = self.succeeds(verb, "--help")
        block = re.split(r"\nexamples?:\n", page)[1].replace("\\\n", " ")
        return [shlex.split(line)[1:] for line in block.strip().splitlines()]

    def test_every_example_works(self):
        if not (SOURCE / "data/creative_assets.csv").exists():
            self.skipTest("data/creative_assets.csv is not there")
        # What the examples of later verbs read.
        self.succeeds("run", "data/thailand.json", "--out", "out", stderr=REPORT)
        shutil.copy(self.folder / "out/sites.geojson", self.folder / "sites.geojson")
        for verb in self.verbs():
            if verb == "view":
                continue  # opens a window; its own tests do
            for example in self.examples_of(verb):
                words = example[:example.index(">")] if ">" in example else example
                done = self.yaan(*words)
                self.assertEqual(done.returncode, 0, (example, done.stderr.decode()))

    def test_version(self):
        self.assertRegex(self.succeeds("--version"), r"\Ayaan \d+\.\d+\.\d+\n"
                         r"files are read under rlimits \+ no_new_privs \+ seccomp[ +a-z]*\n\Z")

    def test_manual_page_is_current_and_clean(self):
        page = self.succeeds("man")
        self.assertEqual((SOURCE / "docs/yaan.1").read_text(encoding="utf-8"), page, "run tools/docs")
        if shutil.which("groff"):
            done = subprocess.run(["groff", "-man", "-ww", "-z", "-Tutf8"], input=page.encode(), capture_output=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_bash_completion(self):
        script = self.succeeds("completion", "bash")
        (self.folder / "yaan.bash").write_text(script, encoding="utf-8")

        def complete(*words):
            line = " ".join(shlex.quote(word) for word in words)
            done = subprocess.run(["bash", "-c", f"source ./yaan.bash; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; "
                                   "_yaan; printf '%s\\n' \"${COMPREPLY[@]}\""], cwd=self.folder, capture_output=True, check=True)
            self.assertEqual(done.stderr, b"")
            return done.stdout.decode().split()

        self.assertEqual(complete("yaan", "db"), ["dbscan"])
        self.assertEqual(complete("yaan", "dbscan", "--ra"), ["--radius"])
        self.assertEqual(complete("yaan", "completion", "z"), ["zsh"])
        self.assertEqual(complete("yaan", "districts", "--outline", "con"), ["concave", "convex"])
        self.assertEqual(complete("yaan", "run", "stu"), ["study.json"])
        self.assertEqual(complete("yaan", "dbscan", "--min-points", "sites"), ["sites.csv"])

    def test_zsh_completion(self):
        script = self.succeeds("completion", "zsh")
        self.assertTrue(script.startswith("#compdef yaan\n"))
        self.assertIn("'--radius[", script)
        if not shutil.which("zsh"):
            self.skipTest("zsh is not installed")
        (self.folder / "_yaan").write_text(script, encoding="utf-8")
        done = subprocess.run(["zsh", "-n", "_yaan"], cwd=self.folder, capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_generated_schema_is_json(self):
        schema = json.loads(self.succeeds("methods", "--schema"))
        self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
        self.assertEqual({method["name"] for method in json.loads(self.succeeds("methods", "--json"))},
                         {method for method in self.succeeds("methods").split() if f"step_{method}" in schema["$defs"]})


if __name__ == "__main__":
    unittest.main()

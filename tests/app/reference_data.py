"""The reference data, which YAAN_SHARED names, and what tests that read it have in common."""
import os
import pathlib

from program import SOURCE, CliTest

SHARED = pathlib.Path(os.environ.get("YAAN_SHARED", SOURCE / "../shared"))
BOUNDARIES = SHARED / "data/boundaries"
DIRTY = SHARED / "data/dirty"


class ReferenceTest(CliTest):
    def need(self, path):
        if not path.exists():
            self.skipTest(f"no reference data: {path}")
        return path

    def problems_by_row(self, out):
        """Runs yaan check; the problems of each row by its id."""
        problems = {}
        for (id, problem), row in self.check(out).items():
            problems.setdefault(id, {})[problem] = row
        return problems

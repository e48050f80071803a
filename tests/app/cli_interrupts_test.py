#!/usr/bin/env python3
"""An interrupted program ends at once with exit code 130 and leaves nothing half done."""
import os
import pty
import random
import select
import signal
import subprocess
import tempfile
import time
import unittest

from program import BINARY, CliTest, snapshot


class Interrupts(CliTest):
    """On a pseudo-terminal, so that the progress bar tells where the program is."""

    @classmethod
    def setUpClass(cls):
        cls.big = tempfile.TemporaryDirectory(prefix="yaan-big-")
        dice = random.Random(5)
        with open(os.path.join(cls.big.name, "big.csv"), "w", encoding="ascii") as file:
            file.write("id,x,y\n")
            for i in range(400_000):
                file.write(f"{i},{dice.gauss(500000, 3000):.1f},{dice.gauss(2000000, 3000):.1f}\n")

    @classmethod
    def tearDownClass(cls):
        cls.big.cleanup()

    def interrupted(self, stage, which, env=None):
        """Starts a clustering, waits for the stage in the progress bar, sends the signal; (exit code, what was shown)."""
        terminal, inner = pty.openpty()
        process = subprocess.Popen([BINARY, "dbscan", os.path.join(self.big.name, "big.csv"), "--x", "x", "--y", "y", "--crs",
                                    "EPSG:32647", "--radius", "100m", "--min-points", "50", "--threads", "1", "-o", "out.geojson"],
                                   cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=inner,
                                   env={**os.environ, "TERM": "xterm", **(env or {})})
        os.close(inner)
        shown = b""
        sent = False
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    chunk = os.read(terminal, 65536)
                except OSError:  # the other end is closed
                    break
                if not chunk:
                    break
                shown += chunk
            if not sent and stage in shown:
                process.send_signal(which)
                sent = True
        os.close(terminal)
        process.stdout.close()
        code = process.wait(30)
        self.assertTrue(sent, shown)
        return code, shown.decode("utf-8", "replace")

    def test_interrupt_while_clustering(self):
        before = snapshot(self.folder)
        for which in (signal.SIGINT, signal.SIGTERM):
            code, shown = self.interrupted(b"dbscan", which)
            self.assertEqual(code, 130, shown)
            self.assertRegex(shown, r"interrupted; nothing was written\r\n\Z")
            self.assertEqual(snapshot(self.folder), before)

    def test_interrupt_at_any_moment(self):
        before = snapshot(self.folder)
        for delay in (0.02, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0):
            process = subprocess.Popen([BINARY, "dbscan", os.path.join(self.big.name, "big.csv"), "--x", "x", "--y", "y",
                                        "--crs", "EPSG:32647", "--radius", "100m", "-o", "out.geojson"], cwd=self.folder,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=60)
            self.assertIn(process.returncode, (0, 130, -signal.SIGINT), error)  # -SIGINT: before main could listen
            self.assertEqual(out, b"")
            if process.returncode == 0:
                (self.folder / "out.geojson").unlink()
            self.assertEqual(snapshot(self.folder), before, delay)

    def test_no_colour(self):
        code, shown = self.interrupted(b"dbscan", signal.SIGINT, {"NO_COLOR": "1"})
        self.assertEqual(code, 130)
        self.assertNotIn("\x1b[1", shown)
        self.assertIn("%", shown)


if __name__ == "__main__":
    unittest.main()

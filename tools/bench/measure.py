"""What every benchmark shares: programs that are there, times of a run, tables."""
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


class Measured:
    """What a program took: wall and processor seconds of each run, peak memory of the process, and what it found."""

    def __init__(self, found):
        self.found = found
        self.seconds = found["seconds"]
        self.cpu_seconds = found.get("cpu_seconds")
        self.peak_mib = found["peak_mib"]

    def median(self):
        return statistics.median(self.seconds)

    def more(self, other):
        """The runs of both together."""
        return Measured({**other.found, "seconds": self.seconds + other.seconds,
                         "cpu_seconds": self.cpu_seconds + other.cpu_seconds,
                         "peak_mib": max(self.peak_mib, other.peak_mib)})


def python_with(module):
    """The first Python that has the module: Debian's packages belong to Debian's Python."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            return python
    return None


def has_r(package):
    return bool(shutil.which("Rscript")) and subprocess.run(["Rscript", "-e", f"library({package})"],
                                                            capture_output=True).returncode == 0


def run_json(command, limit=None):
    """Runs a program that prints one JSON object. None when it takes more than `limit` seconds."""
    command = [str(word) for word in command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return Measured(json.loads(done.stdout))


def run_whole(command, repeats, before, environment=None):
    """Times whole processes; `before` makes ready for each. Returns what was measured and the last standard output."""
    command = [str(word) for word in command]
    found = {"seconds": [], "cpu_seconds": [], "peak_mib": 0}
    for _ in range(repeats):
        before()
        start = time.perf_counter()
        with tempfile.TemporaryFile("w+") as errors:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True,
                                       env={**os.environ, **(environment or {})})
            output = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            found["seconds"].append(time.perf_counter() - start)
            errors.seek(0)
            if status != 0:
                sys.exit(f"{' '.join(command)} failed:\n{errors.read()}")
        found["cpu_seconds"].append(usage.ru_utime + usage.ru_stime)
        found["peak_mib"] = max(found["peak_mib"], usage.ru_maxrss // 1024)
    return Measured(found), output


def build(folder, targets):
    subprocess.run(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                    "-DYAAN_BUILD_BENCHMARKS=ON", "-DYAAN_BUILD_TESTS=OFF", "-DYAAN_BUILD_VIEWER=OFF"], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder, "--target", *targets, "--parallel"], check=True,
                   stdout=subprocess.DEVNULL)


def machine():
    model = platform.processor() or platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = next(int(line.split()[1]) // 2**20 for line in pathlib.Path("/proc/meminfo").read_text().splitlines()
                  if line.startswith("MemTotal"))
    compiler = subprocess.run(["c++", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    return f"{model}, {os.cpu_count()} processors, {memory} GiB; {compiler}"


def ratio(value):
    return f"{value:.1f}" if value >= 0.1 else f"{value:.2g}"


def table(rows, answer_title, answer):
    """Rows of (program, Measured); the ratios are to the first row, least to least, median to median, most to most."""
    lines = [f"| Program | {answer_title} | Least s | Median s | Most s | CPU s | Runs | Times the first row | Peak MiB |",
             "|---|---:|---:|---:|---:|---:|---:|---:|---:|"]
    base = rows[0][1]
    for name, measured in rows:
        seconds = measured.seconds
        ratios = [of(seconds) / of(base.seconds) for of in (min, statistics.median, max)]
        cpu = f"{statistics.median(measured.cpu_seconds):.3f}" if measured.cpu_seconds else "-"
        lines.append(f"| {name} | {answer(measured.found)} | {min(seconds):.3f} | {statistics.median(seconds):.3f} "
                     f"| {max(seconds):.3f} | {cpu} | {len(seconds)} | {' / '.join(map(ratio, ratios))} "
                     f"| {measured.peak_mib:.0f} |")
    return "\n".join(lines)

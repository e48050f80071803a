#!/usr/bin/env python3
"""scikit-learn's DBSCAN on raw points: peer_sklearn.py FILE RADIUS MIN_POINTS REPEATS THREADS. Prints one JSON object."""
import json
import resource
import sys
import time

import numpy as np
import sklearn
from sklearn.cluster import DBSCAN

file, radius, min_points, repeats, threads = sys.argv[1:]
points = np.fromfile(file, "<f8").reshape(-1, 2)
seconds, cpu_seconds = [], []
for _ in range(int(repeats)):
    start, cpu_start = time.perf_counter(), time.process_time()
    found = DBSCAN(eps=float(radius), min_samples=int(min_points), n_jobs=int(threads)).fit(points)
    seconds.append(round(time.perf_counter() - start, 4))
    cpu_seconds.append(round(time.process_time() - cpu_start, 4))
print(json.dumps({
    "version": sklearn.__version__,
    "clusters": int(found.labels_.max() + 1),
    "noise": int((found.labels_ == -1).sum()),
    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    "seconds": seconds,
    "cpu_seconds": cpu_seconds,
}))

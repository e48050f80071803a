#!/usr/bin/env python3
"""Seeded points for the clustering benchmark: make_points.py N FILE.f64

200 Gaussian clusters (standard deviation log-uniform from 1 to 15 km, lognormal weights, centres anywhere in a box of
700 by 1,500 km) hold four fifths of the points; one fifth lies anywhere in the box, as do cluster points that fall
outside it. Shuffled, rounded to the millimetre, written as little-endian float64 pairs x, y. The clusters are the same
for every N. With a radius of 500 m and 10 points DBSCAN finds 220, 2,243 and 8,403 clusters and 77,135, 455,553 and
2,170,569 points of noise among 100 thousand, 1 million and 10 million points.
"""
import sys

import numpy as np

SEED = 20240611
BOX = np.array([700e3, 1500e3])
CLUSTERS = 200


def points(n):
    shape = np.random.default_rng(SEED)
    centres = shape.random((CLUSTERS, 2)) * BOX
    deviations = np.exp(shape.uniform(np.log(1e3), np.log(15e3), CLUSTERS))
    weights = shape.lognormal(0, 0.7, CLUSTERS)
    weights /= weights.sum()

    draw = np.random.default_rng([SEED, n])
    anywhere = n // 5
    clustered = n - anywhere
    member = draw.choice(CLUSTERS, clustered, p=weights)
    inner = centres[member] + draw.normal(size=(clustered, 2)) * deviations[member][:, None]
    astray = ((inner < 0) | (inner >= BOX)).any(axis=1)
    inner[astray] = draw.random((astray.sum(), 2)) * BOX
    draw.normal(size=clustered)  # an attribute that other benchmarks of the same seed draw here
    outer = draw.random((anywhere, 2)) * BOX
    draw.normal(size=anywhere)
    return np.round(np.vstack([inner, outer])[draw.permutation(n)], 3)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    points(int(sys.argv[1])).astype("<f8").tofile(sys.argv[2])

#!/usr/bin/env python3
"""Compares the program's statistics of point patterns with spatstat's, on spatstat's own data and on ragged windows.

R writes the points and windows, the program computes, R compares: K by all corrections, cross-K, the pair correlation,
Clark-Evans and the quadrat test. Numbers agree to 1e-9 at distances that no pair has; translation weights in polygons,
which spatstat takes from a raster by default, agree with spatstat's exact ones to 1e-3. Exit code 77 (skipped) without R
and spatstat.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

BINARY = os.environ["YAAN_BINARY"]

PREPARE = r"""
suppressMessages(library(spatstat))
write_points <- function(X, name, kinds = NULL) {
  d <- data.frame(x = X$x, y = X$y)
  if (!is.null(kinds)) d$kind <- kinds
  write.csv(format(d, digits = 17, trim = TRUE), paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
}
write_window <- function(W, name) {
  rings <- sapply(as.polygonal(W)$bdry, function(b) paste0("(", paste(sprintf("%.17g %.17g", c(b$x, b$x[1]), c(b$y, b$y[1])),
                                                          collapse = ", "), ")"))
  cat(sprintf("name,wkt\nwindow,\"POLYGON (%s)\"\n", paste(rings, collapse = ", ")), file = paste0(name, ".csv"))
}
set.seed(7)
angle <- seq(0, 2 * pi, length.out = 42)[-42]
far <- runif(41, .5, 1)
ragged <- owin(poly = list(list(x = far * cos(angle), y = far * sin(angle)),
                           list(x = c(-.2, .1, .25, .05), y = c(-.1, -.2, .05, .2))))
patterns <- list(cells = cells, redwood = redwood, japanesepines = japanesepines, bei = unmark(bei),
                 ragged = runifpoint(45, ragged))
for (name in names(patterns)) {
  write_points(patterns[[name]], name)
  write_window(Window(patterns[[name]]), paste0(name, "_window"))
}
write_points(amacrine, "amacrine", marks(amacrine))
write_window(Window(amacrine), "amacrine_window")
saveRDS(patterns, "patterns.rds")
"""

R = r"""
suppressMessages(library(spatstat))
patterns <- readRDS("patterns.rds")
table_of <- function(...) read.csv(paste0(paste(..., sep = "_"), ".csv"), fileEncoding = "UTF-8-BOM")
worst <- 0
same <- function(what, ours, theirs, room = 1e-9, scale = max(abs(theirs))) {
  off <- max(abs(ours - theirs)) / scale
  if (room < 1e-8) worst <<- max(worst, off)
  if (!is.finite(off) || off > room) stop(sprintf("%s differs by %g", what, off))
}
# Rows whose distance no pair has: elsewhere rounding decides on which side a pair counts.
untied <- function(r, d) sapply(r, function(q) q > 0 && min(abs(d - q)) > 1e-9 * max(r))
for (name in names(patterns)) {
  X <- patterns[[name]]; n <- npoints(X); A <- area(Window(X)); big <- n > 2000
  most <- if (name == "bei") 100 else .25
  b <- bdist.points(X); h <- .15 / sqrt(n / A)
  near <- closepairs(X, most + h, what = "all"); d <- near$d
  polygon <- !is.rectangle(Window(X))
  weights <- list(none = 1 + 0 * d, isotropic = as.vector(edge.Ripley(X[near$i], cbind(d))),
                  translation = pmin(edge.Trans(dx = near$dx, dy = near$dy, W = Window(X), exact = polygon, paired = TRUE), 100))
  for (correction in c("none", "isotropic", "translation", "border")) {
    o <- table_of(name, correction)
    r <- o$distance_m
    ok <- untied(r, d[d > 0]) & sapply(r, function(q) min(abs(b - q)) > 1e-9 * most)
    column <- c(none = "un", isotropic = "iso", translation = "trans", border = "border")[[correction]]
    arguments <- c(none = "none", isotropic = "isotropic", translation = "translate", border = "border")
    theirs <- as.data.frame(Kest(X, r = r, correction = arguments[[correction]], nlarge = Inf))[[column]]
    if (correction == "border")  # by definition: Kest's own histograms depend on the steps
      theirs <- sapply(r, function(q) sum(d <= q & b[near$i] >= q) * A / (n * sum(b >= q)))
    if (correction == "translation" && polygon) {
      same("K translation, raster", o$k_m2[ok], theirs[ok], 2e-2)
      theirs <- sapply(r, function(q) sum(weights$translation[d <= q])) * A / (n * (n - 1))
    }
    same(paste(name, "K", correction), o$k_m2[ok], theirs[ok], if (correction == "translation" && polygon) 1e-3 else 1e-9)
    same(paste(name, "L", correction), o$l_m[ok], sqrt(o$k_m2[ok] / pi))
    if (name == "bei" && correction %in% c("translation", "border")) {
      at <- which.min(abs(r - 50)); published <- c(translation = 15725.63, border = 13326.1)[[correction]]
      cat(sprintf("bei K(50) %s %.2f, published %.2f\n", correction, o$k_m2[at], published))
      same("bei as published", o$k_m2[at], published, 5e-5)
    }
    if (big || correction == "border") next
    o <- table_of(name, "g", correction)
    g <- sapply(o$distance_m, function(q) {
      u <- (q - d) / h
      sum(pmax(0, .75 / h * (1 - u^2)) * weights[[correction]]) * A / (n * (n - 1) * 2 * pi * q)
    })
    same(paste(name, "g", correction), o$g[-1], g[-1], if (correction == "translation" && polygon) 1e-3 else 1e-9)
    if (correction == "isotropic") {  # spatstat's own adds up on a grid
      theirs <- pcf(X, r = o$distance_m, correction = "isotropic", divisor = "r")$iso
      same("pcf", o$g[-(1:4)], theirs[-(1:4)], 2e-2)
    }
  }
  o <- table_of(name, "index")
  ce <- clarkevans(X)
  same(paste(name, "Clark-Evans"), o$clark_evans, ce[["naive"]])
  if (!polygon) same(paste(name, "Donnelly"), o$donnelly, ce[["Donnelly"]])
  same(paste(name, "p"), o$p_z, clarkevans.test(X, correction = "none", alternative = "two.sided")$p.value, 1e-9, 1)
  q <- suppressWarnings(quadrat.test(X, 3, 3))
  o <- table_of(name, "quadrats")
  same(paste(name, "chi-square"), o$chi_square[1], q$statistic[[1]], if (polygon) 1e-6 else 1e-9)
  same(paste(name, "p of chi-square"), o$p[1], q$p.value, 1e-6, 1)
}
same("redwood chi-square as published", table_of("redwood", "quadrats")$chi_square[1], 22.77419, 5e-7)
o <- table_of("amacrine", "cross")
d <- crossdist(split(amacrine)$on, split(amacrine)$off)
ok <- untied(o$distance_m, d)
same("cross-K", o$k_m2[ok], Kcross(amacrine, "on", "off", r = o$distance_m, correction = "isotropic")$iso[ok])
same("cross-K as published", o$k_m2[which.min(abs(o$distance_m - .1))], .03108606, 5e-7)
cat(sprintf("agrees with spatstat %s, exact numbers to %.1e\n", packageVersion("spatstat"), worst))
"""


def main():
    try:
        subprocess.run(["Rscript", "-e", "library(spatstat)"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        print("skipped: R with spatstat is not installed (tools/setup bench)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "prepare.R").write_text(PREPARE)
        subprocess.run(["Rscript", "prepare.R"], cwd=folder, check=True, capture_output=True)

        def yaan(verb, name, output, *more):
            subprocess.run([BINARY, verb, f"{name}.csv", "--x", "x", "--y", "y", "--crs", "local", "--window",
                            f"{name}_window.csv", "--window-crs", "local", "--simulations", "0", "-o", output, *more],
                           cwd=folder, check=True, capture_output=True)

        for name in ("cells", "redwood", "japanesepines", "bei", "ragged"):
            most, steps = ("100m", "100") if name == "bei" else ("0.25m", "50")
            for correction in ("none", "isotropic", "translation", "border"):
                curve = ["--max-distance", most, "--steps", steps, "--correction", correction]
                yaan("ripley-k", name, f"{name}_{correction}.csv", *curve)
                if correction != "border":
                    yaan("pair-correlation", name, f"{name}_g_{correction}.csv", *curve)
            yaan("nearest-neighbour-index", name, f"{name}_index.csv")
            yaan("quadrat-test", name, f"{name}_quadrats.csv", "--columns", "3", "--rows", "3")
        yaan("cross-k", "amacrine", "amacrine_cross.csv", "--category", "kind", "--from-kind", "on", "--to-kind", "off",
             "--max-distance", "0.25m", "--steps", "50")
        (pathlib.Path(folder) / "compare.R").write_text(R)
        return subprocess.run(["Rscript", "compare.R"], cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

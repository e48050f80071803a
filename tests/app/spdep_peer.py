#!/usr/bin/env python3
"""Compares the program's statistics of autocorrelation and smoothed rates with spdep's, on a map of the reference data.

Weights go to R as a .gal file that the program wrote, values as its CSV outputs. Analytic numbers must agree to 1e-9,
permuted p-values within four and a half standard errors of both. Exit code 77 (skipped) without R, spdep or the data.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

BINARY = os.environ["YAAN_BINARY"]
MAP = pathlib.Path(os.environ["YAAN_SHARED"]) / "data/spatialstats/columbus/columbus.shp"

PREPARE = r"""
suppressMessages({library(spdep); library(spData)})
data(nc.sids)  # North Carolina with the neighbours of Cressie and Chan (1989): two counties have none
nb <- ncCC89.nb
attr(nb, "region.id") <- as.character(1:100)
write.nb.gal(nb, "nc.gal", oldstyle = FALSE, shpfile = "nc", ind = "id")
write.csv(data.frame(id = 1:100, east = nc.sids$east, north = nc.sids$north, rate = nc.sids$SID74 / nc.sids$BIR74,
                     deaths = nc.sids$SID74, births = nc.sids$BIR74),
          "nc.csv", row.names = FALSE)
"""

R = r"""
suppressMessages(library(spdep))
nb <- read.gal("w.gal", override.id = TRUE)
ids <- attr(nb, "region.id")
table_of <- function(name) { d <- read.csv(name, fileEncoding = "UTF-8-BOM"); d[match(ids, d$POLYID), ] }
worst <- 0
same <- function(what, ours, theirs, room = 1e-9) {
  off <- max(abs(ours - theirs) / pmax(abs(theirs), 1e-12))
  worst <<- max(worst, off)
  if (!is.finite(off) || off > room) stop(sprintf("%s differs by %g", what, off))
}
within_bounds <- function(what, ours, theirs, draws) {
  p <- (ours + theirs) / 2
  far <- abs(ours - theirs) - 4.5 * sqrt(2 * p * (1 - p) / draws) - 2 / draws
  if (max(far) > 0) stop(sprintf("%s: permuted p-values are %g too far apart", what, max(far)))
}
w <- nb2listw(nb, style = "W"); b <- nb2listw(nb, style = "B")
d <- table_of("lisa.csv"); x <- d$CRIME
one <- function(name) read.csv(name, fileEncoding = "UTF-8-BOM")

m <- moran.test(x, w); o <- one("moran.csv")
same("I", o$moran_i, m$estimate[[1]]); same("VI", o$variance_randomised, m$estimate[[3]])
n <- moran.test(x, w, randomisation = FALSE, alternative = "two.sided")
same("VI normal", o$variance_normal, n$estimate[[3]]); same("p normal", o$p_normal, n$p.value)
g <- geary.test(x, w); o <- one("geary.csv")
same("C", o$geary_c, g$estimate[[1]]); same("VC", o$variance_randomised, g$estimate[[3]])
g <- globalG.test(x, b); o <- one("g.csv")
same("G", o$general_g, g$estimate[[1]]); same("VG", o$variance_randomised, g$estimate[[3]])
j <- joincount.multi(factor(d$EW), b); o <- one("joins.csv")
same("joins", o$joins[c(1, 3, 2)], j[1:3, 1]); same("joins variance", o$variance[c(1, 3, 2)], j[1:3, 3])
xy <- moran_bv(x, d$INC, w, nsim = 99)
same("bivariate I", one("bivariate.csv")$bivariate_moran_i, xy$t0)

nc <- one("nc.csv")
cc <- nb2listw(read.gal("nc.gal", override.id = TRUE), style = "W", zero.policy = TRUE)
for (adjust in c(TRUE, FALSE)) {
  m <- moran.test(nc$rate, cc, zero.policy = TRUE, adjust.n = adjust)
  o <- one(if (adjust) "nc_uncounted.csv" else "nc_keep.csv")
  same("I with islands", o$moran_i, m$estimate[[1]]); same("VI with islands", o$variance_randomised, m$estimate[[3]])
  same("I as published", round(o$moran_i, 5), if (adjust) .24724 else .25229)
}

r <- one("rates.csv")
global <- EBest(r$deaths, r$births)
same("global rates", r$rate_eb / 1000, global$estmm); same("raw rates", r$rate / 1000, global$raw)
near <- EBlocal(r$deaths, r$births, read.gal("nc.gal", override.id = TRUE), zero.policy = TRUE, geoda = TRUE)
there <- is.finite(near$est)  # spdep has 0 / 0 where a neighbourhood had no death at all, we have 0
same("local rates", r$rate_eb_local[there] / 1000, near$est[there])
stopifnot(r$rate_eb_local[!there] == 0, sum(!there) < 10)

l <- localmoran(x, w)
same("Ii", d$local_moran, l[, 1]); same("E Ii", d$local_moran_expected, l[, 2])
same("Var Ii", d$local_moran_variance, l[, 3]); same("p of z", d$local_moran_p_z, l[, 5])
same("adjusted", p.adjust(d$local_moran_p, "BH"), d$local_moran_p_adjusted)
# spdep 1.2 draws the neighbours of a permutation with replacement, which widens its p-values; R draws them here without.
set.seed(3)
two_sided <- function(drawn, seen) pmin(1, 2 * (min(sum(drawn >= seen), sum(drawn <= seen)) + 1) / (length(drawn) + 1))
lags <- function(f) sapply(seq_along(x), function(i) {
  others <- f(i)[-i]
  two_sided(replicate(9999, sum(sample(others, card(nb)[i]))), sum(f(i)[nb[[i]]]))
})
within_bounds("local Moran", d$local_moran_p, lags(function(i) x), 9999)
h <- table_of("hot.csv")
same("Gi*", h$local_g_z, as.numeric(localG(x, nb2listw(include.self(nb), style = "B"))))
h <- table_of("cold.csv")
same("Gi", h$local_g_z, as.numeric(localG(x, b)))
k <- table_of("geary_local.csv")
same("c", k$local_geary * 48 / 49, as.numeric(localC(x, w)))
within_bounds("local Geary", k$local_geary_p, lags(function(i) (x - x[i])^2), 9999)
cat(sprintf("agrees with spdep %s, analytic numbers to %.1e\n", packageVersion("spdep"), worst))
"""


def main():
    try:
        subprocess.run(["Rscript", "-e", "library(spdep)"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        print("skipped: R with spdep is not installed (tools/setup bench)")
        return 77
    if not MAP.exists():
        print(f"skipped: no reference data: {MAP}")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        common = ["--crs", "local", "--column", "id=POLYID"]
        crime = [*common, "--variable", "CRIME", "--permutations", "9999"]
        (pathlib.Path(folder) / "prepare.R").write_text(PREPARE)
        subprocess.run(["Rscript", "prepare.R"], cwd=folder, check=True, capture_output=True)
        for rule in ("keep", "uncounted"):
            subprocess.run([BINARY, "moran", "nc.csv", "--x", "east", "--y", "north", "--crs", "local", "--variable", "rate",
                            "--weights", "nc.gal", "--islands", rule, "-o", f"nc_{rule}.csv"], cwd=folder, check=True,
                           capture_output=True)
        subprocess.run([BINARY, "rates", "nc.csv", "--x", "east", "--y", "north", "--crs", "local", "--events", "deaths",
                        "--population", "births", "--per", "1000", "--weights", "nc.gal", "-o", "rates.csv"], cwd=folder,
                       check=True, capture_output=True)
        for call in (["spatial-weights", "-o", "w.gal", *common], ["moran", "-o", "moran.csv", *crime],
                     ["geary", "-o", "geary.csv", *crime], ["general-g", "-o", "g.csv", *crime],
                     ["join-counts", "-o", "joins.csv", *common, "--variable", "EW"],
                     ["bivariate-moran", "-o", "bivariate.csv", *crime, "--neighbour-variable", "INC"],
                     ["local-moran", "-o", "lisa.csv", *crime], ["local-g", "-o", "hot.csv", *crime],
                     ["local-g", "-o", "cold.csv", *crime, "--star", "false"], ["local-geary", "-o", "geary_local.csv", *crime]):
            subprocess.run([BINARY, call[0], str(MAP), *call[1:]], cwd=folder, check=True, capture_output=True)
        (pathlib.Path(folder) / "compare.R").write_text(R)
        return subprocess.run(["Rscript", "compare.R"], cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

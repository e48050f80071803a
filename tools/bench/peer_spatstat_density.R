# spatstat on raw points in a box of 700 by 1,500 km: Rscript peer_spatstat_density.R FILE BANDWIDTH CELL REPEATS.
# Prints one JSON object.
arguments <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(spatstat))
values <- readBin(arguments[1], "double", n = file.size(arguments[1]) / 8, size = 8, endian = "little")
points <- matrix(values, ncol = 2, byrow = TRUE)
pattern <- ppp(points[, 1], points[, 2], c(0, 700e3), c(0, 1500e3), check = FALSE)
cell <- as.numeric(arguments[3])
seconds <- c()
cpu_seconds <- c()
for (i in seq_len(as.integer(arguments[4]))) {
  spent <- system.time(
    found <- density(pattern, sigma = as.numeric(arguments[2]), dimyx = c(1500e3, 700e3) / cell)
  )
  seconds <- c(seconds, spent[["elapsed"]])
  cpu_seconds <- c(cpu_seconds, spent[["user.self"]] + spent[["sys.self"]])
}
peak <- as.numeric(sub("\\D*(\\d+).*", "\\1", grep("^VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
cat(sprintf('{"version": "%s", "mass": %.9g, "peak_per_km2": %.12g, "peak_mib": %.0f, "seconds": [%s], "cpu_seconds": [%s]}\n',
            packageVersion("spatstat.explore"), integral(found), max(found) * 1e6, peak,
            paste(sprintf("%.4f", seconds), collapse = ", "),
            paste(sprintf("%.4f", cpu_seconds), collapse = ", ")))

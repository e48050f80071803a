# R dbscan's OPTICS on raw points: Rscript peer_optics.R FILE RADIUS MIN_POINTS REPEATS. Prints one JSON object.
arguments <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(dbscan))
values <- readBin(arguments[1], "double", n = file.size(arguments[1]) / 8, size = 8, endian = "little")
points <- matrix(values, ncol = 2, byrow = TRUE)
seconds <- c()
cpu_seconds <- c()
for (i in seq_len(as.integer(arguments[4]))) {
  spent <- system.time(
    found <- optics(points, eps = as.numeric(arguments[2]), minPts = as.integer(arguments[3]))
  )
  seconds <- c(seconds, spent[["elapsed"]])
  cpu_seconds <- c(cpu_seconds, spent[["user.self"]] + spent[["sys.self"]])
}
peak <- as.numeric(sub("\\D*(\\d+).*", "\\1", grep("^VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
cat(sprintf('{"version": "%s", "reachability": %.4f, "peak_mib": %.0f, "seconds": [%s], "cpu_seconds": [%s]}\n',
            packageVersion("dbscan"), sum(found$reachdist[is.finite(found$reachdist)]), peak,
            paste(sprintf("%.4f", seconds), collapse = ", "),
            paste(sprintf("%.4f", cpu_seconds), collapse = ", ")))

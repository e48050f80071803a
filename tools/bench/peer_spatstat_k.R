# spatstat's K with the isotropic correction on raw points: Rscript peer_spatstat_k.R POINTS WINDOW FARTHEST STEPS REPEATS.
# In the file of the window each ring ends with a pair of NaN. Prints one JSON object.
arguments <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(spatstat))
read_pairs <- function(file) {
  matrix(readBin(file, "double", n = file.size(file) / 8, size = 8, endian = "little"), ncol = 2, byrow = TRUE)
}
points <- read_pairs(arguments[1])
corners <- read_pairs(arguments[2])
number <- cumsum(is.nan(corners[, 1]))
rings <- lapply(split(which(!is.nan(corners[, 1])), number[!is.nan(corners[, 1])]),
                function(rows) list(x = corners[rows, 1], y = corners[rows, 2]))
rings <- lapply(unname(rings), function(ring) {
  if (spatstat.utils::Area.xypolygon(ring) < 0) lapply(ring, rev) else ring
})
window <- owin(poly = rings, check = FALSE, fix = FALSE)  # with the very vertices, also those on a line
if (is.rectangle(window)) window <- as.rectangle(window)  # spatstat has formulas of its own for these
pattern <- ppp(points[, 1], points[, 2], window = window, check = FALSE)
distances <- as.numeric(arguments[3]) * (0:as.integer(arguments[4])) / as.integer(arguments[4])
seconds <- c()
cpu_seconds <- c()
for (i in seq_len(as.integer(arguments[5]))) {
  spent <- system.time(
    found <- Kest(pattern, r = distances, correction = "isotropic", nlarge = Inf)
  )
  seconds <- c(seconds, spent[["elapsed"]])
  cpu_seconds <- c(cpu_seconds, spent[["user.self"]] + spent[["sys.self"]])
}
peak <- as.numeric(sub("\\D*(\\d+).*", "\\1", grep("^VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
cat(sprintf('{"version": "%s", "k": [%s], "peak_mib": %.0f, "seconds": [%s], "cpu_seconds": [%s]}\n',
            packageVersion("spatstat.explore"), paste(sprintf("%.17g", found$iso), collapse = ", "), peak,
            paste(sprintf("%.4f", seconds), collapse = ", "),
            paste(sprintf("%.4f", cpu_seconds), collapse = ", ")))

# spdep's conditional permutation on what autocorrelation_bench --write left in FOLDER:
# Rscript peer_spdep_local.R moran|g FOLDER NEIGHBOURS PERMUTATIONS REPEATS. Prints one JSON object; "off" is the largest
# difference of the statistic of a feature from the written one, over the largest one.
arguments <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(spdep))
in_folder <- function(name) file.path(arguments[2], name)
read_doubles <- function(file) readBin(file, "double", n = file.size(file) / 8, size = 8, endian = "little")
values <- read_doubles(in_folder("values.f64"))
theirs <- read_doubles(in_folder("statistic.f64"))
count <- as.integer(arguments[3])
numbers <- readBin(in_folder("neighbours.u32"), "integer", n = count * length(values), size = 4, endian = "little")
neighbours <- unname(split(numbers, rep(seq_along(values), each = count)))
class(neighbours) <- "nb"
attr(neighbours, "region.id") <- as.character(seq_along(values))
weights <- nb2listw(neighbours, style = "W")
whole <- moran(values, weights, length(values), Szero(weights))$I
if (arguments[1] == "moran") {
  statistic <- localmoran(values, weights)[, 1]
  work <- function() localmoran_perm(values, weights, nsim = as.integer(arguments[4]), iseed = 1)[, "Pr(folded) Sim"]
} else {  # shares of the sum, so of values that are positive
  weights <- nb2listw(include.self(neighbours), style = "W")
  positive <- values - min(values) + 1
  statistic <- as.vector(localG(positive, weights))
  work <- function() {
    found <- localG_perm(positive, weights, nsim = as.integer(arguments[4]), iseed = 1)
    attr(found, "internals")[, "Pr(folded) Sim"]
  }
}
seconds <- c()
cpu_seconds <- c()
for (i in seq_len(as.integer(arguments[5]))) {
  spent <- system.time(p <- work())
  seconds <- c(seconds, spent[["elapsed"]])
  cpu_seconds <- c(cpu_seconds, spent[["user.self"]] + spent[["sys.self"]])
}
peak <- as.numeric(sub("\\D*(\\d+).*", "\\1", grep("^VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
cat(sprintf('{"version": "%s", "moran": %.17g, "off": %.3g, "marked": %d, "peak_mib": %.0f, "seconds": [%s], "cpu_seconds": [%s]}\n',
            packageVersion("spdep"), whole, max(abs(statistic - theirs)) / max(abs(theirs)), sum(p <= .05), peak,
            paste(sprintf("%.4f", seconds), collapse = ", "),
            paste(sprintf("%.4f", cpu_seconds), collapse = ", ")))

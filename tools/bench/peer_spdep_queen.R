# spdep's queen contiguity of the polygons of a file that sf reads, in their plane or plain degrees: Rscript
# peer_spdep_queen.R FILE REPEATS. Prints one JSON object.
arguments <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages({library(spdep); library(sf)})
areas <- st_geometry(st_read(arguments[1], quiet = TRUE))
st_crs(areas) <- NA
seconds <- c()
cpu_seconds <- c()
for (i in seq_len(as.integer(arguments[2]))) {
  spent <- system.time(found <- poly2nb(areas, queen = TRUE))
  seconds <- c(seconds, spent[["elapsed"]])
  cpu_seconds <- c(cpu_seconds, spent[["user.self"]] + spent[["sys.self"]])
}
peak <- as.numeric(sub("\\D*(\\d+).*", "\\1", grep("^VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
cat(sprintf('{"version": "%s", "areas": %d, "links": %d, "peak_mib": %.0f, "seconds": [%s], "cpu_seconds": [%s]}\n',
            packageVersion("spdep"), length(areas), sum(card(found)), peak,
            paste(sprintf("%.4f", seconds), collapse = ", "),
            paste(sprintf("%.4f", cpu_seconds), collapse = ", ")))

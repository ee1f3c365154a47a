# R's stats::ksmooth, a contestant as peers/serving.py describes them.
#
# It knows the boxcar and the Gaussian, cut at four standard deviations, and counts bandwidths its
# own way: the quartiles of the kernel lie at ± 0.25 of them.

options <- commandArgs(trailingOnly = TRUE)
option <- function(name) options[match(paste0("--", name), options) + 1]

# Arrays of doubles in NPY's format 1.0: 8 bytes of magic and version, the header's length in 2,
# the header, the numbers.
read_npy <- function(path) {
  file <- file(path, "rb")
  on.exit(close(file))
  readBin(file, "raw", 8)
  readBin(file, "raw", readBin(file, "integer", 1, size = 2, signed = FALSE))
  readBin(file, "double", file.size(path) %/% 8)
}

write_npy <- function(path, numbers) {
  file <- file(path, "wb")
  on.exit(close(file))
  header <- sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }", length(numbers))
  header <- paste0(formatC(header, width = -117), "\n")
  writeBin(c(as.raw(c(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0)), as.raw(c(118, 0))), file)
  writeBin(charToRaw(header), file)
  writeBin(as.double(numbers), file)
}

reply <- function(text) {
  cat(text, "\n", sep = "")
  flush(stdout())
}

kernel <- option("kernel")
bandwidth <- as.double(option("bandwidths"))
if (!kernel %in% c("gaussian", "boxcar")) {
  reply(sprintf('{"error": "it has no %s kernel"}', kernel))
  quit()
}
keys <- read_npy(option("keys"))
queries <- read_npy(option("queries"))
values <- read_npy(option("values"))

# The half quartile distance of the standard normal distribution, over ksmooth's quarter.
gaussian_width <- qnorm(0.75) / 0.25

estimate <- function() {
  fit <- if (kernel == "gaussian") {
    ksmooth(keys, values, "normal", bandwidth * gaussian_width, x.points = queries)
  } else {
    ksmooth(keys, values, "box", bandwidth * 2, x.points = queries)
  }
  # It answers in the order of the queries' size.
  result <- numeric(length(queries))
  result[order(queries)] <- fit$y
  result
}

reply('{"ready": true}')
input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) == 1) {
  if (line == "run") {
    start <- as.double(Sys.time())
    estimates <- estimate()
    reply(sprintf('{"seconds": %.9f}', as.double(Sys.time()) - start))
  } else if (startsWith(line, "result ")) {
    write_npy(substring(line, 8), estimates)
    reply('{"written": true}')
  }
}

# What R's smoothers give, as JSON: Rscript peers.R MCYCLE.csv CARS.csv BANDWIDTH
suppressMessages({
  library(KernSmooth)
  library(jsonlite)
})
arguments <- commandArgs(TRUE)
mcycle <- read.csv(arguments[1])
cars <- read.csv(arguments[2])
h <- as.numeric(arguments[3])
x <- mcycle[[1]]
y <- mcycle[[2]]

smooths <- list()
for (size in c(401, 4001)) {
  for (degree in 0:3) {
    smooth <- function(derivative)
      locpoly(x, y, drv = derivative, degree = degree, bandwidth = h, gridsize = size)$y
    smooths[[length(smooths) + 1]] <- list(
      size = size, degree = degree, fit = smooth(0), gradient = if (degree > 0) smooth(1))
  }
}

# A neighbourhood of K rows is a span of K/n.
loess_at <- function(data, at, k)
  predict(
    loess(
      y ~ ., data, span = k / nrow(data), degree = 0, normalize = FALSE,
      control = loess.control(surface = "direct")),
    at)
line <- data.frame(x = x, y = y)
lattice <- expand.grid(a = 0:4, b = 0:3, copy = 1:2)[c("a", "b")]
lattice$y <- sin(3 * lattice$a) + lattice$b * cos(lattice$a) + seq_len(nrow(lattice)) / 40
places <- data.frame(a = c(2, 1.5, 0, 3.25, 7), b = c(1, 1, 0, 2.5, -2))
counts <- c(9, 15, 27, 40)

points <- seq(3.0123, 57, by = 0.37)
# ksmooth's normal kernel has its quartiles at a quarter of the bandwidth: σ is 0.3706506 of it.
cat(toJSON(
  list(
    r = paste(R.version$major, R.version$minor, sep = "."),
    kernsmooth = as.character(packageVersion("KernSmooth")),
    locpoly = smooths, points = points,
    normal = ksmooth(x, y, "normal", bandwidth = h / 0.3706506, x.points = points)$y,
    box = ksmooth(x, y, "box", bandwidth = 2 * 3.05, x.points = points)$y,
    speeds = sort(unique(cars[[1]])),
    edges = ksmooth(
      cars[[1]], cars[[2]], "box", bandwidth = 4, x.points = sort(unique(cars[[1]])))$y,
    counts = counts, lattice = lattice, places = places,
    loess_line = lapply(counts, function(k) loess_at(line, data.frame(x = points), k)),
    loess_lattice = lapply(counts, function(k) loess_at(lattice, places, k)),
    dpill = dpill(x, y), dpill_finer = dpill(x, y, gridsize = 4001L)),
  auto_unbox = TRUE, digits = I(17), na = "null"))

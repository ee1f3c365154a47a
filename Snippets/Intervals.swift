import Nadaraya

let speeds = [4.0, 7, 9, 10, 12, 14, 15, 18, 20, 24]
let distances = [10.0, 4, 10, 26, 24, 36, 54, 56, 48, 92]
let line = try KernelSmoother(speeds, distances, bandwidth: 5, degree: 1)

let speedsOfInterest = [8.0, 16, 22]
let queries = Queries.points(speedsOfInterest)
let curve = try line.confidenceIntervals(at: queries, level: 0.9)
let band = try line.confidenceBand(at: queries, level: 0.9)
let fresh = try line.predictionIntervals(at: queries, level: 0.5)
for query in speedsOfInterest.indices {
  print("the curve", curve.lower[0][query], curve.upper[0][query])
  print("all three at once", band.lower[0][query], band.upper[0][query])
  print("a new car", fresh.lower[0][query], fresh.upper[0][query])
}

let summary = try line.summary()
print(summary.effectiveDegreesOfFreedom, summary.rSquared[0], summary.residualVariances[0])

// How far noise moves the slope at 16 miles per hour.
let slopes = try line.wildBootstrap(replicates: 200, seed: 1) {
  replicate throws(KernelRegressionError) in
  try replicate.predict(at: .points([16]), gradients: true).gradients?[0][0][0] ?? .nan
}
let mean = slopes.reduce(0, +) / Double(slopes.count)
let squares = slopes.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
print("slope", mean, "±", (squares / Double(slopes.count - 1)).squareRoot())

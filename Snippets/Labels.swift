import Nadaraya

// Continuous inputs first, then labels as level numbers.
let ages = [25.0, 31, 38, 45, 52, 28, 36, 44, 50, 58]
let trades = [0.0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
let wages = [12.0, 15, 18, 19, 19, 16, 20, 23, 25, 24]
let sample = try Sample(keys: Points(columns: [ages, trades]), values: [wages])

let best = try Bandwidths.select(
  .leaveOneOut, for: sample, similarity: Similarity(.gaussian, labels: [.aitchisonAitken]))
let smoother = try KernelSmoother(sample, best.similarity)

let queries = Points(columns: [[40, 40], [0, 1]])
print(best.bandwidths, try smoother.predict(at: .points(queries)).values)

import Nadaraya

let days = (0..<60).map(Double.init)
let sample = try Sample(days, days.map { $0 + ($0.truncatingRemainder(dividingBy: 7) - 3) })

// Each day's estimate attends to that day and those before it, so that tomorrow changes none of them.
let trend = try KernelSmoother(
  sample, Similarity(.epanechnikov, bandwidths: [14]), degree: 1, isCausal: true)
print(try trend.predict(at: .keys).values[59])

// A bandwidth chosen anew as time goes on, each day from what was known then.
let filter = try SequentialPolynomial(sample, degree: 1)
print(try filter.predict(at: .points([30, 59])).values)

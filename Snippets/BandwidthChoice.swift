import Nadaraya

// A parabola, with noise between 0 and 1 that repeats exactly.
let times = (1...120).map { Double($0) / 12 }
let readings = times.indices.map {
  times[$0] * (10 - times[$0]) / 4 + Double($0 * $0 * 37 % 101) / 101
}
let sample = try Sample(times, readings)

for method in [BandwidthMethod.leaveOneOut, .correctedAkaike, .plugIn] {
  let selection = try Bandwidths.select(method, for: sample, degree: 1)
  print(method.rawValue, selection.bandwidths[0])
  for minimum in selection.minima {
    print("  a minimum of \(minimum.criterion) at \(minimum.bandwidths[0])")
  }
}

// The curve behind the choice.
let criterion = try BandwidthCriterion(.leaveOneOut, of: sample, degree: 1)
for bandwidth in Bandwidths.path(from: 0.1, to: 10, count: 5) {
  print(bandwidth, try criterion([bandwidth]))
}

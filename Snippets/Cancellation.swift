import Nadaraya

let keys = (0..<200_000).map { Double($0) / 1e5 }
let sample = try Sample(keys, keys.map { $0 * $0 })

let work = Task {
  try await Computation(threads: 2).perform { computation in
    try Bandwidths.select(.leaveOneOut, for: sample, computation: computation)
  }
}
work.cancel()

do {
  print(try await work.value.bandwidths)
} catch let error as KernelRegressionError where error.code == .cancelled {
  print(error)
}

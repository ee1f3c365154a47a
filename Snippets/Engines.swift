import Nadaraya

let keys = (0..<100_000).map { Double($0) / 1e4 }
let sample = try Sample(keys, keys.map { $0 * (10 - $0) })

// Errors of at most 1e-6 of the values' size will do.
let smoother = try KernelSmoother(
  sample, Similarity(.gaussian, bandwidths: [0.05]), computation: Computation(accuracy: 1e-6))
print(smoother.engineChoice.name, "because", smoother.engineChoice.reason)

// The keys' ranges and orders are found once for all bandwidths.
for bandwidth in Bandwidths.path(from: 0.01, to: 1, count: 5) {
  let other = try smoother.withBandwidths([bandwidth])
  print(bandwidth, try other.predict([5])[0])
}

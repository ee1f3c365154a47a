import Nadaraya

let speeds = [4.0, 7, 9, 10, 12, 14, 15, 18, 20, 24]
let distances = [10.0, 4, 10, 26, 24, 36, 54, 56, 48, 92]
let sample = try Sample(speeds, distances)

let best = try Bandwidths.select(.leaveOneOut, for: sample)
let smoother = try KernelSmoother(sample, best.similarity)

print(try smoother.predict([8, 16, 22]).map { $0.rounded() })
for entry in try smoother.weights(at: .points([16]), listing: .largest(3)).entries(ofQuery: 0) {
  print("speed \(speeds[entry.key]) has \((100 * entry.weight).rounded()) % of the attention")
}

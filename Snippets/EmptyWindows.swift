import Nadaraya

let sample = try Sample([0, 1, 10], [5, 6, 7])
let boxcar = Similarity(.boxcar, bandwidths: [2])

for policy in [EmptyWindowPolicy.notANumber, .nearest, .mean] {
  let smoother = try KernelSmoother(sample, boxcar, emptyWindow: policy)
  let predictions = try smoother.predict(at: .points([0, 5.5]))
  print(policy.rawValue, predictions.values, predictions.emptyWindows)
}

do {
  _ = try KernelSmoother(sample, boxcar, emptyWindow: .fail).predict([0, 5.5])
} catch {
  print(error)
}

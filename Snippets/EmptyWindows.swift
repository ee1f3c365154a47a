import Nadaraya

let keys = [0.0, 1, 10]
let values = [5.0, 6, 7]

for policy in [EmptyWindowPolicy.notANumber, .nearest, .mean] {
  let smoother = try NadarayaWatson(
    keys: keys, values: values, kernel: .boxcar, bandwidth: 2, emptyWindow: policy)
  let predictions = try smoother.predict(Points([0, 5.5]))
  print(policy.rawValue, predictions.values, predictions.emptyWindows)
}

do {
  let strict = try NadarayaWatson(
    keys: keys, values: values, kernel: .boxcar, bandwidth: 2, emptyWindow: .fail)
  _ = try strict.predict([0, 5.5])
} catch {
  print(error)
}

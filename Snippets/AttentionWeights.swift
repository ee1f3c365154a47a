import Nadaraya

let smoother = try NadarayaWatson([0, 1, 2, 5], [10, 12, 11, 20], bandwidth: 1)
let weights = try smoother.weights(at: .points([1.5, 4]))

// Which keys does query 0 attend to, and how much?
for entry in weights.entries(ofQuery: 0).prefix(2) {
  print("key \(entry.key): weight \(entry.weight)")
}

// An estimate is the sum of the values under a column of weights.
let pooled = zip(weights.column(0), smoother.sample.values[0]).map { $0 * $1 }.reduce(0, +)
print(pooled, try smoother.predict([1.5])[0])

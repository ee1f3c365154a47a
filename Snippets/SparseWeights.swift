import Nadaraya

let keys = (0..<100_000).map { Double($0) / 1000 }
let values = keys.map { $0.truncatingRemainder(dividingBy: 7) }
let smoother = try NadarayaWatson(keys, values, bandwidth: 0.05)

// The three largest weights of each query; the other 99,997 are never written down.
let attention = try smoother.weights(at: .points([12.3456, 50]), listing: .largest(3))
for query in 0..<attention.queryCount {
  for entry in attention.entries(ofQuery: query) { print(query, entry.key, entry.weight) }
  print("the rest has \(attention.remainder(ofQuery: query))")
  print("as spread out as \(attention.effectiveSampleSizes[query]) equal keys")
}

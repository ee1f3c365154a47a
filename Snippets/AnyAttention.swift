import Nadaraya

let keys = Points([0, 1, 2, 5])
let sample = try Sample(keys: keys, values: [[10, 12, 11, 20]])
let queries = Queries.points([1.5, 4])

// The Gaussian's weights are a softmax of its logarithms: the estimator in the words of attention.
let gaussian = Similarity(.gaussian, bandwidths: [1])
let softmax = try Attention(sample, score: .kernel(gaussian))
print(try softmax.predict(at: queries).values)
print(try NadarayaWatson(sample, gaussian).predict(at: queries).values)

// Sparsemax on the same scores attends to a few keys and to none of the rest.
let sparse = try Attention(sample, score: .kernel(gaussian), normalization: .sparsemax)
for entry in try sparse.weights(at: queries).entries(ofQuery: 0) {
  print("key \(entry.key): weight \(entry.weight)")
}

// Row i sees rows 0 to i, as the words of a sentence see those before them.
let causal = try Attention(sample, score: .dotProduct(), mask: .causal)
print(try causal.predict(at: .keys).values)

import Nadaraya

let keys = Points([0, 1, 2, 5])
let values = [[10.0, 12, 11, 20]]
let queries = Points([1.5, 4])

// The Gaussian's weights are a softmax of its logarithms: the estimator in the words of attention.
let gaussian = Similarity(kernel: .gaussian, bandwidths: [1])
let softmax = try Attention(keys: keys, values: values, score: .kernel(gaussian))
print(try softmax.predict(queries).values)
print(try NadarayaWatson(keys: keys, values: values, bandwidths: [1]).predict(queries).values)

// Sparsemax on the same scores attends to a few keys and to none of the rest.
let sparse = try Attention(
  keys: keys, values: values, score: .kernel(gaussian), normalization: .sparsemax)
for entry in try sparse.attention(at: queries).entries(ofQuery: 0) {
  print("key \(entry.key): weight \(entry.weight)")
}

// Row i sees rows 0 to i, as the words of a sentence see those before them.
let causal = try Attention(keys: keys, values: values, score: .dotProduct(), mask: .causal)
print(try causal.predict(keys).values)

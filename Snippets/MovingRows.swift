import Nadaraya

// A sensor that drifts upwards, a reading a second, of which the last minute counts.
var level = try StreamingRegression(Similarity(.gaussian, bandwidths: [10]), window: .span(60))
for second in 0..<600 {
  try level.add(key: [Double(second)], values: [Double(second) / 100 + Double(second % 2)])
}
print(level.count, try level.predict([599])[0])

// Rows can be taken back, and predictions follow at once.
let outlier = try level.add(key: [600], values: [1000])
level.remove(outlier)
print(level.contains(outlier), try level.predict([599])[0])

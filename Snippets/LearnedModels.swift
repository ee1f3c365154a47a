import Nadaraya

// The first input makes the value, a zigzag; the second has no part in it.
let keys = Points(
  columns: [
    (0..<400).map { Double($0 * 137 % 400) / 80 }, (0..<400).map { Double($0 * 271 % 400) / 80 },
  ])
let values = keys.column(0).map { abs($0.truncatingRemainder(dividingBy: 1) - 0.5) }

let (model, report) = try LearnedModel.learn(
  keys: keys, values: [values], options: LearningOptions(form: .metric(rank: 2)))
print(report.conclusion)
print("how much the inputs count: \(model.similarity.relevances ?? [])")
print(try model.predict(Points(rowMajor: [2, 1, 3, 4], dimension: 2)).values)

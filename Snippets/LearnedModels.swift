import Nadaraya

// The first input makes the value, a zigzag; the second has no part in it.
let keys = Points(
  columns: [
    (0..<400).map { Double($0 * 137 % 400) / 80 }, (0..<400).map { Double($0 * 271 % 400) / 80 },
  ])
let values = keys.column(0).map { abs($0.truncatingRemainder(dividingBy: 1) - 0.5) }

let learned = try LearnedModel.learn(
  Sample(keys: keys, values: [values]), options: LearningOptions(form: .metric(rank: 2)))
print(learned.report.conclusion)

let model = learned.model
print("how much the inputs count: \(model.similarity.relevances ?? [])")
print(try model.predict(at: .points(Points(columns: [[2, 3], [1, 4]]))).values)

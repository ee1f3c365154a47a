import Nadaraya

// The first input makes the value, the second has no part in it.
let keys = Points(
  columns: [
    (0..<200).map { Double($0 * 37 % 200) / 40 }, (0..<200).map { Double($0 * 71 % 200) / 40 },
  ])
let values = keys.column(0).map { $0 * $0 }

let (model, report) = try LearnedModel.learn(
  keys: keys, values: [values], options: LearningOptions(form: .metric(rank: 2)))
print(report.conclusion)
print("how much the inputs count: \(model.similarity.relevances ?? [])")
print(try model.predict(Points(rowMajor: [2, 1, 3, 4], dimension: 2)).values)

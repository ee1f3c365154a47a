import Nadaraya
import Tables
import Wording

/// Writes estimates from the sums of parts as `predict` writes its own.
struct EstimateTable {
  let question: Question
  let similarity: SimilarityOptions
  var gradient = false

  func write(_ sums: SumCollection, format: TableWriter.Format, to path: String?) throws {
    if format == .npy, !question.labels.isEmpty {
      throw Failure.usage("labels cannot be written as npy", hint: "use --format csv or json")
    }
    if similarity.empty == .nearest {
      throw Failure.usage(
        "sums of parts do not include the nearest key of a query",
        hint: "use --empty mean or nan")
    }
    let predictions = try sums.predictions(emptyWindow: similarity.empty, gradients: gradient)
    let queries = sums.queries
    var columns = question.labels.enumerated().map { place, label in
      let levels = queries.column(question.keyNames.count + place)
      return (name: label.name, values: TableWriter.Values.labels(label.texts(of: levels)))
    }
    for (input, name) in question.keyNames.enumerated() {
      columns.append((name, .numbers(queries.column(input))))
    }
    for (value, name) in question.valueNames.enumerated() {
      columns.append((name + "_hat", .numbers(predictions.estimates[value])))
      for (input, slopes) in (predictions.gradients?[value] ?? []).enumerated() {
        columns.append(("\(name)_d_\(question.keyNames[input])", .numbers(slopes)))
      }
    }
    try TableWriter.write(columns, format: format, to: path)
    warn(predictions, queryCount: queries.count)
  }

  private func warn(_ predictions: Predictions, queryCount: Int) {
    let all = counted(queryCount, "query")
    let empty = predictions.emptyWindows.count
    if empty > 0 {
      let outcome =
        similarity.empty == .mean ? "the mean of all keys is used there" : "nan is written there"
      StandardError.warn(
        "no key supports \(empty) of \(all); \(outcome)",
        hint: similarity.empty == .mean
          ? nil : "a larger --bandwidth reaches farther; --empty mean fills the gaps")
    }
    if !predictions.loweredDegrees.isEmpty {
      StandardError.warn(
        "the keys in reach of \(predictions.loweredDegrees.count) of \(all) do not determine a polynomial of "
          + "degree 1; the highest degree that they determine is used there, down to 0",
        hint: predictions.loweredDegrees.contains { $0.attainableDegree > $0.degree }
          ? "a larger --bandwidth may reach more keys" : nil)
    }
  }
}

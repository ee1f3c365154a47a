internal import Nadaraya
internal import Tables

/// A view with nothing left undetermined, and its rows: the start of every answer.
struct Resolved {
  let view: View
  let sample: ViewRows
  let execution: Execution
  let table: ExploredTable

  /// The view by parameter.
  var parameters: [String: String] {
    Dictionary(view.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  var bandwidths: [Double] { view.bandwidths ?? [] }

  /// The estimator at the view's bandwidths.
  func estimator() throws(KernelRegressionError) -> KernelSmoother {
    try sample.estimator(view, execution)
  }

  /// vᵢ − ŷ₋ᵢ(kᵢ) of each row.
  func residuals() throws(KernelRegressionError) -> [Double] {
    try execution.checkCancellation()
    let left = try estimator().predict(at: .leaveOneOut)
    return zip(sample.values, left.values).map { $0 - $1 }
  }

  /// The range of the input along the picture.
  var extent: ClosedRange<Double> { sample.extents[view.overIndex] }

  /// Evenly spaced places along the picture; a single one if the input is the same in all rows.
  func places(_ count: Int) -> [Double] {
    guard extent.lowerBound < extent.upperBound else { return [extent.lowerBound] }
    return Points([extent.lowerBound, extent.upperBound]).grid(count).coordinates
  }

  /// The number of places at which a curve is drawn: a narrow picture has fewer.
  var placeCount: Int { view.width < 600 ? 200 : 400 }

  /// Queries along the picture, with the other inputs held; the input along it comes first.
  func queries(at places: [Double]) -> Points {
    let held = sample.pictureOrder(view.held).dropFirst().map { value in
      [Double](repeating: value ?? .nan, count: places.count)
    }
    return Points(columns: [places] + held)
  }

  /// The same with the inputs in the view's order.
  func queriesInViewOrder(at places: [Double]) -> Points {
    Points(
      columns: view.inputs.indices.map { input in
        input == view.overIndex
          ? places : [Double](repeating: view.held[input] ?? .nan, count: places.count)
      })
  }
}

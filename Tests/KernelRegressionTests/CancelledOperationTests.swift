import Nadaraya
import Testing
import _TestSupport

/// Every other public operation that throws and takes an execution.
@Suite struct CancelledOperationTests {
  private static let keys = (0..<60).map { Double($0 * 37 % 60) / 60 }
  private static let values = keys.enumerated().map { $1 * $1 + Double($0 % 5) / 20 }
  private static let queries = Points((0..<40).map { Double($0) / 40 })
  private static let points = Points(keys)

  private static func lines(_ execution: Execution, degree: Int = 1) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(keys: points, values: [values]), Similarity(bandwidths: [0.1]), degree: degree,
      computation: Computation(execution))
  }

  private static func select(_ method: BandwidthMethod, _ execution: Execution) throws {
    _ = try Bandwidths.select(
      method, for: Sample(keys: points, values: [values]), computation: Computation(execution))
  }

  private static func attention(_ execution: Execution) throws -> Attention {
    try Attention(Sample(keys: points, values: [values]), computation: Computation(execution))
  }

  private static func stream(_ execution: Execution, degree: Int) throws -> StreamingRegression {
    var stream = try StreamingRegression(
      Similarity(bandwidths: [0.1]), degree: degree, computation: Computation(execution))
    try stream.add(keys: points, values: [values])
    return stream
  }

  typealias Operation = (name: String, run: (Execution) throws -> Void)

  static var all: [Operation] { selections + estimates }

  private static var selections: [Operation] {
    BandwidthMethod.ofFixedBandwidths.map { method in
      ("select \(method)", { try select(method, $0) })
    }
      + [
        (
          "select a boxcar",
          {
            _ = try Bandwidths.select(
              .leaveOneOut, for: Sample(keys: points, values: [values]),
              similarity: Similarity(.boxcar), emptyWindow: .nearest, computation: Computation($0))
          }
        ),
        (
          "select a line over two inputs",
          {
            _ = try Bandwidths.select(
              .leaveOneOut, for: Sample(keys: Points(columns: [keys, values]), values: [values]),
              degree: 1, computation: Computation($0))
          }
        ),
        (
          "select neighbors",
          {
            _ = try Bandwidths.select(
              .neighbors, for: Sample(keys: points, values: [values]), computation: Computation($0))
          }
        ),
        (
          "a criterion",
          {
            let criterion = try BandwidthCriterion(
              .leaveOneOut, of: Sample(keys: points, values: [values]), computation: Computation($0)
            )
            _ = try criterion([0.1])
          }
        ),
      ]
  }

  private static var estimates: [Operation] {
    [
      ("confidence", { _ = try lines($0).confidenceIntervals(at: .points(queries), level: 0.9) }),
      ("band", { _ = try lines($0).confidenceBand(at: .points(queries), level: 0.9) }),
      ("prediction", { _ = try lines($0).predictionIntervals(at: .points(queries), level: 0.9) }),
      (
        "bootstrap",
        { _ = try lines($0).bootstrapIntervals(at: .points(queries), level: 0.9, replicates: 20) }
      ),
      ("any bootstrap", { _ = try lines($0).wildBootstrap(replicates: 20) { _ in 0 } }),
      ("summary", { _ = try lines($0).summary() }),
      ("fits", { _ = try lines($0).leaveOneOutFits() }),
      ("gradients", { _ = try lines($0).predict(at: .points(queries), gradients: true) }),
      ("leave-one-out weights", { _ = try lines($0).attentionMatrix(at: .leaveOneOut) }),
      ("leave-one-out attention", { _ = try lines($0).weights(at: .leaveOneOut) }),
      (
        "leave-one-out map",
        { _ = try lines($0).attentionMap(at: .leaveOneOut, rows: 5, columns: 5) }
      ),
      (
        "explanation",
        { _ = try lines($0).explanation(ofQuery: 3, at: .points(queries), listing: 3) }
      ),
      (
        "leave-one-out explanation",
        { _ = try lines($0).explanation(ofQuery: 3, at: .leaveOneOut, listing: 3) }
      ),
      ("plain criteria", { _ = try lines($0, degree: 0).criteria() }),
      ("criteria of lines", { _ = try lines($0).criteria() }),
      (
        "criteria of weighted lines",
        {
          _ = try KernelSmoother(
            Sample(keys: points, values: [values], weights: values.map { _ in 1 }),
            Similarity(bandwidths: [0.1]), degree: 1, computation: Computation($0)
          ).criteria()
        }
      ),
      ("scores predict", { _ = try attention($0).predict(at: .points(queries)) }),
      ("scores leaveOneOut", { _ = try attention($0).predict(at: .leaveOneOut) }),
      ("scores attention", { _ = try attention($0).weights(at: .points(queries)) }),
      (
        "scores map",
        { _ = try attention($0).attentionMap(at: .points(queries), rows: 5, columns: 5) }
      ),
      (
        "floats",
        {
          _ = try FloatAttention(
            keys: keys.map(Float.init), values: values.map(Float.init), dimension: 1,
            computation: Computation($0)
          ).predict(queries.coordinates.map(Float.init))
        }
      ),
      ("stream", { _ = try stream($0, degree: 0).predict(at: .points(queries)) }),
      ("stream of lines", { _ = try stream($0, degree: 1).predict(at: .points(queries)) }),
      ("stream's attention", { _ = try stream($0, degree: 0).weights(at: [0.3]) }),
    ]
  }

  @Test(arguments: all.indices)
  func `each throws at once where it is given up from the start, and in the middle`(index: Int)
    throws
  {
    let (name, run) = Self.all[index]
    let comment: Comment = "\(name)"
    let patience = Patience()
    try run(patience.execution())
    let asked = patience.asked
    try #require(asked >= 1, comment)
    for limit in Set([0, 1, asked / 4, asked / 2, asked - 1]) where limit < asked {
      let impatient = Patience(limit)
      #expect(code { try run(impatient.execution()) } == .cancelled, comment)
      // Soon: both threads hear it, and every layer of the operation may ask once more.
      #expect(impatient.asked <= limit + 8, comment)
    }
  }
}

import Nadaraya
import Testing
import _TestSupport

/// An estimator for each engine, small enough to be asked many times.
struct CancelledSetting: CustomStringConvertible, Sendable {
  var name: String
  var kernel = Kernel.gaussian
  var dimension = 1
  var combination = InputCombination.product
  var labels: [LabelKernel] = []
  var neighbors: NeighborBandwidths?
  var isCausal = false
  var emptyWindow = EmptyWindowPolicy.notANumber
  var engine = EngineChoice.automatic
  var degree = 0
  var bandwidth = 0.08
  var count = 300

  /// Whether the engine serves lines too.
  var servesLines = true

  /// The engine that is to serve.
  var engineName: String

  var description: String { "\(name) of degree \(degree)" }

  static let all: [CancelledSetting] = plain.flatMap { setting in
    var line = setting
    line.degree = 1
    return setting.servesLines ? [setting, line] : [setting]
  }

  private static let plain: [CancelledSetting] = [
    .init(name: "direct", engine: .direct, engineName: "direct"),
    .init(
      name: "direct in 3 inputs", kernel: .cauchy, dimension: 3, engine: .direct,
      engineName: "direct"),
    .init(name: "piecewise", kernel: .epanechnikov, engine: .piecewise, engineName: "piecewise"),
    .init(
      name: "piecewise, nearest", kernel: .boxcar, emptyWindow: .nearest, engine: .piecewise,
      bandwidth: 1e-4, engineName: "piecewise"),
    .init(
      name: "recursion", kernel: .laplacian, engine: .recursion, servesLines: false,
      engineName: "recursion"),
    .init(name: "cells", engine: .cells, engineName: "cells"),
    // Enough pairs for maps by bins, and for nearest keys by the tree.
    .init(
      name: "many pairs", count: 3000, servesLines: false, engineName: "cells"),
    .init(
      name: "cells in 2 inputs", dimension: 2, engine: .cells, servesLines: false,
      engineName: "cells"),
    .init(
      name: "cells in 3 inputs", dimension: 3, engine: .cells, bandwidth: 0.3, servesLines: false,
      engineName: "cells"),
    .init(
      name: "tree", kernel: .triweight, dimension: 2, engine: .tree, engineName: "tree"),
    .init(
      name: "tree, radial", kernel: .gaussian, dimension: 4, combination: .radial, engine: .tree,
      engineName: "tree"),
    .init(
      name: "groups", kernel: .epanechnikov, labels: [.aitchisonAitken], engineName: "groups"),
    .init(name: "causal", isCausal: true, count: 1000, engineName: "causal"),
    .init(
      name: "causal, mean", kernel: .epanechnikov, isCausal: true, emptyWindow: .mean,
      bandwidth: 1e-3, count: 1000, engineName: "causal"),
    .init(
      name: "neighbors", neighbors: .init(count: 5, center: .ofQueries), servesLines: false,
      engineName: "neighbors"),
    .init(
      name: "neighbors of keys", dimension: 2, neighbors: .init(count: 5, center: .ofKeys),
      count: 300, servesLines: false, engineName: "neighbors"),
  ]

  private func points(_ count: Int, seed: Double) -> Points {
    let roots = [2.0, 3, 5, 7].map { $0.squareRoot() }
    var columns = roots.prefix(dimension).map { root in
      (1...count).map { (Double($0) * root * seed).truncatingRemainder(dividingBy: 1) }
    }
    for _ in labels { columns.append((0..<count).map { Double($0 % 3) }) }
    return Points(columns: columns)
  }

  var queries: Points { points(count / 2, seed: 0.71) }

  func estimator() throws -> KernelSmoother {
    let keys = points(count, seed: 1)
    let values = keys.indices.map { row in
      keys[row].reduce(Double(row % 7) / 7) { $0 + $1 * $1 }
    }
    if let neighbors {
      return try KernelSmoother(
        Sample(keys: keys, values: [values]), Similarity(kernel), neighbors: neighbors,
        computation: Computation(threads: 2))
    }
    return try KernelSmoother(
      Sample(keys: keys, values: [values]),
      Similarity(
        kernel,
        bandwidths: [Double](repeating: bandwidth, count: dimension) + labels.map { _ in 0.2 },
        combination: combination, labels: labels), degree: degree, emptyWindow: emptyWindow,
      isCausal: isCausal, computation: Computation(engine: engine, threads: 2))
  }
}

@Suite struct CancelledEngineTests {
  /// What is asked of an estimator, as plain numbers.
  static var operations: [(name: String, numbers: (KernelSmoother, Points) throws -> [Double])] {
    [
      (
        "predict",
        { estimator, queries in
          let found = try estimator.predict(
            at: .points(queries), gradients: estimator.degree > 0, diagnostics: true)
          return found.estimates[0] + (found.gradients?.joined().joined().map { $0 } ?? [])
            + (found.effectiveSampleSizes ?? []) + (found.nearestDistances ?? [])
        }
      ),
      ("leaveOneOut", { estimator, _ in try estimator.predict(at: .leaveOneOut).estimates[0] }),
      (
        "criteria",
        { estimator, _ in
          let report = try estimator.criteria()
          return report.criteria(.leaveOneOut) + report.criteria(.correctedAkaike)
        }
      ),
      (
        "weights",
        { estimator, queries in
          let found = try estimator.attentionMatrix(at: .points(queries), range: 0..<20)
          return (0..<20).flatMap { Array(found.column($0)) }
        }
      ),
      (
        "attention",
        { estimator, queries in
          let found = try estimator.weights(
            at: .points(queries), listing: .largest(3))
          return found.weights + found.keys.map(Double.init) + found.entropies
        }
      ),
      (
        "whole attention",
        { estimator, queries in
          try estimator.weights(at: .points(queries), range: 0..<20).weights
        }
      ),
      (
        "map",
        { estimator, queries in
          let map = try estimator.attentionMap(at: .points(queries), rows: 20, columns: 10)
          return map.mean + map.largest
        }
      ),
    ]
  }

  @Test(.slow, arguments: CancelledSetting.all)
  func `throws, returns nothing, and leaves the estimator as good as new, whenever it is given up`(
    setting: CancelledSetting
  ) throws {
    let queries = setting.queries
    #expect(try setting.estimator().engineChoice.name == setting.engineName)
    for (name, numbers) in Self.operations {
      let comment: Comment = "\(setting), \(name)"
      let expected = try numbers(setting.estimator(), queries).bits
      let patience = Patience()
      var estimator = try setting.estimator()
      estimator.execution = patience.execution()
      #expect(try numbers(estimator, queries).bits == expected, comment)
      // At the start and at the end at least.
      let asked = patience.asked
      try #require(asked >= 2, comment)
      estimator = try setting.estimator()
      for limit in Set([0, 1, asked / 3, asked / 2, asked - 1]) {
        estimator.execution = Patience(limit).execution()
        #expect(code { _ = try numbers(estimator, queries) } == .cancelled, comment)
      }
      estimator.execution = Execution(threads: 2)
      #expect(try numbers(estimator, queries).bits == expected, comment)
    }
  }

  @Test
  func
    `narrow cells made on demand are whole, though the query that asked for them is not answered`()
    throws
  {
    let count = 1 << 14
    let keys = (0..<count).map { Double($0 % 2) + Double($0) * 1e-6 }
    // Some ten bandwidths from either heap the weights are tiny.
    let queries = (0..<3000).map { 0.3 + Double($0) * 1e-4 }
    func estimator(_ execution: Execution) throws -> KernelSmoother {
      try KernelSmoother(
        Sample(keys, keys.map { $0 * $0 }), Similarity(bandwidths: [0.04]),
        computation: Computation(execution, engine: .cells))
    }
    let expected = try estimator(Execution(threads: 2)).predict(queries).bits
    let patience = Patience()
    #expect(try estimator(patience.execution()).predict(queries).bits == expected)
    var reused = try estimator(Execution())
    for limit in Set([0, 1, 2, 3, patience.asked / 2, patience.asked - 1]) {
      reused.execution = Patience(limit).execution()
      #expect(code { _ = try reused.predict(queries) } == .cancelled)
    }
    reused.execution = Execution(threads: 2)
    #expect(try reused.predict(queries).bits == expected)
  }

  @Test(.sweep)
  func `a million rows over all pairs are left after the blocks at work, not after the rest`()
    throws
  {
    let count = 1_000_000
    let keys = (0..<count).map { Double($0) }
    let patience = Patience(3)
    let smoother = try KernelSmoother(
      Sample(keys, keys), Similarity(bandwidths: [3]),
      computation: Computation(patience.execution(), engine: .direct))
    #expect(code { _ = try smoother.predict(at: .leaveOneOut) } == .cancelled)
    // Once at the start; once for each block of 32, until two threads have heard and the end has.
    #expect(patience.asked <= 3 + 2 + 2)
  }

  @Test
  func `what was given up stays so for the operation, whatever is answered later`() throws {
    let asked = Patience()
    let keys = (0..<500).map { Double($0) / 500 }
    let once = Execution(
      threads: 1,
      isCancelled: {
        _ = asked.isOver()
        return asked.asked == 4
      })
    var smoother = try KernelSmoother(
      Sample(keys, keys), Similarity(bandwidths: [0.1]), computation: Computation(once))
    #expect(code { _ = try smoother.predict(at: .leaveOneOut) } == .cancelled)
    // The next operation is one of its own.
    let estimates = try smoother.predict(at: .leaveOneOut).values
    smoother.execution = Execution(threads: 1)
    #expect(try smoother.predict(at: .leaveOneOut).values == estimates)
  }
}

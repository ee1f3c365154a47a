import Nadaraya
import Testing
import _TestSupport

/// Leave-one-out errors from parts against the criterion of one piece, and sums as text.
@Suite struct PartialLeaveOneOutTests {
  private static func parts(
    _ data: RegressionCase, values: [[Double]], _ similarities: [Similarity], rows asked: [Int]
  ) throws -> [PartialLeaveOneOut] {
    func rows<Value>(_ column: [Value], _ rows: [Int]) -> [Value] { rows.map { column[$0] } }
    return try (0..<3).map { part in
      var sums = try PartialLeaveOneOut(
        Sample(
          keys: data.keys.selecting(asked),
          values: values.map { rows($0, asked) },
          weights: data.observationWeights.map { rows($0, asked) }), similarities: similarities)
      // A part may come in pieces too.
      for piece in 0..<2 {
        let own = data.keys.indices.filter { $0 % 3 == part && $0 % 2 == piece }
        try sums.add(
          Sample(
            keys: data.keys.selecting(own),
            values: values.map { rows($0, own) },
            weights: data.observationWeights.map { rows($0, own) }))
      }
      return sums
    }
  }

  /// The criterion's own error is some 1e-13 of the values' square, which is some ten times what it is
  /// compared with; merges add their roundings.
  private static let tolerance = 1e-11

  @Test(arguments: Kernel.all.map(\.name).filter { $0 != "constant" }, [false, true])
  func `with all rows it is the criterion`(_ name: String, _ isWeighted: Bool) throws {
    let kernel = try #require(Kernel(named: name))
    var data = RegressionCase.random(seed: 21, kernel: kernel, count: 60, weighted: isWeighted)
    // Equal rows, in one part and in several: 12 to 14 are 11 again.
    var coordinates = data.keys.coordinates
    let weight = data.observationWeights?[11] ?? 1
    for row in [12, 13, 14] {
      coordinates[row] = coordinates[11]
      data.values[row] = data.values[11]
      data.observationWeights?[row] = weight
    }
    data.keys = Points(coordinates)
    for values in [[data.values], [data.values, data.values.map { 1e3 * $0 * $0 }]] {
      let criterion = try BandwidthCriterion(
        .leaveOneOut, of: Sample(keys: data.keys, values: values, weights: data.observationWeights),
        similarity: Similarity(kernel))
      let bandwidths = [1e-4, 0.01, 0.05, 0.3, 2]
      let parts = try Self.parts(
        data, values: values,
        bandwidths.map { Similarity(kernel, bandwidths: [$0]) },
        rows: Array(data.keys.indices))
      var merged = parts[2]
      for part in parts[..<2] { try merged.merge(part) }
      for (bandwidth, found) in zip(bandwidths, try merged.criteria()) {
        let expected = try criterion([bandwidth])
        #expect(
          found == expected || abs(found - expected) <= Self.tolerance * max(1, expected),
          "\(name) \(bandwidth)")
      }
    }
  }

  /// A sample's error is the mean over its rows of the squared residuals of refits without each.
  @Test func `a sample has the residuals of refits`() throws {
    let data = RegressionCase.random(seed: 4, kernel: .gaussian, count: 45)
    let asked = [0, 7, 4, 1, 44]
    let similarity = Similarity(.gaussian, bandwidths: [0.1])
    let parts = try Self.parts(data, values: [data.values], [similarity], rows: asked)
    var merged = parts[0]
    for part in parts[1...] { try merged.merge(part) }
    let squares = try asked.map { row in
      let others = data.keys.indices.filter { $0 != row }
      let refit = try KernelSmoother(
        Sample(others.map { data.keys.coordinates[$0] }, others.map { data.values[$0] }),
        Similarity(bandwidths: [0.1]))
      let residual = data.values[row] - (try refit.predict([data.keys.coordinates[row]])[0])
      return residual * residual
    }
    let expected = squares.reduce(0, +) / Double(asked.count)
    #expect(abs(try merged.criteria()[0] - expected) < Self.tolerance)
    // One part has not seen all rows.
    #expect(throws: KernelRegressionError.self) { try parts[0].criteria() }
  }

  /// Text that was changed in any character, or stands beside another query or count, is refused.
  @Test(arguments: [0, 1])
  func `changed text is refused`(_ degree: Int) throws {
    let data = RegressionCase.random(seed: 12, kernel: .gaussian, count: 20, bandwidth: 0.3)
    let sums = try KernelSmoother(
      Sample(keys: data.keys, values: [data.values]), Similarity(.gaussian, bandwidths: [0.3]),
      degree: degree
    ).partialSums(at: data.queries)
    let empty = try PartialSums(
      queries: data.queries, similarity: sums.similarity, valueCount: 1, degree: degree)
    func isRefused(_ body: (inout PartialSums) throws -> Void) -> Bool {
      var read = empty
      do { try body(&read) } catch let error as KernelRegressionError {
        return !error.description.isEmpty
      } catch {}
      return false
    }
    func changes(of text: String) -> [String] {
      let bytes = Array(text.utf8)
      return bytes.indices.flatMap { place in
        [bytes[place] ^ 1, UInt8(ascii: "5"), UInt8(ascii: " "), UInt8(ascii: "e")]
          .filter { $0 != bytes[place] }
          .map { byte in
            var changed = bytes
            changed[place] = byte
            return String(decoding: changed, as: UTF8.self)
          } + [String(decoding: bytes[..<place] + bytes[(place + 1)...], as: UTF8.self)]
      }
    }
    let (text, summary) = (try #require(sums.text(ofQuery: 0)), sums.summaryText(skippedCount: 3))
    for changed in changes(of: text) {
      #expect(isRefused { try $0.merge(text: changed, ofQuery: 0) }, "\(changed)")
    }
    for changed in changes(of: summary) {
      #expect(
        isRefused { try $0.merge(summaryText: changed, keyCount: 20, skippedCount: 3) },
        "\(changed)")
    }
    #expect(isRefused { try $0.merge(text: text, ofQuery: 1) })
    #expect(isRefused { try $0.merge(summaryText: summary, keyCount: 21, skippedCount: 3) })
    #expect(isRefused { try $0.merge(summaryText: summary, keyCount: 20, skippedCount: 2) })
    #expect(!isRefused { try $0.merge(text: text, ofQuery: 0) })
    #expect(!isRefused { try $0.merge(summaryText: summary, keyCount: 20, skippedCount: 3) })
  }

  @Test(arguments: [0, 1])
  func `text reads back to the same sums`(_ degree: Int) throws {
    for dimension in [1, 2] {
      let data = RegressionCase.random(
        seed: 8, kernel: .gaussian, dimension: dimension, bandwidth: 0.1, weighted: true)
      let parts = try PartialSumsTests.parts(
        data, values: PartialSumsTests.values(data), degree: degree)
      let whole = try PartialSumsTests.merged(parts)
      var read = try PartialSums(
        queries: data.queries, similarity: data.similarity, valueCount: 2, degree: degree)
      for part in parts {
        try read.merge(summaryText: part.summaryText(), keyCount: part.keyCount)
        for query in data.queries.indices {
          if let text = part.text(ofQuery: query) { try read.merge(text: text, ofQuery: query) }
        }
      }
      #expect(read.summaryText() == whole.summaryText())
      for query in data.queries.indices {
        #expect(read.text(ofQuery: query) == whole.text(ofQuery: query))
      }
      #expect(read.keyCount == whole.keyCount)
      for wrong in ["", "1", "a b c", "0.0 0.0 nan 1.0 1.0", "0.0 0.0 1.0 1.0 1.0 1.0 1.0 1.0"] {
        #expect(throws: KernelRegressionError.self) { try read.merge(text: wrong, ofQuery: 0) }
        #expect(throws: KernelRegressionError.self) {
          try read.merge(summaryText: wrong, keyCount: 1)
        }
      }
      #expect(throws: KernelRegressionError.self) {
        try read.merge(text: "0.0 0.0 1.0 1.0 1.0", ofQuery: data.queries.count)
      }
    }
  }
}

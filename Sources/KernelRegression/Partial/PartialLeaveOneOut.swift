package import KernelSums
internal import RealModule
package import SimilarityKernels

/// Leave-one-out errors of some rows of a table under several bandwidths, from parts of the table that
/// merge; for degree 0.
///
/// ```
/// LOO(h) = Σᵢ ωᵢ (vᵢ − ŷ₋ᵢ(kᵢ))²/Σᵢ ωᵢ   over the rows asked about
/// ```
///
/// Every row of the table is a key. If all rows are asked about, LOO is that of ``BandwidthCriterion``; a
/// sample of rows, the same at every bandwidth, estimates it. A row that is in several parts counts as
/// several rows.
///
/// A row is recognised by its numbers, bit for bit, since parts have no row numbers. A part counts the
/// rows equal to the one asked about and leaves them out of its sums; at the end all but one are added
/// back.
///
/// ## Source
/// M. Stone, Cross-validatory choice and assessment of statistical predictions, Journal of the Royal
/// Statistical Society B 36 (1974), doi:10.1111/j.2517-6161.1974.tb00994.x.
package struct PartialLeaveOneOut: Sendable {
  /// The keys of the rows asked about, shape `[s, d]`; rows of weight 0 are left out.
  package let keys: Points
  /// Their values, one array of s for each value column.
  package let values: [[Double]]
  /// Their observation weights; nil if all are 1.
  package let observationWeights: [Double]?
  /// The similarities to compare.
  package let similarities: [Similarity]

  /// The sums under each similarity, without the rows equal to the one asked about.
  var sums: [PartialSums]
  /// The number of rows equal to each one asked about.
  var equalRows: [Int]

  private let places: [RowBits: [Int]]

  /// A row, bit for bit.
  fileprivate struct RowBits: Hashable {
    let bits: [UInt64]

    init(_ key: ArraySlice<Double>, _ values: [[Double]], _ weight: Double, _ row: Int) {
      // −0 and 0 are one number.
      bits = (key + values.map { $0[row] } + [weight]).map { ($0 + 0).bitPattern }
    }
  }

  /// Sums of no keys.
  ///
  /// - Parameters:
  ///   - sample: the rows asked about; observation weights not all 0.
  ///   - similarities: the similarity at each bandwidth of the path.
  /// - Throws: ``KernelRegressionError`` if no row has weight or a bandwidth is out of range.
  package init(
    _ sample: Sample, similarities: [Similarity]
  ) throws(KernelRegressionError) {
    try sample.requireWeight()
    let (keys, values, observationWeights) = (sample.keys, sample.values, sample.weights)
    let rows = keys.indices.filter { row in observationWeights.map { $0[row] > 0 } ?? true }
    let asked = keys.selecting(rows)
    self.keys = asked
    self.values = values.map { column in rows.map { column[$0] } }
    self.observationWeights = observationWeights.map { weights in rows.map { weights[$0] } }
    self.similarities = try similarities.map { similarity throws(KernelRegressionError) in
      try similarity.resolved(inputs: keys.dimension)
    }
    var places: [RowBits: [Int]] = [:]
    for row in asked.indices {
      let bits = RowBits(
        asked[row], self.values, self.observationWeights?[row] ?? 1, row)
      places[bits, default: []].append(row)
    }
    self.places = places
    equalRows = [Int](repeating: 0, count: asked.count)
    sums = try self.similarities.map { similarity throws(KernelRegressionError) in
      try PartialSums(queries: asked, similarity: similarity, valueCount: values.count)
    }
  }

  /// Adds keys: a part of the table.
  ///
  /// - Parameters:
  ///   - sample: the part of the table; its observation weights may all be 0.
  ///   - computation: engine, accuracy, threads and cancellation.
  /// - Throws: ``KernelRegressionError``, as ``PartialSums/add(_:computation:)`` does.
  /// - Complexity: for each similarity, that of a prediction at the rows asked about.
  package mutating func add(
    _ sample: Sample, computation: Computation = Computation()
  ) throws(KernelRegressionError) {
    let (keys, values, observationWeights) = (sample.keys, sample.values, sample.weights)
    guard keys.dimension == self.keys.dimension, values.count == self.values.count else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "the numbers of inputs and values are \(keys.dimension) and \(values.count) in the part, but "
          + "\(self.keys.dimension) and \(self.values.count) in the rows to leave out")
    }
    let execution = computation.execution
    var planned = computation
    planned.queryCount = self.keys.count
    var equal: [RowBits: Int] = [:]
    var others: [Int] = []
    var firstRows: [RowBits: Int] = [:]
    for row in keys.indices {
      let bits = RowBits(keys[row], values, observationWeights?[row] ?? 1, row)
      if places[bits] == nil {
        others.append(row)
      } else {
        equal[bits, default: 0] += 1
        if firstRows[bits] == nil { firstRows[bits] = row }
      }
    }
    // Equal rows form one key with the sum of their weights, which is left out as a whole.
    let found = firstRows.sorted { $0.value < $1.value }
    let rows = found.map(\.value) + others
    let weights =
      equal.isEmpty && observationWeights == nil
      ? nil
      : found.map { (observationWeights?[$0.value] ?? 1) * Double(equal[$0.key] ?? 0) }
        + others.map { observationWeights?[$0] ?? 1 }
    let table = keys.selecting(rows)
    let columns = values.map { column in rows.map { column[$0] } }
    let foundPlaces = found.map { places[$0.key] ?? [] }
    let isFound = Set(foundPlaces.joined())
    let elsewhere = self.keys.indices.filter { !isFound.contains($0) }
    let queries = self.keys.selecting(elsewhere)
    for index in similarities.indices {
      let estimator = try KernelSmoother(
        part: Sample(checked: table, columns, weights), similarities[index], computation: planned)
      let own = try estimator.partialFits(
        at: table, in: 0..<found.count, omission: .own, execution: execution)
      for (fit, places) in zip(own, foundPlaces) {
        for place in places { if let fit { sums[index].merge(fit, atQuery: place) } }
      }
      let fits = try estimator.partialFits(
        at: queries, in: queries.indices, omission: .none, execution: execution)
      for (fit, place) in zip(fits, elsewhere) {
        if let fit { sums[index].merge(fit, atQuery: place) }
      }
      sums[index].keyCount += keys.count
    }
    for (bits, count) in equal {
      for place in places[bits] ?? [] { equalRows[place] += count }
    }
  }

  /// Adds the sums of other keys at the same rows and similarities.
  ///
  /// - Throws: ``KernelRegressionError`` if rows or similarities differ; nothing changes then.
  package mutating func merge(_ other: PartialLeaveOneOut) throws(KernelRegressionError) {
    guard keys == other.keys, values == other.values,
      observationWeights == other.observationWeights,
      similarities.count == other.similarities.count
    else {
      throw KernelRegressionError(
        .dimensionMismatch, "the sums were made with other rows or bandwidths")
    }
    var merged = sums
    for index in merged.indices { try merged[index].merge(other.sums[index]) }
    sums = merged
    equalRows = zip(equalRows, other.equalRows).map(+)
  }

  /// The leave-one-out error under each similarity, as ``BandwidthCriterion`` gives it: with several value
  /// columns the sum over them, each divided by its variance; infinite where no other row supports a row.
  ///
  /// - Throws: ``KernelRegressionError`` if a row asked about is not among the keys, or fewer than two
  ///   rows were asked about.
  package func criteria() throws(KernelRegressionError) -> [Double] {
    if let row = equalRows.firstIndex(of: 0) {
      let key = keys[row].map { "\($0)" }.joined(separator: ", ")
      throw KernelRegressionError(
        .dimensionMismatch, "row \(row) at \(key) is not among the keys")
    }
    let table = try SelectionTable(Sample(checked: keys, values, observationWeights))
    let scales = values.map { column in
      // The table's unit, so that no square overflows.
      let largest = column.reduce(0) { max($0, $1.magnitude) }
      return largest > 0 ? largest.binade : 1
    }
    return similarities.indices.map { index in
      let squares = values.indices.map { meanSquare($0, sums[index], scale: scales[$0]) }
      let report = CriterionReport(
        rowCount: keys.count, leaveOneOutMeanSquares: squares, meanSquares: squares,
        residualFreedom: .nan, unsupportedRows: 0)
      return table.inUnitOfValues(table.combined(report, .leaveOneOut), .leaveOneOut)
    }
  }

  private func meanSquare(_ value: Int, _ sums: PartialSums, scale: Double) -> Double {
    var sum = 0.0
    var total = 0.0
    let largest = observationWeights?.max() ?? 1
    for row in keys.indices {
      let weight = (observationWeights?[row] ?? 1) / largest
      let residual = (values[value][row] - estimate(row, value, sums)) / scale
      sum += weight * residual * residual
      total += weight
    }
    return sum / total
  }

  /// ŷ₋ᵢ(kᵢ); NaN where no other row supports the key.
  private func estimate(_ row: Int, _ value: Int, _ sums: PartialSums) -> Double {
    let others = sums.fits[row]?.blocks[0].rows[0]
    guard equalRows[row] > 1 else { return others?.means[value] ?? .nan }
    let own = sums.similarity.weight(query: keys[row], key: keys[row])
    var equal = GradedRow.none(0, of: 1, valueCount: values.count)
    equal.weight = AnchoredWeight(
      high: .log(observationWeights?[row] ?? 1), low: 0, factor: own * Double(equalRows[row] - 1))
    equal.means[value] = values[value][row]
    return (others.map { equal.pooled(with: $0) } ?? equal).means[value]
  }
}

extension PartialLeaveOneOut {
  /// The number of rows equal to the one asked about and the sums of the others under a similarity, as
  /// text with a check; nil if there are none.
  package func text(ofRow row: Int, similarity index: Int) -> String? {
    let text = sums[index].plainText(ofQuery: row)
    guard equalRows[row] > 0 || text != nil else { return nil }
    return CheckedText.text(
      (["\(equalRows[row])"] + (text.map { [$0] } ?? [])).joined(separator: " "),
      beside: [row, index])
  }

  /// Adds the sums of other keys, from the text of ``text(ofRow:similarity:)``.
  ///
  /// - Throws: ``KernelRegressionError`` for any other text.
  package mutating func merge(
    text: some StringProtocol, ofRow row: Int, similarity index: Int
  ) throws(KernelRegressionError) {
    let content = try CheckedText.content(text, beside: [row, index])
    let fields = content.split(separator: " " as Character, maxSplits: 1)
    guard let count = fields.first.flatMap({ Int($0) }), count >= 0, keys.indices.contains(row),
      similarities.indices.contains(index)
    else {
      throw KernelRegressionError(
        .dimensionMismatch, "\"\(content)\" does not hold the sums of a row")
    }
    // The line of every similarity repeats the count.
    if index == 0 { equalRows[row] += count }
    if fields.count > 1 { try sums[index].merge(plainText: fields[1], ofQuery: row) }
  }

  /// The text of what belongs to the part as a whole.
  ///
  /// - Parameter skippedCount: how many rows the part left out; the check covers this and the number of
  ///   keys, which accompany the text.
  package func summaryText(skippedCount: Int = 0) -> String {
    let keyCount = sums.first?.keyCount ?? 0
    return CheckedText.text("\(signature) \(keyCount)", beside: [keyCount, skippedCount])
  }

  /// Adds what belongs to another part as a whole.
  ///
  /// - Parameters:
  ///   - summaryText: the text of the other part.
  ///   - keyCount: how many keys it has.
  ///   - skippedCount: how many rows it left out, as given to ``summaryText(skippedCount:)``.
  /// - Throws: ``KernelRegressionError`` if the part answers another question, or the text or a number was
  ///   changed.
  package mutating func merge(
    summaryText: some StringProtocol, keyCount: Int, skippedCount: Int = 0
  ) throws(KernelRegressionError) {
    guard String(summaryText).prefix(while: { $0 != " " }) == signature else {
      throw KernelRegressionError(
        .dimensionMismatch, "the sums were made with other rows or bandwidths")
    }
    _ = try CheckedText.content(summaryText, beside: [keyCount, skippedCount])
    for index in sums.indices { sums[index].keyCount += keyCount }
  }

  private var signature: String {
    var hash = Fingerprint()
    for sums in sums { hash.add(sums.signature) }
    for column in values { for value in column { hash.add(value.bitPattern) } }
    for weight in observationWeights ?? [] { hash.add(weight.bitPattern) }
    return hash.text
  }
}

internal import KernelSums
internal import RealModule
internal import SimilarityKernels

extension CarefulFit {
  /// The triangular form of keys, about the heaviest of them; for degree 1 at most.
  ///
  /// - Parameters:
  ///   - logWeights: ln of each key's weight relative to the heaviest, all finite.
  ///   - unit: the weight of the heaviest.
  func reduced(
    _ logWeights: [(key: Int, logWeight: Double)], unit: AnchoredWeight
  ) -> PartialFit {
    let sorted = logWeights.sorted { $0.logWeight > $1.logWeight }
    guard let heaviest = sorted.first?.key else { return PartialFit(centre: [], blocks: []) }
    let centre = place(of: heaviest)
    let top = unit.high + (unit.low + .log(unit.factor))
    var blocks: [GradedBlock] = []
    for block in sorted.chunked(by: { GradedBlock.level(ofLogWeight: top + $0.logWeight) }) {
      let first = block[block.startIndex].logWeight
      blocks.append(
        self.block(
          block.map { ($0.key, .exp($0.logWeight - first)) }, centre: centre,
          unit: unit.scaled(byExponentialOf: first),
          level: GradedBlock.level(ofLogWeight: top + first),
          least: top + block[block.endIndex - 1].logWeight))
      let moves = PartialFit.moves(blocks, centre: centre, bandwidths: bandwidths)
      guard PartialFit.needed(blocks, moves: moves).count == blocks.count else {
        blocks.removeLast()
        break
      }
    }
    return PartialFit(centre: centre, blocks: blocks)
  }

  private func block(
    _ weights: [(key: Int, weight: Double)], centre: [Double], unit: AnchoredWeight, level: Int,
    least: Double
  ) -> GradedBlock {
    let total = weights.reduce(0) { $0 + $1.weight }
    let design = design(weights, total: total)
    let rows = design.elimination.triangular(
      count: bandwidths.count + 1, valueCount: values.count,
      scales: [1] + zip(design.scales, bandwidths).map { $0 / $1 }
    ) { _, diagonal in unit.scaled(bySquareOf: diagonal * .sqrt(total)) }
    // The rows count from the block's own heaviest key.
    return GradedBlock(level: level, rows: rows, least: least).moved(
      by: zip(zip(design.origin, centre), bandwidths).map { ($0.0 - $0.1) / $1 })
  }
}

extension Array {
  /// The runs of elements with the same value of a function.
  fileprivate func chunked<Value: Equatable>(by value: (Element) -> Value) -> [ArraySlice<Element>]
  {
    var runs: [ArraySlice<Element>] = []
    for index in indices {
      if let last = runs.last, value(last[last.startIndex]) == value(self[index]) {
        runs[runs.count - 1] = self[last.startIndex...index]
      } else {
        runs.append(self[index...index])
      }
    }
    return runs
  }
}

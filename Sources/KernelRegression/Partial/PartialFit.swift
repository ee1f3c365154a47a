internal import RealModule

/// The fit of a part of the keys at one query: the triangular form of its weighted least squares, about a
/// centre near the heaviest key.
///
/// Goals, in order of priority:
/// 1. Merging loses no digits that a fit to all keys at once would keep, however much the weights of the
///    parts differ: rows are graded, as in ``GradedElimination``, and weights are compared by their
///    logarithms. At degree 0 merging is a sum of weights and a weighted mean.
/// 2. The degree that the design determines is the same as for all keys at once: several parts together
///    may determine a column that no single part does.
///
/// Where the keys at one place outweigh all others by powers of ten, the line goes through their mean,
/// and the others decide only the slope; that mean is known only when all parts are merged. So keys are
/// reduced separately, in blocks of similar log-weight that are the same for all parts, and the blocks
/// are combined at the end.
struct PartialFit: Equatable {
  /// The origin of t = (k − centre)/h; empty for degree 0.
  var centre: [Double]
  /// Heaviest first, as many as determine all columns; one for degree 0.
  var blocks: [GradedBlock]

  /// The coefficients that the keys determine; only the first weight is meaningful.
  ///
  /// - Parameter bandwidths: those of the continuous inputs.
  func rows(bandwidths: [Double]) -> [GradedRow] {
    blocks.count == 1
      ? blocks[0].rows
      : GradedBlock.combined(
        blocks, moves: Self.moves(blocks, centre: centre, bandwidths: bandwidths))
  }

  /// How far rounding may have moved a key, in bandwidths; see ``KeyDesign``.
  static func moves(
    _ blocks: [GradedBlock], centre: [Double], bandwidths: [Double]
  ) -> [Double] {
    centre.indices.map { input in
      let farthest = blocks.reduce(0) { max($0, $1.rows[0].entries[input + 1].magnitude) }
      return KeyDesign.blur * (centre[input].magnitude / bandwidths[input] + farthest)
    }
  }

  /// Adds the fit of other keys.
  ///
  /// - Parameter bandwidths: those of the continuous inputs.
  mutating func merge(_ other: PartialFit, bandwidths: [Double]) {
    guard blocks[0].rows.count > 1 else {
      blocks[0].rows[0] = blocks[0].rows[0].pooled(with: other.blocks[0].rows[0])
      return
    }
    let isHeavier = blocks[0].logWeight >= other.blocks[0].logWeight
    let (heavy, light) = isHeavier ? (self, other) : (other, self)
    let shift = centre.indices.map {
      (light.centre[$0] - heavy.centre[$0]) / bandwidths[$0]
    }
    centre = heavy.centre
    var merged = heavy.blocks
    let others = light.blocks.map { $0.moved(by: shift) }
    let moves = Self.moves(merged + others, centre: centre, bandwidths: bandwidths)
    for block in others {
      if let same = merged.firstIndex(where: { $0.level == block.level }) {
        merged[same] = merged[same].merging(block, moves: moves)
      } else {
        merged.append(block)
      }
    }
    blocks = Self.needed(merged.sorted { $0.level > $1.level }, moves: moves)
  }

  /// Blocks this many levels below those that determine all columns change no digit: exp(−108).
  private static var neededLevels: Int { 9 }

  /// The blocks that are needed, heaviest first.
  ///
  /// - Parameter moves: as for ``GradedBlock/merging(_:moves:)``.
  static func needed(_ blocks: [GradedBlock], moves: [Double]) -> [GradedBlock] {
    guard blocks.count > 1 else { return blocks }
    let end =
      blocks.indices.dropFirst().first { end in
        let heavier = blocks[..<end].filter { $0.level > blocks[end].level + neededLevels }
        return !heavier.isEmpty
          && GradedBlock.combined(heavier, moves: moves).allSatisfy { $0.weight.factor > 0 }
      } ?? blocks.endIndex
    return Array(blocks[..<end])
  }
}

extension PartialFit {
  /// A fit of degree 0.
  init(mean: [Double], weight: AnchoredWeight) {
    self.init(
      centre: [],
      blocks: [
        GradedBlock(
          level: 0, rows: [GradedRow(weight: weight, entries: [1], means: mean)], least: 0)
      ])
  }
}

package import SimilarityKernels

extension RegressionCase {
  /// The same case with labels after its inputs, or in place of them.
  ///
  /// Every level occurs among the keys, which must be as many as the largest number of levels.
  package func labelled(
    seed: UInt64, _ labels: [LabelInput], keepingInputs: Bool = true
  ) -> RegressionCase {
    var random = SplitMix64(seed: seed)
    func levels(_ count: Int, of label: LabelInput) -> [Double] {
      (0..<count).map {
        $0 < label.levelCount ?? 0
          ? Double($0) : (random.uniform() * Double(label.levelCount ?? 0)).rounded(.down)
      }
    }
    func columns(of points: Points) -> [[Double]] {
      keepingInputs ? (0..<points.dimension).map(points.column) : []
    }
    var copy = self
    copy.keys = Points(columns: columns(of: keys) + labels.map { levels(keys.count, of: $0) })
    copy.queries = Points(
      columns: columns(of: queries) + labels.map { levels(queries.count, of: $0) })
    copy.similarity = Similarity(
      kernel: similarity.kernel, bandwidths: keepingInputs ? similarity.bandwidths : [],
      combination: similarity.combination, labelInputs: labels)
    return copy
  }
}

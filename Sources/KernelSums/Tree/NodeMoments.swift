internal import SimilarityKernels
internal import _CKernelSums

/// The moments of the nodes that can be wholly inside a window.
///
/// Σω φᵢ(t) and Σωc φᵢ(t) for each column, t about the middle of the node's box, in bandwidths. They
/// are computed from the keys themselves on each level: shifting the moments of the halves would save a
/// factor of log n but lose digits.
///
/// - Complexity: O(n·F·(p + 1)) for F features on each level whose nodes are small enough.
final class NodeMoments: @unchecked Sendable {
  let weight: PolynomialWeight
  private let memory: AlignedMemory
  /// The numbers of a node.
  private let width: Int

  init(
    _ weight: PolynomialWeight, of tree: KeyTree, similarity: Similarity, execution: Execution
  ) {
    self.weight = weight
    let columns = tree.columns
    let rowWidth = PaddedColumns.padded(weight.featureCount)
    width = rowWidth * (columns.columns.columnCount + 1)
    memory = AlignedMemory(count: 2 * tree.leafCount * width)
    let loops = execution.instructions.loops.nodes
    let inverseBandwidths = similarity.bandwidths.map { 1 / $0 }
    let (base, width) = (memory.base, width)
    execution.forEachBlock(of: 2 * tree.leafCount - 1, atMost: 64) { block in
      let windows = NodeWindows(similarity, weight, execution.instructions)
      var centre = [Double](repeating: 0, count: tree.dimension)
      for node in block.lowerBound + 1..<block.upperBound + 1 {
        let box = tree.box(of: node)
        for input in 0..<tree.dimension {
          centre[input] = box[input] / 2 + box[tree.dimension + input] / 2
        }
        // The best case is a query in the middle, or for the triangle one in a corner.
        let best =
          weight.profile.isOneSided ? UnsafeBufferPointer(start: box, count: tree.dimension) : nil
        centre.withUnsafeBufferPointer { windows.set(0, to: best ?? $0) }
        guard windows.reach(box, count: 1).inside != 0 else { continue }
        weight.fill(
          base + node * width, rowWidth: rowWidth, run: tree.run(of: node), centre: centre,
          columns, similarity.bandwidths, inverseBandwidths, loops)
      }
    }
  }

  /// A node's moments: those of ω, then those of ωc for each column, each padded.
  func moments(of node: Int) -> UnsafePointer<Double> {
    UnsafePointer(memory.base + node * width)
  }
}

extension PolynomialWeight {
  fileprivate func fill(
    _ result: UnsafeMutablePointer<Double>, rowWidth: Int, run: Range<Int>, centre: [Double],
    _ columns: KeyColumns, _ bandwidths: [Double], _ inverseBandwidths: [Double],
    _ loops: nadaraya_node_loops
  ) {
    let keys = (0..<dimension).map { Optional(columns.keys.column($0) + run.lowerBound) }
    let weights = columns.observationWeights.map { $0.column(0) + run.lowerBound }
    keys.withUnsafeBufferPointer { keys in
      centre.withUnsafeBufferPointer { centre in
        bandwidths.withUnsafeBufferPointer { bandwidths in
          inverseBandwidths.withUnsafeBufferPointer { inverses in
            parents.withUnsafeBufferPointer { parents in
              factors.withUnsafeBufferPointer { factors in
                var tile = nadaraya_tile(
                  count: run.count, dimension: dimension, keys: keys.baseAddress,
                  query: centre.baseAddress, bandwidths: bandwidths.baseAddress,
                  inverse_bandwidths: inverses.baseAddress, shared_bandwidth: 0)
                var features = nadaraya_features(
                  count: featureCount, parents: parents.baseAddress, factors: factors.baseAddress)
                loops.moments(&tile, &features, weights, nil, result)
                for column in 0..<columns.columns.columnCount {
                  loops.moments(
                    &tile, &features, weights, columns.columns.column(column) + run.lowerBound,
                    result + (column + 1) * rowWidth)
                }
              }
            }
          }
        }
      }
    }
  }
}

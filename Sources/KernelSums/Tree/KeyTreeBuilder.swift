internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// The data for building a tree: rows of coordinates that are moved into the tree's order.
///
/// A row holds a key's coordinates and then its index, which a double holds exactly. Moving rows
/// rather than indices keeps every pass over a node sequential.
final class KeyTreeBuilder: @unchecked Sendable {
  /// The input and the place at which each inner node is split.
  struct Splits: @unchecked Sendable {
    fileprivate let memory: AlignedMemory

    subscript(node: Int) -> (input: Int, value: Double) {
      (Int(memory.base[2 * node]), memory.base[2 * node + 1])
    }
  }

  let depth: Int
  var leafCount: Int { 1 << depth }
  let boxes: AlignedMemory
  let splits: Splits
  let starts: UnsafeMutablePointer<Int>
  private let count: Int
  private let dimension: Int
  private let rows: AlignedMemory
  private let execution: Execution
  /// The inverse of each input's range, halved to avoid overflow; 0 for an input that does not vary.
  private var inverseRanges: [Double] = []

  init(_ points: Points, execution: Execution) {
    count = points.count
    dimension = points.dimension
    self.execution = execution
    var depth = 0
    while count > KeyTree.leafLength << depth { depth += 1 }
    self.depth = depth
    rows = AlignedMemory(count: count * (dimension + 1))
    boxes = AlignedMemory(count: (2 << depth) * 2 * dimension)
    splits = Splits(memory: AlignedMemory(count: 2 << depth))
    starts = .allocate(capacity: 1 << depth + 1)
    starts.initialize(repeating: count, count: 1 << depth + 1)
    fillRows(points)
    guard count > 0 else { return }
    bound(1, 0..<count)
    inverseRanges = (0..<dimension).map { input in
      let halfRange = halfWidth(of: 1, input)
      return halfRange > 0 ? 1 / halfRange : 0
    }
    grow()
  }

  private var width: Int { dimension + 1 }

  private func fillRows(_ points: Points) {
    let (rows, dimension, width) = (rows.base, dimension, width)
    points.coordinates.withUnsafeBufferPointer { coordinates in
      execution.forEachBlock(of: count, atMost: 1 << 14) { block in
        for key in block {
          for input in 0..<dimension {
            rows[key * width + input] = coordinates[key * dimension + input]
          }
          rows[key * width + dimension] = Double(key)
        }
      }
    }
  }

  /// Splits level by level until there are several nodes for each thread, then each of those
  /// separately.
  private func grow() {
    var nodes = [(node: 1, run: 0..<count)]
    let wanted = 8 * execution.threadLimit
    while let first = nodes.first, nodes.count < wanted, first.node < leafCount {
      nodes = onAllThreads(nodes) { [self] in split($0, $1) }.flatMap { $0 }
    }
    _ = onAllThreads(nodes) { [self] node, run in finish(node, run) }
  }

  private func onAllThreads<Result>(
    _ nodes: [(node: Int, run: Range<Int>)], _ body: (Int, Range<Int>) -> Result
  ) -> [Result] {
    [Result](unsafeUninitializedCapacity: nodes.count) { results, used in
      let results = results
      execution.forEachBlock(of: nodes.count, atMost: 1) { block in
        for index in block {
          results.initializeElement(at: index, to: body(nodes[index].node, nodes[index].run))
        }
      }
      used = nodes.count
    }
  }

  private func finish(_ node: Int, _ run: Range<Int>) {
    guard node < leafCount else {
      starts[node - leafCount] = run.lowerBound
      return
    }
    for half in split(node, run) { finish(half.node, half.run) }
  }

  /// Orders a node's rows so that its halves are runs, and computes their boxes.
  private func split(_ node: Int, _ run: Range<Int>) -> [(node: Int, run: Range<Int>)] {
    let padding = Int(NADARAYA_PADDING)
    let middle = run.lowerBound + (run.count / 2 + padding / 2) / padding * padding
    var widest = (input: 0, width: -1.0)
    for input in 0..<dimension {
      let width = halfWidth(of: node, input) * inverseRanges[input]
      if width > widest.width { widest = (input, width) }
    }
    let rows = KeyRows(base: rows.base, width: width, input: widest.input)
    rows.select(middle, in: run)
    splits.memory.base[2 * node] = Double(widest.input)
    splits.memory.base[2 * node + 1] = rows[middle]
    let halves = [
      (node: 2 * node, run: run.lowerBound..<middle),
      (node: 2 * node + 1, run: middle..<run.upperBound),
    ]
    for half in halves { bound(half.node, half.run) }
    return halves
  }

  private func halfWidth(of node: Int, _ input: Int) -> Double {
    let box = boxes.base + node * 2 * dimension
    return box[dimension + input] / 2 - box[input] / 2
  }

  private func bound(_ node: Int, _ run: Range<Int>) {
    let box = boxes.base + node * 2 * dimension
    for input in 0..<dimension {
      var least = Double.infinity
      var greatest = -Double.infinity
      for row in run {
        let coordinate = rows.base[row * width + input]
        least = coordinate < least ? coordinate : least
        greatest = coordinate > greatest ? coordinate : greatest
      }
      box[input] = least
      box[dimension + input] = greatest
    }
  }

  /// The key at each place.
  func order() -> [Int32] {
    (0..<count).map { Int32(rows.base[$0 * width + dimension]) }
  }

  /// The keys in order.
  func keys() -> PaddedColumns {
    let (rows, width) = (rows.base, width)
    return PaddedColumns(rowCount: count, columnCount: dimension, execution: execution) {
      input, places, start in
      for place in places { start[place] = rows[place * width + input] }
    }
  }
}

/// Rows of doubles, compared by one of their columns.
struct KeyRows {
  let base: UnsafeMutablePointer<Double>
  /// The numbers in a row.
  let width: Int
  /// The column to compare.
  let input: Int

  subscript(row: Int) -> Double { base[row * width + input] }

  private func swap(_ first: Int, _ second: Int) {
    let (first, second) = (base + first * width, base + second * width)
    for column in 0..<width {
      let number = first[column]
      first[column] = second[column]
      second[column] = number
    }
  }

  /// Moves rows of a run so that no row before `place` is greater than the row there and none after it
  /// is less.
  ///
  /// Rows that are equal to the pivot are swapped too, so many equal rows do no harm.
  ///
  /// - Complexity: O(rows) on average, with about 1.5 comparisons per row.
  ///
  /// ## Source
  /// R. W. Floyd and R. L. Rivest, Algorithm 489: The algorithm SELECT, Communications of the ACM 18
  /// (1975), doi:10.1145/360680.360694.
  func select(_ place: Int, in run: Range<Int>) {
    var (left, right) = (run.lowerBound, run.upperBound - 1)
    while right > left {
      if right - left > 600 {
        narrow(to: place, left, right)
      }
      let pivot = self[place]
      var (i, j) = (left, right)
      swap(left, place)
      if self[right] > pivot { swap(left, right) }
      while i < j {
        swap(i, j)
        i += 1
        j -= 1
        while self[i] < pivot { i += 1 }
        while self[j] > pivot { j -= 1 }
      }
      if self[left] == pivot {
        swap(left, j)
      } else {
        j += 1
        swap(j, right)
      }
      if j <= place { left = j + 1 }
      if place <= j { right = j - 1 }
    }
  }

  /// Selects within a sample around `place`, so that the row there is a good pivot.
  private func narrow(to place: Int, _ left: Int, _ right: Int) {
    let size = Double(right - left + 1)
    let rank = Double(place - left + 1)
    let log = Double.log(size)
    let sample = 0.5 * .exp(2 * log / 3)
    let side: Double = rank < size / 2 ? -1 : 1
    let deviation = 0.5 * .sqrt(log * sample * (size - sample) / size) * side
    let first = max(left, Int(Double(place) - rank * sample / size + deviation))
    let last = min(right, Int(Double(place) + (size - rank) * sample / size + deviation))
    guard first <= place, place <= last else { return }
    select(place, in: first..<last + 1)
  }
}

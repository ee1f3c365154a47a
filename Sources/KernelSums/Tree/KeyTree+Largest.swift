internal import RealModule

extension KeyTree {
  /// For each node ln of the largest ω, and of the largest ω·abs(c) of each column.
  static func largest(
    _ columns: KeyColumns, leafCount: Int, starts: UnsafePointer<Int>
  ) -> AlignedMemory {
    let width = columns.columns.columnCount + 1
    let memory = AlignedMemory(count: 2 * leafCount * width)
    let weights = columns.observationWeights?.column(0)
    for leaf in 0..<leafCount {
      let result = memory.base + (leafCount + leaf) * width
      for index in 0..<width {
        let column = index > 0 ? columns.columns.column(index - 1) : nil
        var largest = 0.0
        for place in starts[leaf]..<starts[leaf + 1] {
          let magnitude = (column?[place].magnitude ?? 1) * (weights?[place] ?? 1)
          largest = magnitude > largest ? magnitude : largest
        }
        result[index] = .log(largest)
      }
    }
    for node in stride(from: leafCount - 1, to: 0, by: -1) {
      for index in 0..<width {
        memory.base[node * width + index] = max(
          memory.base[2 * node * width + index], memory.base[(2 * node + 1) * width + index])
      }
    }
    return memory
  }
}

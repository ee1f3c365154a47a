import Nadaraya
import Tables
import Wording

extension DataTable {
  /// The rows with weight.
  private var rowsWithWeight: [Int] {
    guard let weights = observationWeights else { return Array(0..<rowCount) }
    return weights.indices.filter { weights[$0] > 0 }
  }

  /// Where inputs are held: at their median, labels at their most frequent level, the first of those
  /// that are as frequent.
  var reference: [Double] {
    let rows = rowsWithWeight
    return keyColumns.map { column in
      let sorted = rows.map { column[$0] }.sorted()
      let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
      return low == high ? low : low / 2 + high / 2
    }
      + labels.map { label in
        var counts = label.levels.map { _ in 0 }
        for row in rows { counts[Int(label.numbers[row])] += 1 }
        return Double(counts.firstIndex(of: counts.max() ?? 0) ?? 0)
      }
  }

  /// What an input is held at, in words.
  func text(_ number: Double, ofInput input: Int) -> String {
    input < keyNames.count
      ? typeset(number, digits: 6) : "“\(labels[input - keyNames.count].levels[Int(number)])”"
  }

  /// Even steps over the range of an input of numbers; the levels of one of labels.
  func places(along input: Int, count: Int) -> [Double] {
    input < keyNames.count
      ? Points(keyColumns[input]).grid(count).coordinates
      : labels[input - keyNames.count].levels.indices.map(Double.init)
  }

  /// Even steps over the range that the one input of numbers has at each level of the one label.
  func placesByLevel(_ count: Int) -> Points {
    var places: [Double] = []
    var levels: [Double] = []
    for level in labels[0].levels.indices.map(Double.init) {
      let own = zip(keyColumns[0], labels[0].numbers).filter { $1 == level }.map(\.0)
      let range = Set(own).count > 1 ? Points(own).grid(count).coordinates : Array(own.prefix(1))
      places += range
      levels += range.map { _ in level }
    }
    return Points(columns: [places, levels])
  }
}

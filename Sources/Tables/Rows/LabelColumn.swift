/// A column of labels: texts, each of which is one of a few levels.
package struct LabelColumn: Hashable, Sendable {
  /// The column's name.
  package let name: String

  /// The texts that occur, by the numbers that ``numbers`` uses.
  ///
  /// Where all of them are numbers they are in ascending order, otherwise in that of their first
  /// appearance.
  package let levels: [String]

  /// The level of each row, a number in `0..<levels.count`.
  package let numbers: [Double]

  /// A column of some levels.
  ///
  /// - Precondition: every number is that of a level.
  package init(name: String, levels: [String], numbers: [Double]) {
    precondition(
      numbers.allSatisfy { $0 >= 0 && $0 < Double(levels.count) },
      "every number must be that of a level")
    self.name = name
    self.levels = levels
    self.numbers = numbers
  }

  /// The text of each of some level numbers.
  package func texts(of numbers: [Double]) -> [String] { numbers.map { levels[Int($0)] } }

  /// The same column with its levels in another order.
  ///
  /// - Parameter levels: all levels of the column, each once; others may stand among them and are
  ///   left out.
  /// - Returns: nil where a level of the column is not among them.
  /// - Complexity: O(n + c) for c levels.
  package func ordered(by levels: [String]) -> LabelColumn? {
    let kept = levels.filter(Set(self.levels).contains)
    let ranks = Dictionary(
      zip(kept, kept.indices.map(Double.init)), uniquingKeysWith: { first, _ in first })
    guard ranks.count == kept.count, ranks.count == self.levels.count else { return nil }
    return LabelColumn(
      name: name, levels: kept, numbers: numbers.map { ranks[self.levels[Int($0)]] ?? 0 })
  }
}

extension Table {
  /// The labels of this table as level numbers of another one's.
  ///
  /// - Parameter others: the columns whose levels count, in the order of ``labels``.
  /// - Returns: for each column the level number of each row.
  /// - Throws: ``TableError/Code/unknownLevel`` for the first label that does not occur there, row
  ///   before column.
  /// - Complexity: O(n·l) for l columns of labels.
  package func levelNumbers(among others: [LabelColumn]) throws(TableError) -> [[Double]] {
    precondition(
      others.count == labels.count, "the tables must have the same number of label columns")
    let numbers = zip(labels, others).map { label, other -> [Double?] in
      let known = Dictionary(uniqueKeysWithValues: zip(other.levels, other.levels.indices))
      return label.levels.map { level in known[level].map { Double($0) } }
    }
    let unknown = numbers.contains { $0.contains { $0 == nil } }
    if unknown {
      for row in 0..<rowCount {
        for (column, label) in labels.enumerated()
        where numbers[column][Int(label.numbers[row])] == nil {
          throw .unknownLevel(
            label.levels[Int(label.numbers[row])], known: others[column].levels,
            at: place(ofRow: row, column: label.name))
        }
      }
    }
    return zip(labels, numbers).map { label, numbers in
      label.numbers.map { numbers[Int($0)] ?? 0 }
    }
  }
}

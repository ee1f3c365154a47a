internal import SimilarityKernels

/// The keys of a problem in groups with equal labels, except for merged labels.
///
/// It depends only on the keys, so problems with any bandwidth share it, including the groups' own
/// orders.
final class LabelPartition: Sendable {
  let roles: [LabelRole]

  /// In the order of their levels.
  let groups: [Group]

  /// The group of each key.
  let groupOfKey: [Int32]

  /// The groups for each combination of levels of the matched labels.
  private let matching: [[Double]: [Int]]

  /// Keys whose labels are all equal.
  struct Group: Sendable {
    /// The level of each label; 0 for merged labels.
    let levels: [Double]

    /// The keys, in ascending order.
    let rows: [Int]

    /// Their continuous inputs, columns and weights, without labels.
    let problem: KernelSumProblem
  }

  /// - Complexity: O(n·(d + p)), and a sort of the groups.
  init(_ problem: KernelSumProblem, roles: [LabelRole]) {
    self.roles = roles
    let continuous = problem.similarity.continuous
    let dimension = problem.similarity.bandwidths.count
    let keys = problem.keys.continuous(dimension)
    var members: [[Double]: [Int]] = [:]
    for row in problem.keys.indices {
      let levels = zip(problem.keys[row].dropFirst(dimension), roles).map {
        $1 == .merged ? 0 : $0
      }
      members[levels, default: []].append(row)
    }
    groups = members.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { levels, rows in
      Group(
        levels: levels, rows: rows,
        problem: KernelSumProblem(
          keys: keys.selecting(rows),
          columns: problem.columns.map { column in rows.map { column[$0] } },
          observationWeights: problem.observationWeights.map { weights in
            rows.map { weights[$0] }
          }, similarity: continuous, isCausal: problem.isCausal))
    }
    var groupOfKey = [Int32](repeating: 0, count: problem.keys.count)
    for (index, group) in groups.enumerated() {
      for row in group.rows { groupOfKey[row] = Int32(index) }
    }
    self.groupOfKey = groupOfKey
    matching = Dictionary(grouping: groups.indices) { [groups] in
      Self.matched(groups[$0].levels, roles)
    }
  }

  /// The groups that may have a weight for queries with some labels.
  func candidates(for levels: [Double]) -> [Int] { matching[Self.matched(levels, roles)] ?? [] }

  private static func matched(_ levels: [Double], _ roles: [LabelRole]) -> [Double] {
    zip(levels, roles).compactMap { $1 == .matched ? $0 : nil }
  }

  /// The factor of Σw of a group for queries with some labels.
  func weight(of group: Int, for levels: [Double], under labels: [LabelInput]) -> Double {
    labels.indices.reduce(1) {
      $0 * roles[$1].weight(of: labels[$1], levels[$1], groups[group].levels[$1])
    }
  }

  /// The factor of Σw² divided by the square of that.
  func squaredRatio(under labels: [LabelInput]) -> Double {
    zip(roles, labels).reduce(1) { $0 * $1.0.squaredRatio(of: $1.1) }
  }
}

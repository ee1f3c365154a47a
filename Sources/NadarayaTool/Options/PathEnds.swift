import Nadaraya
import Tables
import Wording

/// A path of bandwidths as options ask for it: how many, even in their logarithm, and perhaps its ends.
struct PathEnds {
  let count: Int
  private let from: Double?
  private let to: Double?

  /// - Throws: ``Failure`` for options that do not describe a path.
  init(count: Int, from: Double?, to: Double?) throws(Failure) {
    if count < 2 { throw .usage("--path \(count) is fewer than 2 bandwidths") }
    if count > 1_000_000 { throw .usage("--path \(count) is more than 1000000 bandwidths") }
    for (name, end) in [("--from", from), ("--to", to)] {
      guard let end else { continue }
      if !(end.isNormal && end > 0) {
        throw .usage("\(name) \(end) is not a positive number")
      }
    }
    if let from, let to, from >= to {
      throw .usage("--from \(from) is not below --to \(to)")
    }
    self.count = count
    self.from = from
    self.to = to
  }

  /// The bandwidths.
  ///
  /// - Parameter usual: the range where an end is not given; called only then.
  func bandwidths(within usual: @autoclosure () throws -> ClosedRange<Double>) throws -> [Double] {
    if let from, let to { return Bandwidths.path(from: from, to: to, count: count) }
    let usual = try usual()
    let (first, last) = (from ?? usual.lowerBound, to ?? usual.upperBound)
    guard first < last else {
      throw Failure.usage(
        from == nil
          ? "--to \(last) is not above \(first), where the path would begin"
          : "--from \(first) is not below \(last), where the path would end",
        hint: "give both --from and --to")
    }
    return Bandwidths.path(from: first, to: last, count: count)
  }

  /// Warns of bandwidths at which a criterion does not exist.
  static func warnOfInfeasible(
    _ criteria: [Double], of method: BandwidthMethod, format: TableWriter.Format
  ) {
    let infeasible = criteria.count { $0 == .infinity }
    guard infeasible > 0 else { return }
    StandardError.warn(
      "\(method.rawValue) does not exist at \(infeasible) of \(counted(criteria.count, "bandwidth")); "
        + (format == .json ? "null" : "inf") + " is written there")
  }
}

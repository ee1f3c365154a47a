internal import RealModule
internal import SimilarityKernels

/// How much the keys of a block can add to the sums of a later query.
///
/// The profile of a built-in kernel decreases with abs(u), and a key's distance is at least its
/// distance in time, so no key weighs more than K at the last key's time. A block whose sums are all
/// below exp(−60) times the query's own, as in `NearbySearch`, is skipped: its tiny weights would only
/// cost time.
struct CausalReach {
  private let kernel: Kernel
  private let inverseBandwidth: Double
  private let lastTime: Double
  private let logSums: [Double]
  /// 2p: moments of the power a are larger by at most abs(u)^a.
  private let power: Double
  private let columns: Range<Int>

  init(_ block: CausalBlocks.Block, _ problem: KernelSumProblem) {
    kernel = problem.similarity.kernel
    inverseBandwidth = 1 / problem.similarity.bandwidths[0]
    lastTime = block.lastTime
    logSums = block.logSums
    power = Double(2 * problem.degree)
    columns = problem.degree == 0 ? problem.columns.indices : 0..<0
  }

  /// Whether the block may add anything to the sums of a query.
  func matters(at time: Double, to sums: UnsafeSums, _ query: Int) -> Bool {
    guard case .builtIn = kernel.form else { return true }
    // Rounding must not move a key out of the window.
    let distance = (time - lastTime) * inverseBandwidth * (1 - 4 * .ulpOfOne)
    guard kernel.support == .infinity else { return distance < kernel.support }
    // If the distance or the logarithm overflows, there is no bound.
    guard distance < .infinity, let profile = kernel.logProfile(distance), profile.isFinite else {
      return true
    }
    let bound = profile + power * .log(onePlus: distance)
    let limit = bound + 60
    if limit >= 0 { return true }
    let anchor = sums.logAnchors[query]
    if limit + logSums[0] >= anchor + .log(sums.weights[query]) { return true }
    return columns.contains {
      limit + logSums[1 + $0] >= anchor + .log(sums.column($0)[query].magnitude)
    }
  }
}

internal import RealModule
internal import SimilarityKernels

/// How much the keys of a block can add to the sums of a later query.
///
/// The profile of a built-in kernel falls with abs(u), and the distance in time is part of every other, so
/// no key weighs more than K at the last key's time would. A block whose every sum stays exp(−60) below the
/// query's own, as in `NearbySearch`, is not asked: it would only lose time over tiny weights.
struct CausalReach {
  private let kernel: Kernel
  private let inverseBandwidth: Double
  private let lastTime: Double
  private let logSums: [Double]
  /// 2p: moments of the power a are larger by abs(u)^a at most.
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
    // Rounding must not bring a key out of the window.
    let distance = (time - lastTime) * inverseBandwidth * (1 - 4 * .ulpOfOne)
    guard kernel.support == .infinity else { return distance < kernel.support }
    // A distance that overflows bounds nothing, nor does a logarithm that does.
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

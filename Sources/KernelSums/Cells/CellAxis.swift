internal import _CKernelSums

/// The cells along one input.
///
/// Width and lowest edge are multiples of a power of two that is coarse enough for every centre
/// `lowest + (j + 1/2)·width` to be a double, so that the distance between any two centres is exact
/// and a point's distance to its centre is rounded to its own last place: where the numbers start,
/// at 0 or at 1.6·10⁹, makes no difference.
struct CellAxis: Sendable {
  let lowest: Double
  let width: Double
  let count: Int

  /// Nil where the coordinates are so coarse, or the range so many widths, that there is no such
  /// grid.
  init?(from least: Double, to greatest: Double, width target: Double, margin: Int) {
    let magnitude = max(least.magnitude, greatest.magnitude, target)
    let unit = max(4 * magnitude.ulp, (target / 256).binade)
    guard unit <= target / 32, unit.isNormal else { return nil }
    width = (target / unit).rounded(.down) * unit
    let start = (least / unit).rounded(.down) * unit
    let steps = (greatest - start) / width
    guard steps < 1e9 else { return nil }
    lowest = start - Double(margin) * width
    count = Int(steps) + 1 + 2 * margin
  }

  var loops: nadaraya_axis {
    nadaraya_axis(
      lowest: lowest, width: width, inverse_width: 1 / width, scale: 2 / width, count: count)
  }
}

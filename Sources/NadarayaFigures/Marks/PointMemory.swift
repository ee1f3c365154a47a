internal import Synchronization

/// Points of a scatter as they are drawn: one by one, or on a grid if there are many.
struct PointCloud: Sendable {
  /// The number of visible points.
  let count: Int

  /// The points; empty if there is a grid.
  let points: [Point]

  /// The grid of many points; nil for few.
  let grid: PointGrid?

  init(_ points: [Point]) {
    count = points.count
    grid = points.count > PointGrid.threshold ? PointGrid(points) : nil
    self.points = grid == nil ? points : []
  }
}

/// A cache of the last result for a scatter's points, so that drawing the picture again with another
/// curve does not process a million points.
///
/// It does not affect equality: two scatters with the same points are equal whatever is cached.
package final class PointMemory: Sendable, Equatable {
  private let last = Mutex<Last>(Last())

  private struct Last {
    /// Kept, so that no other array can get the same address.
    var x: [Double] = []
    var y: [Double] = []
    var extent: (scales: AxisScales, extent: Extent)?
    var cloud: (window: Rectangle, x: Projection, y: Projection, cloud: PointCloud)?

    /// Whether arrays are the ones kept, by their addresses.
    func holds(_ x: [Double], _ y: [Double]) -> Bool {
      Self.place(self.x) == Self.place(x) && Self.place(self.y) == Self.place(y)
    }

    private static func place(_ array: [Double]) -> UnsafeBufferPointer<Double>.Place {
      array.withUnsafeBufferPointer { UnsafeBufferPointer<Double>.Place($0) }
    }
  }

  package init() {}

  package static func == (first: PointMemory, second: PointMemory) -> Bool { true }

  func extent(of scatter: Scatter, on scales: AxisScales, orFind find: () -> Extent) -> Extent {
    let known = last.withLock { last in
      last.holds(scatter.x, scatter.y) && last.extent?.scales == scales ? last.extent : nil
    }
    if let known { return known.extent }
    let extent = find()
    remember(scatter) { $0.extent = (scales, extent) }
    return extent
  }

  func cloud(
    of scatter: Scatter, in window: Rectangle, _ plot: Plot, orFind find: () -> PointCloud
  ) -> PointCloud {
    let known = last.withLock { last -> PointCloud? in
      guard last.holds(scatter.x, scatter.y), let cloud = last.cloud, cloud.window == window,
        cloud.x == plot.x, cloud.y == plot.y
      else { return nil }
      return cloud.cloud
    }
    if let known { return known }
    let cloud = find()
    remember(scatter) { $0.cloud = (window, plot.x, plot.y, cloud) }
    return cloud
  }

  private func remember(_ scatter: Scatter, _ change: (inout Last) -> Void) {
    last.withLock { last in
      if !last.holds(scatter.x, scatter.y) {
        last = Last()
        last.x = scatter.x
        last.y = scatter.y
      }
      change(&last)
    }
  }
}

extension UnsafeBufferPointer<Double> {
  /// The address and the length of a buffer.
  fileprivate struct Place: Equatable {
    let address: UnsafePointer<Double>?
    let count: Int

    init(_ buffer: UnsafeBufferPointer<Double>) {
      address = buffer.baseAddress
      count = buffer.count
    }
  }
}

internal import Nadaraya
internal import Tables

/// How a view is had without the explorer: by the tool, and by a program of one's own.
struct Reproduction {
  let resolved: Resolved

  /// Whether the picture has an interval.
  let hasInterval: Bool

  var view: View { resolved.view }

  init(_ resolved: Resolved, hasInterval: Bool) {
    self.resolved = resolved
    self.hasInterval = hasInterval
  }

  /// Whether all other inputs are held at their medians, where the tool holds them.
  var isHeldAtMedians: Bool {
    view.inputs.indices.allSatisfy { input in
      input == view.overIndex || view.held[input] == resolved.sample.medians[input]
    }
  }

  /// The number of places of the curve.
  var placeCount: Int { resolved.places(resolved.placeCount).count }
}

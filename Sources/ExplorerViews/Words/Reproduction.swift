internal import Nadaraya
internal import Tables

/// How a view is had without the explorer.
struct Reproduction {
  let resolved: Resolved
  let hasInterval: Bool

  init(_ resolved: Resolved, hasInterval: Bool) {
    self.resolved = resolved
    self.hasInterval = hasInterval
  }

  var code: String { "import Nadaraya\n" }
}

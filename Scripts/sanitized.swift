// MARK: - For the sanitizers

// `Scripts/test` appends this to the manifest: of the package stay the tests that run under a
// sanitizer, and what they depend on. The command-line tool and its dependencies would take longer
// to build once more than all of these tests to run.

/// The targets that stay.
var kept = Set(Context.environment["SANITIZED_TESTS"]?.split(separator: " ").map(String.init) ?? [])

/// The packages whose products they use.
var used: Set<String> = []

var isGrowing = true
while isGrowing {
  isGrowing = false
  for target in package.targets where kept.contains(target.name) {
    for dependency in target.dependencies {
      switch dependency {
      case .targetItem(let name, _), .byNameItem(let name, _):
        if kept.insert(name).inserted { isGrowing = true }
      case .productItem(_, let name?, _, _): used.insert(name)
      default: break
      }
    }
  }
}
package.targets.removeAll { !kept.contains($0.name) }
package.dependencies.removeAll { dependency in
  guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
  return !used.contains { location.hasSuffix("/\($0)") }
}
package.products = []
package.traits = []

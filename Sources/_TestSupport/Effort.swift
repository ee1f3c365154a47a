package import Testing

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

// The library has no filter by tag on the command line, so a test says by a trait which runs leave it out.
// `Scripts/test` names the run in NADARAYA_TESTS: quick, sanitized, or all.
extension Trait where Self == ConditionTrait {
  /// A test that takes seconds: a quick run leaves it out.
  package static var slow: Self {
    .disabled(if: run == "quick", "it takes seconds, and this is a quick run")
  }

  /// A sweep over many settings, which repeats what shorter tests do: quick and sanitized runs leave it out.
  package static var sweep: Self {
    .disabled(if: run == "quick" || run == "sanitized", "a sweep over many settings")
  }
}

private var run: String? { getenv("NADARAYA_TESTS").map { String(cString: $0) } }

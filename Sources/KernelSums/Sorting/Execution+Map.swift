extension Execution {
  /// The results of `body` for each of a few pieces of work, as many at a time as there are threads.
  func map<Result: Sendable>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { results, used in
      let base = results.baseAddress
      forEachBlock(of: count, atMost: 1) { pieces in
        for piece in pieces { base?.advanced(by: piece).initialize(to: body(piece)) }
      }
      used = count
    }
  }
}

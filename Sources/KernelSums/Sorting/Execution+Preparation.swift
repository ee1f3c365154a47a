extension Execution {
  /// Runs `body` over `0..<count` in blocks on all threads, without reports: what is prepared is not yet
  /// the work that progress is about.
  func prepare(_ count: Int, atMost largest: Int, body: (Range<Int>) -> Void) {
    Execution(threads: threads, instructions: instructions).forEachBlock(
      of: count, atMost: largest
    ) {
    } body: { block, _ in
      body(block)
    }
  }

  /// The results of `body` for each of a few pieces of work, as many at a time as there are threads.
  func map<Result: Sendable>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { results, used in
      let base = results.baseAddress
      prepare(count, atMost: 1) { pieces in
        for piece in pieces { base?.advanced(by: piece).initialize(to: body(piece)) }
      }
      used = count
    }
  }
}

internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

extension Execution {
  /// The number of threads for at most `items` pieces of work.
  func threadCount(for items: Int) -> Int {
    let processors = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    return max(1, min(threads ?? processors, items))
  }

  /// The number of threads that a computation may use.
  package var threadLimit: Int { threadCount(for: .max) }

  /// Runs `body` over `0..<count` in blocks, on all threads, and reports progress.
  ///
  /// Blocks are handed out one by one, so that a slow one delays no other. `scratch` is made once for
  /// each thread. The results must not depend on how the range is cut. After cancellation, no more
  /// blocks are handed out.
  package func forEachBlock<Scratch>(
    of count: Int, atMost largest: Int, scratch: () -> Scratch,
    body: (Range<Int>, inout Scratch) -> Void
  ) {
    guard count > 0 else { return }
    // Four blocks a thread even out their differences when there are few queries.
    let size = max(1, min(largest, count / (4 * threadCount(for: count))))
    let blocks = (count + size - 1) / size
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    func work() {
      var scratch = scratch()
      while !isStopped {
        let block = next.add(1, ordering: .relaxed).oldValue
        guard block < blocks else { return }
        body(block * size..<min((block + 1) * size, count), &scratch)
        let finished = done.add(1, ordering: .relaxed).newValue
        progress?(Double(finished) / Double(blocks))
      }
    }
    let workers = threadCount(for: blocks)
    guard workers > 1 else { return work() }
    withoutActuallyEscaping(work) { work in
      // Blocks write to separate places, and this call outlives all of them.
      nonisolated(unsafe) let work = work
      DispatchQueue.concurrentPerform(iterations: workers) { _ in work() }
    }
  }

  /// Runs `body` over all of `0..<count` in blocks, on all threads, without scratch or reports.
  package func forEachBlock(of count: Int, atMost largest: Int, body: (Range<Int>) -> Void) {
    silent.forEachBlock(
      of: count, atMost: largest, scratch: { () }, body: { block, _ in body(block) })
  }
}

extension Execution {
  /// The results of `body` for each of a few pieces of work, as many at a time as there are threads.
  package func map<Result: Sendable>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { results, used in
      let base = results.baseAddress
      forEachBlock(of: count, atMost: 1) { pieces in
        for piece in pieces { base?.advanced(by: piece).initialize(to: body(piece)) }
      }
      used = count
    }
  }
}

extension Execution {
  /// Runs `body` for the queries of a range in ascending order, cut into blocks, on all threads.
  ///
  /// Neighbouring queries use the same keys, which are then in the cache, and find them near those of
  /// the previous query. `body` gets the query and its place in the range, `finish` comes after each block.
  ///
  /// - Complexity: O(m) besides `body`, and 24 bytes for each of the m queries.
  func forEachOrderedQuery<Scratch>(
    _ queries: UnsafeBufferPointer<Double>, in range: Range<Int>, scratch: () -> Scratch,
    body: (_ query: Double, _ slot: Int, _ scratch: Scratch) -> Void,
    finish: (_ scratch: Scratch) -> Void = { _ in }
  ) {
    guard let base = queries.baseAddress, !range.isEmpty else { return }
    let first = base + range.lowerBound
    let room = PatternRoom(capacity: range.count)
    room.sort(first, count: range.count, execution: self)
    let run = room.run
    forEachBlock(of: range.count, atMost: 1 << 12, scratch: scratch) { block, scratch in
      for place in block {
        body(Double(orderedPattern: run.patterns[place]), Int(run.rows[place]), scratch)
      }
      finish(scratch)
    }
  }
}

/// Room for two copies of patterns and their rows, because a radix sort moves from one to the other.
final class PatternRoom {
  let run: PatternRun
  let other: PatternRun

  init(capacity: Int) {
    func run() -> PatternRun {
      PatternRun(patterns: .allocate(capacity: capacity), rows: .allocate(capacity: capacity))
    }
    self.run = run()
    other = run()
  }

  deinit {
    for run in [run, other] {
      run.patterns.deallocate()
      run.rows.deallocate()
    }
  }

  /// Sorts numbers into ``run``.
  ///
  /// - Parameter count: at most the number there is room for.
  /// - Complexity: O(count).
  func sort(_ numbers: UnsafePointer<Double>, count: Int) {
    guard count > 0 else { return }
    let first = numbers[0].orderedPattern
    var differences: UInt64 = 0
    for index in 0..<count {
      let pattern = numbers[index].orderedPattern
      differences |= pattern ^ first
      run.patterns[index] = pattern
      run.rows[index] = UInt32(index)
    }
    run.sort(
      count: count, belowBit: 64 - differences.leadingZeroBitCount, other: other,
      intoOther: false)
  }

  /// Sorts numbers into ``run``, on the threads of an execution.
  ///
  /// Each thread distributes a stretch of the numbers by leading digit, into places reserved by
  /// counting; then the threads sort one digit's run after another.
  func sort(_ numbers: UnsafePointer<Double>, count: Int, execution: Execution) {
    let workers = execution.threadCount(for: count >> 15)
    guard workers > 1 else { return sort(numbers, count: count) }
    let step = (count + workers - 1) / workers
    func stretch(_ worker: Int) -> Range<Int> {
      min(worker * step, count)..<min((worker + 1) * step, count)
    }
    let first = numbers[0].orderedPattern
    let differences = execution.map(workers) { worker in
      stretch(worker).reduce(UInt64(0)) { $0 | (numbers[$1].orderedPattern ^ first) }
    }.reduce(0, |)
    let top = 64 - differences.leadingZeroBitCount
    let bits = min(top, PatternRun.widestDigit)
    let shift = UInt64(top - bits)
    let mask = UInt64(1) << UInt64(bits) - 1
    var places = execution.map(workers) { worker in
      var counts = [Int](repeating: 0, count: Int(mask) + 1)
      for index in stretch(worker) {
        counts[Int(numbers[index].orderedPattern >> shift & mask)] &+= 1
      }
      return counts
    }
    var sum = 0
    var ends: [Int] = []
    for digit in 0...Int(mask) {
      for worker in 0..<workers {
        (places[worker][digit], sum) = (sum, sum + places[worker][digit])
      }
      ends.append(sum)
    }
    _ = execution.map(workers) { [other, places] worker in
      var places = places[worker]
      for index in stretch(worker) {
        let pattern = numbers[index].orderedPattern
        let digit = Int(pattern >> shift & mask)
        let place = places[digit]
        places[digit] &+= 1
        other.patterns[place] = pattern
        other.rows[place] = UInt32(index)
      }
    }
    execution.forEachBlock(of: ends.count, atMost: 8) { digits in
      for digit in digits {
        let start = digit == 0 ? 0 : ends[digit - 1]
        (other + start).sort(
          count: ends[digit] - start, belowBit: Int(shift), other: run + start, intoOther: true)
      }
    }
  }
}

extension [Double] {
  /// The places of the numbers in ascending order, ties in the order in which they stand.
  ///
  /// - Precondition: there are fewer than 2³¹ of them.
  /// - Complexity: O(n) where they ascend already, otherwise that of a radix sort, on all threads.
  package func ascendingPlaces(execution: Execution) -> [Int] {
    precondition(count <= Int(Int32.max), "only fewer than 2³¹ numbers can be sorted")
    guard zip(self, dropFirst()).contains(where: { $0 > $1 }) else { return [Int](indices) }
    let room = PatternRoom(capacity: count)
    withUnsafeBufferPointer {
      if let base = $0.baseAddress { room.sort(base, count: count, execution: execution.silent) }
    }
    return indices.map { Int(room.run.rows[$0]) }
  }
}

internal import Synchronization

/// The answers that were asked for last, so that they need not be found again.
///
/// Several threads may ask at once. One that misses makes the answer itself, outside the lock, so that
/// none waits for work that another may give up.
final class Kept<Key: Hashable & Sendable, Answer: Sendable>: Sendable {
  private let limit: Int
  private let entries = Mutex<[(key: Key, answer: Answer)]>([])

  /// - Parameter limit: how many answers are kept.
  init(limit: Int) { self.limit = limit }

  func answer<Failure: Error>(
    to key: Key, orMake make: () throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    if let known = known(key) { return known }
    let answer = try make()
    entries.withLock { entries in
      entries.removeAll { $0.key == key }
      entries.append((key, answer))
      if entries.count > limit { entries.removeFirst() }
    }
    return answer
  }

  private func known(_ key: Key) -> Answer? {
    entries.withLock { entries in
      guard let place = entries.firstIndex(where: { $0.key == key }) else { return nil }
      let entry = entries.remove(at: place)
      entries.append(entry)
      return entry.answer
    }
  }
}

#if Explorer

import Foundation
import HTTPTypes
import NIOCore
import Nadaraya
import Synchronization
import Testing

@testable import Explorer

@Suite struct WorkbenchTests {
  /// Counts computations that run at the same time.
  private final class Census: Sendable {
    private let counts = Mutex((now: 0, most: 0))
    var most: Int { counts.withLock { $0.most } }
    var now: Int { counts.withLock { $0.now } }

    func visit(_ body: () throws -> Void) rethrows {
      counts.withLock { counts in
        counts.now += 1
        counts.most = max(counts.most, counts.now)
      }
      defer { counts.withLock { $0.now -= 1 } }
      try body()
    }
  }

  /// Runs until it is told to stop, as the library does.
  private static func workWithoutEnd(_ execution: Execution) throws {
    while execution.isCancelled?() != true { usleep(1000) }
    throw CancellationError()
  }

  private func status(_ body: () async throws -> Void) async -> Int? {
    do {
      try await body()
      return nil
    } catch { return Fault(error).status.code }
  }

  /// Waits until something holds, without keeping a thread; a minute only ends a test in which it never does.
  private func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<6_000 {
      if condition() { return true }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return condition()
  }

  @Test(arguments: [(Workbench.Length.short, 2), (.long, 1)])
  func `no more run at once than may`(length: Workbench.Length, limit: Int) async throws {
    let (workbench, census) = (Workbench(), Census())
    // Whoever comes through the gate lets the next one through.
    let gate = DispatchSemaphore(value: 0)
    try await withThrowingTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          try await workbench.perform(length) { _ in
            census.visit {
              gate.wait()
              gate.signal()
            }
          }
        }
      }
      #expect(await eventually { census.now == limit })
      gate.signal()
      try await group.waitForAll()
    }
    #expect(census.most == limit)
  }

  @Test func `short work does not wait for long work`() async throws {
    let (workbench, census) = (Workbench(), Census())
    let long = (0..<3).map { _ in
      Task {
        try await workbench.perform(.long) { execution in
          try census.visit { try Self.workWithoutEnd(execution) }
        }
      }
    }
    #expect(await eventually { census.now == 1 })
    for number in 0..<5 { #expect(try await workbench.perform { _ in number } == number) }
    #expect(census.now == 1)
    for task in long { task.cancel() }
    for task in long { #expect(await status { try await task.value } == 503) }
  }

  @Test func `more than may wait are sent away, and may come again`() async throws {
    let (workbench, census) = (Workbench(), Census())
    let tasks = (0..<(Limits.running + Limits.waiting)).map { _ in
      Task {
        try await workbench.perform { execution in
          try census.visit { try Self.workWithoutEnd(execution) }
        }
      }
    }
    // Once the first ones run and the others wait, there is room for none.
    #expect(await eventually { census.now == Limits.running })
    var refusal: Fault?
    // Whoever comes before the others wait gives up at once, and tries again.
    for _ in 0..<400 where refusal == nil {
      do { try await workbench.perform(within: .milliseconds(1)) { _ in } } catch {
        let fault = Fault(error)
        if fault.headers[.retryAfter] != nil { refusal = fault }
      }
    }
    #expect(refusal?.status.code == 503)
    for task in tasks { task.cancel() }
    #expect(await eventually { census.now == 0 })
    try await workbench.perform { _ in }
  }

  @Test func `work that takes too long is ended`() async throws {
    let (workbench, census) = (Workbench(), Census())
    let code = await status {
      try await workbench.perform(within: .milliseconds(50)) { execution in
        try census.visit { try Self.workWithoutEnd(execution) }
      }
    }
    #expect(code == 503)
    #expect(await eventually { census.now == 0 })
  }

  @Test func `nobody waits for work that does not listen`() async throws {
    let (workbench, census) = (Workbench(), Census())
    let end = DispatchSemaphore(value: 0)
    let code = await status {
      try await workbench.perform(within: .milliseconds(50)) { _ in
        // The minutes only end a test in which the signal does not come.
        census.visit { _ = end.wait(timeout: .now() + 600) }
      }
    }
    #expect(code == 503)
    #expect(await eventually { census.now == 1 })
    end.signal()
    #expect(await eventually { census.now == 0 })
  }

  @Test func `work ends when its client leaves, running or waiting`() async throws {
    let (workbench, census) = (Workbench(), Census())
    let connections = (0..<6).map { _ in Connection() }
    let tasks = connections.map { connection in
      Task {
        try await Connection.$current.withValue(connection) {
          try await workbench.perform { execution in
            try census.visit { try Self.workWithoutEnd(execution) }
          }
        }
      }
    }
    #expect(await eventually { census.now == Limits.running })
    for connection in connections { connection.end(ClientLeft()) }
    for task in tasks { #expect(await status { try await task.value } == 503) }
    #expect(await eventually { census.now == 0 })
  }

  @Test func `a client that has left before starts nothing`() async throws {
    let connection = Connection()
    connection.end(ClientLeft())
    let code = await Connection.$current.withValue(connection) {
      await status { try await Workbench().perform { try Self.workWithoutEnd($0) } }
    }
    #expect(code == 503)
  }

  @Test func `at the end all work ends, and none begins`() async throws {
    let (workbench, census) = (Workbench(), Census())
    let tasks = (0..<5).map { _ in
      Task {
        try await workbench.perform { execution in
          try census.visit { try Self.workWithoutEnd(execution) }
        }
      }
    }
    #expect(await eventually { census.now == Limits.running })
    workbench.close()
    for task in tasks { #expect(await status { try await task.value } == 503) }
    #expect(await status { try await workbench.perform { _ in } } == 503)
    #expect(await eventually { census.now == 0 })
  }

  @Test func `a result is the work's, and so is its error`() async throws {
    let workbench = Workbench()
    #expect(try await workbench.perform { _ in 7 } == 7)
    #expect(
      await status { try await workbench.perform { _ in throw Fault(.gone, "gone") } } == 410)
  }
}

#endif

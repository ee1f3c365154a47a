import Testing
import _TestSupport

@testable import KernelSums

@Suite struct CancellationTests {
  @Test(arguments: [1, 2, 5])
  func `no block is handed out after a yes, and every one of a loop that serves a plan`(
    threads: Int
  ) {
    let execution = Execution(threads: threads, isCancelled: Patience(10).isOver)
    let done = MarkedSlots(count: 1000)
    func nothing() {}
    execution.forEachBlock(of: 1000, atMost: 1, scratch: nothing) { block, _ in
      for slot in block { done.add(slot) }
    }
    // Ten questions were answered no, each before one block.
    #expect(done.slots.count == 10)
    execution.forEachBlock(of: 1000, atMost: 1) { block in
      for slot in block { done.add(slot) }
    }
    #expect(done.slots.count == 1000)
    #expect(execution.map(50) { $0 } == Array(0..<50))
  }

  @Test
  func `what serves a plan is never given up, what serves a part of the work is`() {
    let execution = Execution(progress: { _ in }, isCancelled: { true })
    #expect(execution.isStopped && execution.unreported.isStopped && execution.alone.isStopped)
    #expect(!execution.silent.isStopped && !Execution().isStopped)
    #expect(execution.unreported.progress == nil && execution.silent.progress == nil)
    #expect(execution.alone.threads == 1)
  }

  @Test
  func `a latch keeps its first yes, and is not asked about again`() {
    let patience = Patience()
    let execution = Execution(
      isCancelled: {
        _ = patience.isOver()
        return patience.asked == 3
      }
    ).latched
    #expect((0..<6).map { _ in execution.isStopped } == [false, false, true, true, true, true])
    #expect(patience.asked == 3)
    #expect(Execution().latched.isCancelled == nil)
  }
}

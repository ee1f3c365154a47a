import SimilarityKernels
import Testing
import _TestSupport
@testable import KernelSums
@Suite struct ZTiming {
  @Test func zzTiming() throws {
    var random = SplitMix64(seed: 2)
    for set in InstructionSet.available where set.name != "baseline" {
    let e = Execution(threads: 1, instructions: set)
    func best(_ body: () -> Void) -> Double {
      var t = Double.infinity
      for _ in 0..<3 { let s = ContinuousClock.now; body(); t = min(t, (ContinuousClock.now - s) / .milliseconds(1)) }
      return t
    }
    for (n, d, degree, hs) in [
      (10_000, 2, 0, [0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3]),
      (10_000, 2, 1, [0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3]),
      (100_000, 2, 0, [0.0008, 0.003, 0.006, 0.01, 0.02, 0.05]),
      (100_000, 2, 1, [0.0008, 0.003, 0.006, 0.01, 0.02, 0.05]),
      (10_000, 3, 0, [0.01, 0.03, 0.06, 0.1, 0.3]),
      (10_000, 3, 1, [0.01, 0.03, 0.06, 0.1, 0.3]),
    ] {
      let keys = Points(rowMajor: (0..<n * d).map { _ in random.uniform() }, dimension: d)
      let base = KernelSumProblem(keys: keys, columns: [keys.map { $0[0] }], similarity: Similarity(.gaussian, bandwidths: [Double](repeating: 1, count: d)), degree: degree)
      for h in hs {
        let p = base.weighed(by: Similarity(.gaussian, bandwidths: [Double](repeating: h, count: d)))
        let all = EngineCandidate.all(for: p, queryCount: n, accuracy: 1e-9, smallestPlan: 0, execution: e)
        var line = "\(set.name) n \(n) d \(d) p \(degree) h \(h):"
        for c in all {
          if c.seconds > 1.0 { line += "  \(c.choice) est \(Int(c.seconds*1e3))"; continue }
          let t = best { let g = c.make(); _ = g.sums(at: keys, in: keys.indices, omission: .own, squares: false, execution: e) }
          let g = c.make()
          let r: Double = ((t * 100).rounded() / 100), s: Double = ((c.seconds * 1e5).rounded() / 100)
          line += "  \(g is BucketEngine ? "BUCKET" : c.choice.rawValue) \(r) est \(s)"
        }
        let plan = BucketPlan(p, queryCount: n, accuracy: 1e-9, execution: e)
        if let plan { line += " reach \(plan.reach) cells \(plan.grid.cellCount) pairs \(plan.cost.pairs)" }
        print(line)
      }
    }
    }
  }
}

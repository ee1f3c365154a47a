import KernelSums
import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelRegression

/// Many queries to an estimator that was planned for few.
@Suite struct PlanningTests {
  @Test(arguments: [false, true], [0, 1])
  func `an estimator for few queries does not visit all pairs for many`(
    isCausal: Bool, degree: Int
  ) throws {
    let count = 6_000
    let keys = (0..<count).map { Double($0) / 300 }
    let values = keys.map { Double.sin($0) + Double(Int($0 * 1000) % 7) / 10 }
    func estimator(_ queryCount: Int?, _ engine: EngineChoice = .automatic) throws
      -> KernelSmoother
    {
      try KernelSmoother(
        Sample(keys, values), Similarity(bandwidths: [0.3]), degree: degree, isCausal: isCausal,
        computation: Computation(engine: engine, queryCount: queryCount))
    }
    let few = try estimator(1)
    #expect(few.engineChoice.name == DirectEngine.name)
    let planned = try few.planned(forQueries: count)
    #expect(planned.engineChoice.name == (try estimator(nil).engineChoice.name))
    #expect(planned.engineChoice.name != DirectEngine.name)
    // What was asked for by name stays.
    #expect(
      try estimator(1, .direct).planned(forQueries: count).engineChoice.name == DirectEngine.name)
    // The same engine gives the same numbers.
    #expect(
      try few.summary().effectiveDegreesOfFreedom
        == estimator(nil).summary().effectiveDegreesOfFreedom)
    for queries in [Queries.leaveOneOut, .keys, .points(keys)] {
      // The first row in time has no estimate when it is left out.
      let (found, expected) = (
        try few.predict(at: queries).values, try estimator(nil).predict(at: queries).values
      )
      #expect(Laws.deviation(found, expected, relativeTo: 1) == 0)
    }
  }
}

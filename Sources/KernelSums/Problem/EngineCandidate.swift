internal import RealModule
internal import SimilarityKernels

/// An engine that supports a problem, with its estimated cost.
///
/// The ``CostModel`` of the instruction set gives the cost of each step.
struct EngineCandidate {
  let choice: EngineChoice
  let seconds: Double
  let make: () -> any KernelSumEngine

  /// The estimate in words.
  var time: String {
    let (number, unit) =
      seconds >= 1
      ? (seconds, "s") : seconds >= 1e-3 ? (seconds * 1e3, "ms") : (seconds * 1e6, "µs")
    let rounded = number >= 10 ? number.rounded() : (number * 10).rounded() / 10
    return "\(rounded >= 10 ? "\(Int(rounded))" : "\(rounded)") \(unit)"
  }

  /// All engines that support the problem.
  static func all(
    for problem: KernelSumProblem, queryCount: Int, accuracy: Double, smallestPlan: Int,
    execution: Execution
  ) -> [EngineCandidate] {
    let keys = Double(problem.keys.count)
    let queries = Double(queryCount)
    let threads = Double(execution.threadLimit)
    let model = CostModel.of(execution.instructions)
    // Single-threaded planning takes equally long for any number of threads.
    func candidate(
      _ choice: EngineChoice, alone: Double = 0, shared: Double,
      make: @escaping () -> any KernelSumEngine
    ) -> EngineCandidate {
      EngineCandidate(choice: choice, seconds: (alone + shared / threads) * 1e-9, make: make)
    }
    let pair = pair(problem, model)
    var all = [
      candidate(.direct, alone: 2 * keys, shared: keys * queries * pair) { DirectEngine(problem) }
    ]
    // Keys are sorted once for all bandwidths.
    let sorting = (problem.orders.areSorted ? 0 : 45 * keys) + model.line * 90 * queries
    if PiecewiseEngine.serves(problem) {
      all.append(
        candidate(
          .piecewise, alone: 5e4,
          shared: sorting
            + model.line * queries * (problem.degree == 0 ? 0 : 300 + 200 * Double(problem.degree))
        ) {
          PiecewiseEngine(problem, execution: execution)
        })
    }
    if problem.degree == 0, RecursiveEngine.serves(problem) {
      all.append(
        candidate(.recursion, alone: 5e4, shared: sorting) {
          RecursiveEngine(problem, execution: execution)
        })
    }
    // Planning cells already reads the keys, and takes the time counted below.
    let isWorthPlanning = smallestPlan == 0 || all[0].seconds * threads > 2e-4
    if isWorthPlanning, problem.keys.count >= smallestPlan,
      let plan = CellPlan(problem, accuracy: accuracy, execution: execution)
    {
      all.append(
        candidate(
          .cells, alone: 2e5,
          // A kernel without a cutoff has a matrix for every pair of cells, and no cache holds them
          // all.
          shared: model.cells * (plan.kernel.form == .cauchy ? 2 : 1)
            * plan.totalCost(queryCount: queryCount)
        ) {
          CellTransform(problem, plan: plan, execution: execution)
        })
    }
    if isWorthPlanning, problem.keys.count >= smallestPlan,
      let plan = BucketPlan(
        problem, queryCount: queryCount, accuracy: accuracy, execution: execution)
    {
      let sum = problem.degree == 0 ? model.bucketSum : model.bucketMoment
      let pair = model.bucket + sum * Double(problem.sumCount)
      all.append(
        candidate(
          .cells, alone: 1e5,
          shared: model.cells * (plan.cost.keys + queries * plan.cost.query)
            + queries * plan.cost.pairs * pair
        ) {
          BucketEngine(problem, plan: plan, execution: execution)
        })
    }
    if case .builtIn = problem.similarity.kernel.form, problem.keys.count >= smallestPlan {
      let isSorted = NearbyGaussian.serves(problem)
      let fixed = isSorted ? sorting : model.tree * (150 * keys + 500 * queries)
      // A sample of pairs takes longer than the sums of a small table.
      let reached =
        shareInReach(
          problem, isSampled: fixed * 1e-9 < all[0].seconds * threads, execution: execution) * keys
      let pairs = reached * (isSorted ? 0.25 + 0.06 * Double(problem.sumCount) : pair)
      all.append(
        candidate(
          .tree, alone: isSorted ? 5e4 : 0,
          shared: isSorted
            ? sorting + model.line * queries * (100 + pairs)
            : model.tree * (150 * keys + 500 * queries) + 1.5 * queries * pairs
        ) {
          TreeEngine(problem, execution: execution)
        })
    }
    return all
  }

  /// The fraction of the keys that can matter to a query.
  ///
  /// - Parameter isSampled: whether to look at keys, which may be dense; otherwise they count as even.
  static func shareInReach(
    _ problem: KernelSumProblem, isSampled: Bool, execution: Execution
  ) -> Double {
    guard problem.keys.count > 0, case .builtIn(let kernel) = problem.similarity.kernel.form else {
      return 1
    }
    let reach: Double =
      switch kernel {
      case .gaussian: 11
      case .laplacian, .logistic: 60
      case .constant, .cauchy: .infinity
      default: 1
      }
    let ranges = problem.orders.ranges(problem, execution: execution).inputs
    let even = zip(ranges, problem.similarity.bandwidths).reduce(1) { share, input in
      let range = input.0.upperBound - input.0.lowerBound
      return range > 0 ? share * min(1, 2 * reach * input.1 / range) : share
    }
    // Where keys are dense, a window holds more of them.
    return isSampled ? max(even, sampledShare(problem, reach: reach)) : even
  }

  /// The same, from a sample of keys spread evenly over their order.
  private static func sampledShare(_ problem: KernelSumProblem, reach: Double) -> Double {
    let (near, pairs) = sampledPairs(problem, reach: reach)
    return Double(near) / Double(max(pairs, 1))
  }

  /// The number of pairs in that sample, and of those within reach in every input.
  static func sampledPairs(
    _ problem: KernelSumProblem, reach: Double
  ) -> (near: Int, pairs: Int) {
    let dimension = problem.similarity.bandwidths.count
    let count = problem.keys.count
    let (queryStep, keyStep) = (max(1, count / 24), max(1, count / 384))
    let coordinates = problem.keys.coordinates
    var pairs = 0
    var near = 0
    for query in stride(from: queryStep / 2, to: count, by: queryStep) {
      for key in stride(from: keyStep / 3, to: count, by: keyStep) {
        pairs += 1
        let isNear = (0..<dimension).allSatisfy { input in
          let distance =
            coordinates[query * dimension + input] - coordinates[key * dimension + input]
          return distance.magnitude < reach * problem.similarity.bandwidths[input]
        }
        if isNear { near += 1 }
      }
    }
    return (near, pairs)
  }

  /// The cost of a pair of query and key in the direct engine.
  private static func pair(_ problem: KernelSumProblem, _ model: CostModel) -> Double {
    let inputs = Double(problem.keys.dimension)
    let sums = Double(problem.sumCount)
    let columns = (problem.degree == 0 ? model.sum : model.moment) * sums
    guard case .builtIn(let kernel) = problem.similarity.kernel.form else {
      return 10 * inputs + columns
    }
    switch kernel {
    case .gaussian: return model.gaussian + model.input * inputs + columns
    case .laplacian: return model.laplacian + model.input * inputs + columns
    case .constant: return model.constant + columns
    case .cauchy: return model.cauchy + model.input * inputs + columns
    case .logistic: return model.logistic + model.factor * inputs + columns
    default: return model.compact + model.factor * inputs + columns
    }
  }
}

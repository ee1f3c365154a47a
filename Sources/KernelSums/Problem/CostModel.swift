/// The cost of the engines' steps under an instruction set, in nanoseconds on one thread.
///
/// The constants for each set are in `CostModel+Constants.swift`, which `Benchmarks/calibrate` writes.
/// They must be right within a factor of one and a half, so that the engine with the lowest estimate is
/// never much slower than the fastest; `Benchmarks/choice` lists how far off it is.
struct CostModel: Sendable {
  /// A pair of query and key in the direct engine, for the kernels whose loops differ in cost.
  let gaussian: Double
  let laplacian: Double
  let logistic: Double
  let cauchy: Double
  let constant: Double
  /// The same for all other built-in kernels.
  let compact: Double
  /// The added cost of each input where exponents are added, and where the weight is a product.
  let input: Double
  let factor: Double
  /// The added cost of each sum, and of each moment of a local polynomial.
  let sum: Double
  let moment: Double
  /// A pair of query and key in nearby cells, and the added cost of each sum, and of each moment of a local
  /// polynomial.
  let bucket: Double
  let bucketSum: Double
  let bucketMoment: Double
  /// How many times longer the steps of the other engines take than under the widest set.
  let cells: Double
  let line: Double
  let tree: Double

  /// The model of an instruction set; for an unknown one, as on other processors, the baseline's.
  static func of(_ instructions: InstructionSet) -> CostModel {
    measured[instructions.name] ?? measured["baseline"]
      ?? { preconditionFailure("the baseline has been measured") }()
  }
}

/// What steps of the engines cost under an instruction set, in nanoseconds of one thread.
///
/// The constants for each set are in `CostModel+Constants.swift`, which `Benchmarks/calibrate` writes. They need to
/// be right within a factor of one and a half, so that the engine with the least estimate is never much slower than
/// the fastest; `Benchmarks/choice` lists how far off it is.
struct CostModel: Sendable {
  /// A pair of query and key in the direct engine under kernels with loops of their own kind.
  let gaussian: Double
  let laplacian: Double
  let logistic: Double
  let cauchy: Double
  let constant: Double
  /// The same under all other built-in kernels.
  let compact: Double
  /// What each input adds to it where exponents are added up, and where the weight is a product.
  let input: Double
  let factor: Double
  /// What each sum adds to it, and each moment of a local polynomial.
  let sum: Double
  let moment: Double
  /// By how much the steps of the other engines take longer than under the widest set.
  let cells: Double
  let line: Double
  let tree: Double

  /// The model of an instruction set; of one that is not known, as on other processors, that of the baseline.
  static func of(_ instructions: InstructionSet) -> CostModel {
    measured[instructions.name] ?? measured["baseline"]
      ?? { preconditionFailure("the baseline has been measured") }()
  }
}

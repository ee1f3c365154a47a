import RealModule

/// The synthetic data of the teaching deck: noisy observations of a curve, and the curve itself.
///
/// ```
/// xᵢ uniform on [0, 5), sorted;   yᵢ = f(xᵢ) + εᵢ,   f(x) = 2 sin x + x,   εᵢ standard normal
/// ```
///
/// These are the numbers that the deck's own code gives on a CPU after `torch.manual_seed(seed)`, so a
/// figure made here can be compared with the notebook's:
///
/// ```python
/// x = torch.sort(torch.rand(count) * 5).values
/// y = 2 * torch.sin(x) + x + torch.randn(count)
/// ```
///
/// torch computes them in single precision; here they are converted to `Double`, which is exact.
///
/// ## Accuracy
/// Inputs equal torch's to the bit. Values are within 1e-6 of torch 2.13's on x86-64 with AVX2
/// (550 000 values compared, 93 of 100 equal to the bit); torch itself differs by more between
/// processors with AVX2 and without.
package struct Deck: Sendable, Equatable {
  /// The training inputs (keys), shape `[count]`, ascending, in [0, 5).
  package let trainingInputs: [Double]

  /// The training values (labels), shape `[count]`: the truth at each training input plus noise.
  package let trainingValues: [Double]

  /// The validation inputs (queries), shape `[50]`: the deck's 0, 0.1, …, 4.9.
  package let validationInputs: [Double]

  /// The noiseless truth f at each validation input, shape `[50]`.
  package let validationTruth: [Double]

  /// Draws the data for a seed.
  ///
  /// - Parameters:
  ///   - seed: as for `torch.manual_seed`: any integer; only its low 32 bits are used. The deck's
  ///     figures use 0.
  ///   - count: the number of training points, at least 1. The deck has 40.
  /// - Complexity: O(`count` log `count`).
  package init(seed: some BinaryInteger, count: Int = 40) {
    precondition(count >= 1, "a deck needs at least 1 training point, not \(count)")
    var random = TorchRandom(seed: seed)
    // Inputs are drawn before the noise, and the noise is added in the order of the sorted inputs; any
    // other order gives different data.
    let inputs = random.rand(count).map { $0 * 5 }.sorted()
    let noise = random.randn(count)
    let grid = Self.validationGrid()

    trainingInputs = inputs.map(Double.init)
    trainingValues = zip(inputs, noise).map { Double(Self.truth(at: $0) + $1) }
    validationInputs = grid.map(Double.init)
    validationTruth = grid.map { Double(Self.truth(at: $0)) }
  }

  private static func truth(at input: Float) -> Float {
    2 * Float.sin(input) + input
  }
}

import KernelSums
import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import LearnedAttention

/// Standardised rows with two value columns, a factor of three levels and weights, some rows far away.
struct LossCase: CustomStringConvertible, Sendable {
  let form: LearnedSimilarity.Form
  let isWeighted: Bool
  let hasFarRows: Bool
  let instructions: InstructionSet

  var description: String { "\(form) \(isWeighted) \(hasFarRows) \(instructions.name)" }

  static let all: [LossCase] = [
    LearnedSimilarity.Form.bandwidth, .bandwidths, .metric(rank: 2), .metric(rank: 6),
    .projections(rank: 2), .projections(rank: 3),
  ].flatMap { form in
    [(false, false), (true, true), (true, false)].flatMap { isWeighted, hasFarRows in
      InstructionSet.available.map {
        LossCase(
          form: form, isWeighted: isWeighted, hasFarRows: hasFarRows, instructions: $0)
      }
    }
  }

  var loss: PoolingLoss {
    var random = SplitMix64(seed: 5)
    let count = 301
    var columns = (0..<3).map { _ in
      (0..<count).map { _ in Double.random(in: -2...2, using: &random) }
    }
    columns.append((0..<count).map { Double($0 % 3) })
    let weights =
      isWeighted ? (0..<count).map { _ in Double.random(in: 0.1...3, using: &random) } : nil
    let keys = Points(columns: columns)
    let expansion = InputExpansion(keys: keys, weights: weights, levelCounts: [3])
    var inputs = (try? expansion.standardized(keys, called: "key")) ?? []
    // No other supports these rows in double precision.
    if hasFarRows {
      for (row, place) in [(7, 40.0), (8, -300), (9, 5000)] { inputs[1][row] = place }
    }
    let values = [
      (0..<count).map { Double.sin(inputs[0][$0]) + (inputs[3][$0]) },
      (0..<count).map { inputs[1][$0].magnitude > 30 ? 1 : inputs[1][$0] * inputs[2][$0] },
    ]
    return PoolingLoss(
      Parametrization(form, of: expansion), inputs: inputs, values: values, weights: weights,
      execution: Execution(instructions: instructions))
  }

  var parameters: [Double] {
    var random = SplitMix64(seed: 17)
    return (0..<loss.parametrization.count).map { _ in Double.random(in: 0.3...1.2, using: &random)
    }
  }
}

@Suite struct GradientTests {
  @Test(arguments: LossCase.all)
  func `gradients equal central differences`(of data: LossCase) {
    let loss = data.loss
    let place = data.parameters
    let (value, gradient) = loss.valueAndGradient(at: place)
    let largest = gradient.reduce(0) { max($0, $1.magnitude) }
    let step = 0x1p-16
    for index in place.indices {
      func value(_ shift: Double) -> Double {
        var moved = place
        moved[index] += shift
        return loss.value(at: moved)
      }
      let wide = (value(2 * step) - value(-2 * step)) / (4 * step)
      let narrow = (value(step) - value(-step)) / (2 * step)
      // Richardson's combination leaves out what grows with step². What grows with step⁴ = 5e-20 has the
      // fifth derivative, some 10⁵ for exponents up to 30 at places up to 4. The rounding of four losses of
      // order 1, whose exponents carry 1e-14, over a step of 1.5e-5 is 1e-9. Far rows have exponents up to
      // 2·10⁷, but a single key each: where the places move, their estimates hardly do.
      let difference = (4 * narrow - wide) / 3
      #expect((gradient[index] - difference).magnitude < 1e-7 * max(1, largest))
    }
    #expect(value == loss.value(at: place))
  }

  @Test(.slow, arguments: LossCase.all)
  func `the loss is that of softmax without oneself`(of data: LossCase) {
    let loss = data.loss
    let place = data.parameters
    let queries = loss.parametrization.queries(place, loss.inputs)
    let keys = loss.parametrization.keys(place, loss.inputs)
    var expected = 0.0
    for row in 0..<loss.count {
      let scores = (0..<loss.count).map { key -> Double in
        zip(queries, keys).reduce(Double.log(loss.shares[key])) {
          loss.parametrization.isDistance
            ? $0 - 0.5 * ($1.0[row] - $1.1[key]) * ($1.0[row] - $1.1[key])
            : $0 + $1.0[row] * $1.1[key]
        }
      }
      let others = (0..<loss.count).filter { $0 != row }
      let largest = others.reduce(-Double.infinity) { max($0, scores[$1]) }
      let weights = others.map { Double.exp(scores[$0] - largest) }
      let total = weights.reduce(0, +)
      for values in loss.values {
        let pooled = zip(others, weights).reduce(0) { $0 + values[$1.0] * $1.1 } / total
        expected += loss.shares[row] * (values[row] - pooled) * (values[row] - pooled)
      }
    }
    // Exponents up to 2·10⁷ carry 4e-9 each in the three far rows, which share a hundredth of the loss; the
    // others' carry 1e-13.
    #expect((loss.value(at: place) - expected).magnitude < 1e-9 * expected)
  }

  @Test(arguments: LossCase.all.filter { !$0.isWeighted })
  func `threads change no bit`(of data: LossCase) {
    let loss = data.loss
    let single = PoolingLoss(
      loss.parametrization, inputs: loss.inputs, values: loss.values, weights: nil,
      execution: Execution(threads: 1, instructions: data.instructions))
    let expected = single.valueAndGradient(at: data.parameters)
    let actual = loss.valueAndGradient(at: data.parameters)
    #expect(expected.value == actual.value)
    #expect(expected.gradient == actual.gradient)
  }

  @Test(arguments: LossCase.all.filter { $0.instructions == .best })
  func `a batch of all rows is the whole loss`(of data: LossCase) {
    let loss = data.loss
    let whole = loss.valueAndGradient(at: data.parameters)
    let batch = loss.valueAndGradient(at: data.parameters, batch: Array(0..<loss.count))
    let largest = whole.gradient.reduce(0) { max($0, $1.magnitude) }
    // The same terms in another order: some 10⁵ of them, in a gradient of both signs.
    #expect((batch.value - whole.value).magnitude < 1e-11 * whole.value)
    for (one, other) in zip(batch.gradient, whole.gradient) {
      #expect((one - other).magnitude < 1e-10 * max(1, largest))
    }
  }
}

import Nadaraya

/// The similarity of one key and one query in Spark's SQL.
///
/// Goals, in order: the same keys have weight as in the library; weights agree with the library's to 1e-13
/// near a query, at the edge of a window too; nothing costs more than it must, since all of this runs for every
/// pair.
///
/// A kernel that decays is written as its logarithm, from which the statement takes an anchor. A compact one
/// is written in the *gap* g = 1 − |u|, which is positive exactly inside the window:
///
/// ```
/// epanechnikov  g(2 − g)       since 1 − u² = (1 − |u|)(1 + |u|)
/// tricube       (g(1 + |u| + u²))³
/// cosine        sin(πg/2)      since cos(π|u|/2) = sin(π(1 − |u|)/2)
/// ```
///
/// q − k rounds. Its error, e = (q − (s + b)) − (k − b) with s the rounded difference and b = q − s…, has an
/// exact form (Knuth's two-sum), so that g = (h − |s| − sign(s)·e)/h has the sign of the exact difference: a
/// decimal grid meets edges often. A radial window has g = (1 − ‖u‖²)/(1 + ‖u‖) and may err by a rounding
/// at its edge.
///
/// ## Source
/// D. E. Knuth, The Art of Computer Programming, volume 2, section 4.2.2, theorem B.
struct SparkWeight {
  let similarity: Similarity
  /// The names of the continuous inputs and the labels of keys in statements; those of queries begin with q.
  let inputs: [String]
  let labels: [String]

  /// Names with their expressions, each layer of which may use the names of those before it.
  private(set) var layers: [[(name: String, expression: String)]] = []

  /// Whether the weight is exp(log_weight)·label_weight, or else factor·label_weight.
  var isLogarithm: Bool {
    switch similarity.kernel {
    case .gaussian, .constant, .laplacian, .logistic, .cauchy: true
    default: false
    }
  }

  init(_ similarity: Similarity, inputs: [String], labels: [String]) {
    self.similarity = similarity
    self.inputs = inputs
    self.labels = labels
    if isLogarithm { addLogarithm() } else { addFactor() }
  }

  /// Whether inputs make one distance; with one input a product is the same and its edge more exact.
  private var isRadial: Bool { similarity.combination == .radial && inputs.count > 1 }

  private mutating func addScaled() {
    layers.append(
      zip(inputs, similarity.bandwidths).map {
        ("u_\($0)", "(\($0) - q\($0)) * \(SQLText.number(1 / $1))")
      })
  }

  private var squares: String {
    inputs.map { "u_\($0) * u_\($0)" }.joined(separator: " + ")
  }

  private mutating func addLogarithm() {
    addScaled()
    let kernel = similarity.kernel
    guard !inputs.isEmpty, kernel != .constant else {
      layers.append([("log_weight", "0D")])
      return
    }
    guard isRadial, kernel != .gaussian else {
      let terms = inputs.map {
        Self.logarithm(kernel, distance: "abs(u_\($0))", square: "u_\($0) * u_\($0)")
      }
      layers.append([("log_weight", terms.joined(separator: " + "))])
      return
    }
    layers.append([("square", squares)])
    layers.append([
      ("log_weight", Self.logarithm(kernel, distance: "sqrt(square)", square: "square"))
    ])
  }

  private static func logarithm(_ kernel: Kernel, distance: String, square: String) -> String {
    switch kernel {
    case .gaussian: "-0.5D * (\(square))"
    case .laplacian: "-\(distance)"
    case .logistic:
      "2D * (\(SQLText.number(0.6931471805599453)) - log1p(exp(-\(distance)))) - \(distance)"
    default: "-log1p(\(square))"
    }
  }

  private mutating func addFactor() {
    if isRadial {
      addScaled()
      layers.append([("square", squares)])
      layers.append([("gap", "(1D - square) / (1D + sqrt(square))")])
      layers.append([("factor", Self.factor(similarity.kernel, gap: "gap"))])
      return
    }
    layers.append(inputs.map { ("s_\($0)", "q\($0) - \($0)") })
    layers.append(inputs.map { ("b_\($0)", "s_\($0) - q\($0)") })
    layers.append(
      zip(inputs, similarity.bandwidths).map { input, bandwidth in
        let (s, b, h) = ("s_\(input)", "b_\(input)", SQLText.number(bandwidth))
        let error = "((q\(input) - (\(s) - \(b))) - (\(input) + \(b)))"
        return (
          "g_\(input)",
          "(\(h) - abs(\(s)) - signum(\(s)) * \(error)) * \(SQLText.number(1 / bandwidth))"
        )
      })
    let inside = inputs.map { "g_\($0) > 0" }.joined(separator: " AND ")
    let product = inputs.map { Self.factor(similarity.kernel, gap: "g_\($0)") }
      .joined(separator: " * ")
    layers.append([("factor", inputs.isEmpty ? "1D" : "IF(\(inside), \(product), 0D)")])
  }

  private static func factor(_ kernel: Kernel, gap g: String) -> String {
    let inside = "\(g) * (2D - \(g))"
    let weight =
      switch kernel {
      case .boxcar: "1D"
      case .triangular: g
      case .epanechnikov: "(\(inside))"
      case .biweight: "pow(\(inside), 2D)"
      case .triweight: "pow(\(inside), 3D)"
      case .tricube: "pow(\(g) * (2D - \(g) + (1D - \(g)) * (1D - \(g))), 3D)"
      default: "sin(\(g) * \(SQLText.number(.pi / 2)))"
      }
    return "IF(\(g) > 0, \(weight), 0D)"
  }

  /// The part of the labels; 1 where there are none.
  var labelWeight: String {
    let factors = zip(labels, similarity.labels).map { name, label in
      let width = SQLText.number(label.bandwidth)
      let other = SQLText.number(1 - label.bandwidth)
      let power = "pow(\(width), abs(\(name) - q\(name)))"
      let (equal, apart): (String, String) =
        switch label.kernel {
        case .aitchisonAitken:
          (
            other,
            SQLText.number(
              label.bandwidthOfOthers)
          )
        case .liRacine: ("1D", width)
        case .orderedLiRacine: ("1D", power)
        case .wangVanRyzin: (other, "\(SQLText.number((1 - label.bandwidth) / 2)) * \(power)")
        }
      return "IF(\(name) = q\(name), \(equal), \(apart))"
    }
    return factors.isEmpty ? "1D" : factors.joined(separator: " * ")
  }
}

/// A similarity as a function of scaled distance.
///
/// ```
/// α(q, k) = K(u),   u = (q − k)/h
/// ```
///
/// K is even, finite and nonnegative. The built-in kernels have K(0) = 1. An estimate is a ratio of
/// sums, so a constant factor in K changes nothing.
///
/// Two kernels are equal if they are the same built-in kernel or copies of one value made from a
/// closure. Names are not compared: a closure may have any name, and two closures cannot be compared.
///
/// ## Source
/// M. P. Wand and M. C. Jones, Kernel Smoothing (Chapman & Hall, 1995), section 2.7.
public struct Kernel: Sendable, Hashable {
  /// The name in options, tables and messages; two different kernels may share it.
  public let name: String

  package let form: Form

  package enum Form: Sendable, Hashable {
    case builtIn(BuiltIn)
    case closure(Closure)
  }

  /// The kernels that have their own loops, in the order of the tables of loops.
  package enum BuiltIn: Int, CaseIterable, Sendable {
    case gaussian
    case boxcar
    case constant
    case triangular
    case epanechnikov
    case biweight
    case triweight
    case tricube
    case cosine
    case laplacian
    case logistic
    case cauchy
  }

  package struct Closure: Sendable {
    /// Drawn at random when the kernel is made, so that its copies are not equal to any other kernel,
    /// even one of another process.
    package let identity: UInt128
    let support: Double
    let profile: @Sendable (Double) -> Double
    let logProfile: (@Sendable (Double) -> Double)?
    let moments: Moments
  }

  /// Whether two kernels have the same form.
  public static func == (left: Kernel, right: Kernel) -> Bool { left.form == right.form }

  /// Feeds the form to a hasher.
  public func hash(into hasher: inout Hasher) { hasher.combine(form) }

  private init(_ kernel: BuiltIn) {
    name = String(describing: kernel)
    form = .builtIn(kernel)
  }

  /// Creates a kernel from a function.
  ///
  /// - Parameters:
  ///   - name: the name used in messages.
  ///   - support: K(u) = 0 wherever `abs(u) ≥ support`; infinite if K has no such bound.
  ///   - logProfile: ln K(u). With the logarithm of a decaying kernel, a query has an estimate however
  ///     far it is from all keys; without it, a query where every K(u) rounds to 0 counts as
  ///     unsupported.
  ///   - profile: K(u), even, finite and nonnegative. It is called from several threads at once.
  /// - Complexity: a few hundred calls of `profile`, to compute the moments by quadrature.
  public init(
    name: String,
    support: Double = .infinity,
    logProfile: (@Sendable (Double) -> Double)? = nil,
    profile: @escaping @Sendable (Double) -> Double
  ) {
    precondition(support > 0, "a kernel's support must be positive")
    self.name = name
    form = .closure(
      Closure(
        identity: .random(in: 0 ... .max), support: support, profile: profile,
        logProfile: logProfile,
        moments: Moments(of: profile, support: support)))
  }

  /// exp(−u²/2); the bandwidth is the standard deviation.
  public static let gaussian = Kernel(.gaussian)
  /// 1 where abs(u) < 1, else 0.
  public static let boxcar = Kernel(.boxcar)
  /// 1 everywhere: every query attends to all keys equally.
  public static let constant = Kernel(.constant)
  /// max(1 − abs(u), 0).
  public static let triangular = Kernel(.triangular)
  /// 1 − u² where abs(u) < 1, else 0.
  public static let epanechnikov = Kernel(.epanechnikov)
  /// (1 − u²)² where abs(u) < 1, else 0.
  public static let biweight = Kernel(.biweight)
  /// (1 − u²)³ where abs(u) < 1, else 0.
  public static let triweight = Kernel(.triweight)
  /// (1 − abs(u)³)³ where abs(u) < 1, else 0.
  public static let tricube = Kernel(.tricube)
  /// cos(πu/2) where abs(u) < 1, else 0.
  public static let cosine = Kernel(.cosine)
  /// exp(−abs(u)).
  public static let laplacian = Kernel(.laplacian)
  /// 4/(exp(u) + 2 + exp(−u)).
  public static let logistic = Kernel(.logistic)
  /// 1/(1 + u²).
  public static let cauchy = Kernel(.cauchy)

  /// The built-in kernels.
  public static let all: [Kernel] = BuiltIn.allCases.map(Kernel.init)

  /// The built-in kernel of that name, if there is one.
  public init?(named name: String) {
    guard let kernel = Self.all.first(where: { $0.name == name }) else { return nil }
    self = kernel
  }
}

extension Kernel.Closure: Hashable {
  package static func == (left: Self, right: Self) -> Bool { left.identity == right.identity }

  package func hash(into hasher: inout Hasher) { hasher.combine(identity) }
}

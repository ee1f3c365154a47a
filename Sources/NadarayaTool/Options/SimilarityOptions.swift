public import ArgumentParser
public import Nadaraya
import Tables

/// Kernel, bandwidth and what happens where no key supports a query.
struct SimilarityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The similarity: \(Kernel.all.map(\.name).joined(separator: ", ")).", valueName: "name"),
    completion: .list(Kernel.all.map(\.name)))
  var kernel = Kernel.gaussian.name

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "One bandwidth for all inputs, one for each separated by commas, or the method that chooses: "
        + "\(BandwidthMethod.names). With labels one each: -x, --factor, --ordered; 0 keeps the "
        + "levels of a label apart.", valueName: "h"))
  var bandwidth = "loo"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The degree of the local polynomial, 0 to 3; 1 removes first-order bias at the ends of the "
        + "data.",
      valueName: "d"))
  var degree = 0

  @Option(
    help: ArgumentHelp(
      "The similarity of two --factor labels: 1 − λ if they are equal, else λ/(c − 1), with c "
        + "levels; or 1 if they are equal, else λ.",
      valueName: FactorKernel.allCases.map(\.rawValue).joined(separator: "|")))
  var factorKernel: FactorKernel = .aitchisonAitken

  @Option(
    help: ArgumentHelp(
      "The similarity of two --ordered labels d levels apart: λᵈ; or 1 − λ if they are equal, "
        + "else (1 − λ)/2·λᵈ.",
      valueName: OrderedKernel.allCases.map(\.rawValue).joined(separator: "|")))
  var orderedKernel: OrderedKernel = .liRacine

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Instead of --bandwidth: use each query's distance to its K-th nearest row, counting ties, "
        + "with inputs in their standard deviations; loo chooses the K with the least "
        + "leave-one-out error.", valueName: "k"))
  var neighbors: String?

  @Flag(
    help: "With --neighbors, give each key a bandwidth of its own, and divide its weight by it.")
  var adaptive = false

  @Flag(
    help: """
      Choose one bandwidth, or number of neighbors, for all -y columns: the one with the least sum of \
      their criteria, each column in its own standard deviations. Otherwise each column has its own.
      """)
  var commonBandwidth = false

  @Flag(help: "How several inputs combine: a product of kernels, or one Euclidean distance.")
  var combination: InputCombination = .product

  @Flag(help: "Each query attends only to keys that are not later in the first -x column.")
  var causal = false

  @Option(
    help: ArgumentHelp(
      "The prediction where no key supports a query.", valueName: "nan|nearest|mean|fail"))
  var empty: EmptyWindowPolicy = .notANumber

  /// The similarity as the options give it, before any data is read.
  ///
  /// - Parameter hasLabels: whether some of the bandwidths are those of labels.
  func parsed(
    hasLabels: Bool
  ) throws(Failure) -> (kernel: Kernel, bandwidths: BandwidthChoice) {
    guard let kernel = Kernel(named: kernel) else {
      let names = Kernel.all.map(\.name)
      throw .usage(
        "there is no kernel \"\(self.kernel)\"",
        hint: nearestName(to: self.kernel, among: names).map { "did you mean \($0)?" }
          ?? "the kernels are \(names.joined(separator: ", "))")
    }
    guard (0...3).contains(degree) else {
      throw .usage("--degree \(degree) is not 0, 1, 2 or 3")
    }
    return (kernel, try BandwidthChoice(bandwidth, hasLabels: hasLabels))
  }
}

/// Numbers, or the method that chooses them.
enum BandwidthChoice {
  case given([Double])
  case method(BandwidthMethod)

  init(_ argument: String, hasLabels: Bool) throws(Failure) {
    if let method = BandwidthMethod(named: argument) {
      self = .method(method)
      return
    }
    var bandwidths: [Double] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let part = String(part.filter { $0 != " " })
      guard BandwidthMethod(named: part) == nil else {
        throw .usage("bandwidth \(argument) mixes \(part) with numbers")
      }
      guard let bandwidth = Double(part) else {
        throw .usage(
          "bandwidth \"\(part)\" is neither a number nor a method",
          hint: nearestName(to: part, among: BandwidthMethod.ofFixedBandwidths.map(\.rawValue))
            .map { "did you mean \($0)?" } ?? "the methods are \(BandwidthMethod.names)")
      }
      if hasLabels, bandwidth == 0 {
        bandwidths.append(0)
        continue
      }
      guard bandwidth > 0, bandwidth < .infinity else {
        throw .usage("bandwidth \(part) is not a positive number")
      }
      guard bandwidth.isNormal else { throw .usage("bandwidth \(part) is too small, below 2e-308") }
      bandwidths.append(bandwidth)
    }
    self = .given(bandwidths)
  }
}

/// The kernels of labels without order.
enum FactorKernel: String, CaseIterable, ExpressibleByArgument {
  case aitchisonAitken = "aitchison-aitken"
  case liRacine = "li-racine"
}

/// The kernels of ordered labels.
enum OrderedKernel: String, CaseIterable, ExpressibleByArgument {
  case liRacine = "li-racine"
  case wangVanRyzin = "wang-van-ryzin"
}

extension SimilarityOptions {
  /// The similarity over a table's inputs, without bandwidths.
  func similarity(_ kernel: Kernel, of data: DataTable) -> Similarity {
    Similarity(kernel, combination: combination, labels: labelKernels(of: data))
  }

  /// The kernels of factors and then ordered labels.
  func labelKernels(of data: DataTable) -> [LabelKernel] {
    labelKernels(factors: data.factorCount, ordered: data.labels.count - data.factorCount)
  }

  func labelKernels(factors: Int, ordered orderedCount: Int) -> [LabelKernel] {
    let factor: LabelKernel =
      switch factorKernel {
      case .aitchisonAitken: .aitchisonAitken
      case .liRacine: .liRacine
      }
    let ordered: LabelKernel =
      switch orderedKernel {
      case .liRacine: .orderedLiRacine
      case .wangVanRyzin: .wangVanRyzin
      }
    return [LabelKernel](repeating: factor, count: factors)
      + [LabelKernel](repeating: ordered, count: orderedCount)
  }
}

extension InputCombination: EnumerableFlag {}

extension EmptyWindowPolicy: ExpressibleByArgument {}
extension ExtrapolationPolicy: ExpressibleByArgument {}

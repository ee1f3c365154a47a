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
      "One bandwidth for all inputs, one each separated by commas, or the method that chooses: "
        + "\(BandwidthMethod.names).", valueName: "h"))
  var bandwidth = "loo"

  @Flag(help: "How several inputs combine: a product of kernels, or one Euclidean distance.")
  var combination: InputCombination = .product

  @Option(
    help: ArgumentHelp(
      "What is predicted where no key supports a query.", valueName: "nan|nearest|mean|fail"))
  var empty: EmptyWindowPolicy = .notANumber

  /// The similarity as the options say it, before any data is read.
  func parsed() throws(Failure) -> (kernel: Kernel, bandwidths: BandwidthChoice) {
    guard let kernel = Kernel(named: kernel) else {
      let names = Kernel.all.map(\.name)
      throw .usage(
        "there is no kernel \"\(self.kernel)\"",
        hint: nearestName(to: self.kernel, among: names).map { "did you mean \($0)?" }
          ?? "the kernels are \(names.joined(separator: ", "))")
    }
    return (kernel, try BandwidthChoice(bandwidth))
  }
}

/// Numbers, or the method that finds them.
enum BandwidthChoice {
  case given([Double])
  case method(BandwidthMethod)

  init(_ argument: String) throws(Failure) {
    if let method = BandwidthMethod(rawValue: argument) {
      self = .method(method)
      return
    }
    var bandwidths: [Double] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let part = String(part.filter { $0 != " " })
      guard BandwidthMethod(rawValue: part) == nil else {
        throw .usage("bandwidth \(argument) mixes \(part) with numbers")
      }
      guard let bandwidth = Double(part) else {
        throw .usage(
          "bandwidth \"\(part)\" is neither a number nor a method",
          hint: nearestName(to: part, among: BandwidthMethod.allCases.map(\.rawValue))
            .map { "did you mean \($0)?" } ?? "the methods are \(BandwidthMethod.names)")
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

extension InputCombination: EnumerableFlag {}

extension EmptyWindowPolicy: ExpressibleByArgument {}

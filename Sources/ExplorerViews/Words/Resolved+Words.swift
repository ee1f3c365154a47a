internal import Nadaraya
internal import Wording

extension Resolved {
  /// What is estimated from which inputs, and the values at which other inputs are held.
  var title: String {
    ["\(view.value) by \(view.over)", heldWords].compactMap(\.self).joined(separator: ", ")
  }

  /// The values at which the other inputs are held; nil if there are none.
  var heldWords: String? {
    let held = view.inputs.indices.filter { $0 != view.overIndex }.map { input in
      "\(view.inputs[input]) at \(typeset(view.held[input] ?? .nan, digits: 6))"
    }
    return held.isEmpty ? nil : held.joined(separator: ", ")
  }

  /// Kernel, degree and bandwidths in a sentence.
  var summary: String {
    let name = view.kernelName
    let widths = zip(view.inputs, bandwidths).map { input, bandwidth in
      view.inputs.count > 1 ? "\(typeset(bandwidth)) for \(input)" : typeset(bandwidth)
    }
    return name.prefix(1).uppercased() + name.dropFirst() + " kernel"
      + (view.degree > 0 ? ", degree \(view.degree)" : "")
      + (name == Kernel.constant.name
        ? "" : ", bandwidth\(widths.count > 1 ? "s" : "") \(widths.joined(separator: ", "))")
      + (view.weights.map { ", weighted by \($0)" } ?? "") + "."
  }

  /// The estimator in words, for people who cannot see a curve.
  var estimatorWords: String {
    view.degree > 0
      ? "the estimate by local polynomials of degree \(view.degree)"
      : "the Nadaraya–Watson estimate"
  }

  /// What the points of a picture are if several inputs share it.
  var pointWords: String? {
    view.inputs.count > 1 ? "The points show all rows, whatever their other inputs." : nil
  }
}

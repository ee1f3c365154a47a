internal import Nadaraya
internal import NadarayaFigures
internal import Wording

extension Resolved {
  /// Leave-one-out residuals, along the picture's input.
  func figure(ofResiduals residuals: [Double]) throws -> Figure {
    let smooth = try sample.count <= Self.smoothedRows ? self.smooth(of: residuals) : nil
    let (limits, _) = Axis.limits(holding: [residuals], surroundings: [])
    let panel = Panel.residuals(
      title: "",
      residuals: Panel.Curve(x: sample.columns[view.overIndex], y: residuals),
      mean: smooth?.mean, size: smooth?.size, x: horizontalAxis,
      y: Axis(label: "residual of \(view.value)", limits: limits))
    let words = smooth.map {
      " Residuals and their sizes are smoothed by a Gaussian kernel, bandwidth "
        + "\(typeset($0.bandwidth)) by AICc."
    }
    return Figure(
      title: "Residuals of \(view.value) by \(view.over)",
      accessibleDescription:
        "Residuals of \(counted(sample.count, "row")), each left out of its own fit, over "
        + "\(view.over), with a line at zero. \(summary)",
      caption: "Each row is left out of its own fit." + (words ?? ""), panels: [panel],
      width: Double(view.width))
  }

  /// Smoothing more residuals than this is too slow for a moving slider.
  private static var smoothedRows: Int { 2_000 }

  /// Residuals and their sizes under one smoother.
  private struct Smooth {
    let bandwidth: Double
    let mean: Panel.Curve
    let size: Panel.Curve
  }

  /// Nil if the residuals do not determine a bandwidth.
  private func smooth(of residuals: [Double]) throws(KernelRegressionError) -> Smooth? {
    let column = sample.columns[view.overIndex]
    let count = residuals.indices.count {
      residuals[$0].isFinite && sample.weights?[$0] ?? 1 > 0
    }
    guard count > 3 else { return nil }
    do throws(KernelRegressionError) {
      let places = places(200)
      let smooth = try ResidualSmooth(
        residuals, over: column, weights: sample.weights, queryCount: places.count,
        execution: execution)
      let estimates = try smooth.estimates(at: Points(places))
      return Smooth(
        bandwidth: smooth.bandwidth, mean: Panel.Curve(x: places, y: estimates.mean),
        size: Panel.Curve(x: places, y: estimates.size))
    } catch {
      guard error.code != .cancelled else { throw error }
      return nil
    }
  }
}

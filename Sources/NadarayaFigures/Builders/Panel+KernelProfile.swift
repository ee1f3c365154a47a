extension Panel {
  /// A kernel K(u) as a function of the distance between query and key in bandwidths.
  ///
  /// The points are joined by straight lines: a jump, such as the boxcar's, looks like one if the
  /// profile has both of its ends at the same u.
  ///
  /// - Parameters:
  ///   - title: The kernel's name.
  ///   - subtitle: A less prominent line under it, such as its formula.
  ///   - profile: The distances u and the values K(u).
  ///   - xLabel: What the distance is.
  ///   - yLabel: What the value is.
  package static func kernelProfile(
    title: String, subtitle: String = "", profile: Curve, xLabel: String = "u = (q − k)/h",
    yLabel: String = "K(u)"
  ) -> Panel {
    Panel(
      title: title, subtitle: subtitle, x: Axis(label: xLabel), y: Axis(label: yLabel),
      marks: [.line(Line(x: profile.x, y: profile.y))])
  }
}

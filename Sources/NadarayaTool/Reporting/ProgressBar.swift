/// A bar on the terminal for work that takes longer than a second; silent anywhere else.
final class ProgressBar: Sendable {
  private let label: String
  private let line = StatusLine()

  private static let width = 30

  init(_ label: String) { self.label = label }

  /// What a computation calls with the fraction that is done; nil where there is no terminal.
  var report: (@Sendable (Double) -> Void)? {
    guard StandardError.isTerminal else { return nil }
    return { [self] fraction in line.draw { text(fraction, elapsed: $0 / .seconds(1)) } }
  }

  private func text(_ fraction: Double, elapsed: Double) -> String {
    let filled = Int(fraction * Double(Self.width))
    let bar =
      String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    guard fraction > 0 else { return "\(label) \(bar) 0 %" }
    let seconds = Int(elapsed / fraction - elapsed)
    let left = seconds < 60 ? "\(seconds) s left" : "\(seconds / 60) min \(seconds % 60) s left"
    return "\(label) \(bar) \(Int(fraction * 100)) % \(left)"
  }

  /// Removes the bar.
  func finish() { line.finish() }
}

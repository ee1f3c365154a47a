extension Deck {
  /// The numbers of `torch.arange(0, 5, 0.1)`, shape `[50]`.
  ///
  /// torch fills vectors of eight: it rounds the first number of each eight to `Float` and then adds
  /// the multiples of the step to it. So some numbers, the first being 0.9, differ in the last place
  /// from i · 0.1 rounded once.
  static func validationGrid() -> [Float] {
    let step = 0.1
    let lanes = 8
    return (0..<50).map { index in
      let lane = index % lanes
      let base = Float(step * Double(index - lane))
      return Float(Double(base) + step * Double(lane))
    }
  }
}

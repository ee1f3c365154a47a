import DeckData
import Testing

@Suite struct DeckPlaneTests {
  @Test func `noise is standard normal about the curve of the first input, whatever the second`() {
    let plane = DeckPlane(seed: 3, count: 20_000)
    let noise = zip(plane.inputs[0], plane.values).map { $1 - DeckPlane.truth(at: $0) }
    let count = Double(noise.count)
    // Five standard errors of a mean and of a variance.
    #expect(abs(noise.reduce(0, +) / count) < 5 / count.squareRoot())
    let variance = noise.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(variance - 1) < 5 * (2 / count).squareRoot())
    let second = plane.inputs[1].map { $0 - 2.5 }
    let covariance = zip(noise, second).reduce(0) { $0 + $1.0 * $1.1 } / count
    #expect(abs(covariance) < 5 * (25.0 / 12 / count).squareRoot())
    #expect(plane.inputs.allSatisfy { $0.allSatisfy { (0..<5).contains($0) } })
  }

  @Test func `the same seed draws the same points`() {
    #expect(DeckPlane(seed: 7) == DeckPlane(seed: 7))
    #expect(DeckPlane(seed: 7) != DeckPlane(seed: 8))
  }
}

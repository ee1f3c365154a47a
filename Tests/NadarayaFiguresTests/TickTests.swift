import Foundation
import Testing

@testable import NadarayaFigures

/// The value that a reader takes from a label.
private func reading(_ label: String, offset: String?) -> Decimal? {
  func number(_ words: String) -> Decimal? {
    let raised: [Character: Character] = [
      "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
      "⁹": "9", "⁻": "-",
    ]
    let power = String(words.filter { raised[$0] != nil }.map { raised[$0] ?? " " })
    let rest = words.filter { raised[$0] == nil }.replacing("\u{2212}", with: "-")
      .replacing("+", with: "")
    guard !power.isEmpty else { return Decimal(string: rest) }
    let mantissa = rest == "10" ? "1" : rest.replacing("×10", with: "")
    return Decimal(string: mantissa + "e" + power)
  }
  guard let value = number(label) else { return nil }
  guard let offset else { return value }
  return number(offset).map { value + $0 }
}

/// Ranges of every size and place, edges first.
private let ranges: [ClosedRange<Double>] =
  [
    0...1, 0...10, -1...1, 0...7, 0.3...0.9, 99...101, 1.6e9...(1.6e9 + 1e-4), -5e-7...3e-7,
    0...1e15, -1e300...1e300, 1e-300...3e-300, 1999...2024, 0.999_999...1.000_001,
    -1.7e308...1.7e308, 123_456_789...123_456_790, -1_000_000.5 ... -1_000_000,
  ]
  + zip(SampleFigures.scattered(400), SampleFigures.scattered(400, seed: 0.754_877_666)).map {
    let center = ($0 - 0.5) * pow(10, ($1 * 60).rounded() - 30)
    let span = center.magnitude * pow(10, -12 * $1) + 1e-30
    return (center - span)...(center + span)
  }

@Suite("Ticks")
struct TickTests {
  @Test("linear ticks increase, lie inside, and are 3 to 10", arguments: ranges)
  func linearLaws(range: ClosedRange<Double>) {
    for maximum in 6...10 {
      let ticks = AxisTicks(linearIn: range, atMost: maximum)
      let values = ticks.major.map(\.value)
      #expect((3...maximum).contains(values.count))
      #expect(values.allSatisfy(range.contains))
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
      #expect(Set(ticks.major.map(\.label)).count == values.count)
    }
  }

  @Test("an axis of names has room for each, whatever the data, and a tick at its number")
  func names() throws {
    let names = ["a", "b", "c"]
    let axis = Axis(limits: 7...8, names: names)
    let limits = try #require(axis.limits)
    #expect(limits == -0.5...2.5)
    for orientation in [AxisTicks.Orientation.horizontal, .vertical] {
      let ticks = AxisTicks(fitting: axis, limits: limits, length: 200, orientation: orientation)
      #expect(ticks.major.map(\.value) == [0, 1, 2])
      #expect(ticks.major.map(\.label) == names)
      #expect(ticks.minor.isEmpty && ticks.offset == nil)
    }
  }

  @Test("names that fit their slots are broken into lines, others run upwards")
  func longNames() throws {
    func ticks(_ names: [String], length: Double) throws -> AxisTicks {
      let axis = Axis(names: names)
      return AxisTicks(
        fitting: axis, limits: try #require(axis.limits), length: length, orientation: .horizontal)
    }
    let trades = ["smith", "shoemaker and saddler", "baker"]
    let broken = try ticks(trades, length: 300)
    #expect(!broken.areRotated)
    #expect(broken.major.map { $0.label.replacing("\n", with: " ") } == trades)
    #expect(broken.major[1].label.contains("\n"))
    let upward = try ticks(trades, length: 120)
    #expect(upward.areRotated && upward.major.map(\.label) == trades)
    let endless = try ticks([String(repeating: "long ", count: 100), "b"], length: 120)
    #expect(endless.areRotated && endless.major[0].label.hasSuffix("…"))
    #expect(TextStyle.tick.width(of: endless.major[0].label) < 140)
  }

  @Test("a label reads back as its tick", arguments: ranges)
  func labelsReadBack(range: ClosedRange<Double>) throws {
    // Foundation's Decimal, the independent reader, ends at 10^±127.
    try #require(ranges.contains(range))
    guard max(range.lowerBound.magnitude, range.upperBound.magnitude) < 1e100,
      range.upperBound - range.lowerBound > 1e-100
    else { return }
    let ticks = AxisTicks(linearIn: range, atMost: 8)
    for tick in ticks.major {
      let read = try #require(reading(tick.label, offset: ticks.offset))
      #expect(Double("\(read)") == tick.value, "\(tick.label) \(ticks.offset ?? "")")
      #expect(!tick.label.contains("-"), "a hyphen is no minus sign")
    }
  }

  @Test("steps are 1, 2, 2.5 or 5 times a power of ten", arguments: ranges)
  func stepsAreRound(range: ClosedRange<Double>) {
    let values = AxisTicks(linearIn: range, atMost: 7).major.map(\.value)
    // Where ticks agree in most of their digits, their difference has only the others. Logarithms of up to 300
    // and powers of ten leave 1e-12 of a mantissa.
    let magnitude = values.reduce(0) { max($0, $1.magnitude) }
    let step = values[1] / 2 - values[0] / 2
    let tolerance = magnitude.ulp / step + 1e-12
    let mantissa = step * 2 / pow(10, log10(step * 2).rounded(.down))
    let isRound = [1, 2, 2.5, 5, 10].contains { abs($0 - mantissa) <= 10 * tolerance }
    #expect(isRound, "\(mantissa)")
  }

  @Test("ranges that everybody knows get the labels that everybody writes")
  func familiarRanges() {
    func labels(_ range: ClosedRange<Double>, _ maximum: Int) -> [String] {
      AxisTicks(linearIn: range, atMost: maximum).major.map(\.label)
    }
    #expect(labels(0...1, 6) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(0...100, 6) == ["0", "20", "40", "60", "80", "100"])
    #expect(labels(-1...1, 6) == ["\u{2212}1.0", "\u{2212}0.5", "0.0", "0.5", "1.0"])
    #expect(labels(0...3e6, 4) == ["0", "1×10⁶", "2×10⁶", "3×10⁶"])
    #expect(labels(0...4e-9, 5) == ["0", "1×10⁻⁹", "2×10⁻⁹", "3×10⁻⁹", "4×10⁻⁹"])
    #expect(labels(1990...2024, 6) == ["1990", "2000", "2010", "2020"])
  }

  @Test("neighbours with many common digits are told apart by an offset")
  func offset() {
    let ticks = AxisTicks(linearIn: 1.6e9...(1.6e9 + 1e-4), atMost: 6)
    #expect(ticks.offset == "+1.6×10⁹")
    #expect(ticks.major.first?.label == "0.00000")
  }

  @Test("an axis of indices marks whole numbers only", arguments: [1, 2, 4, 5, 7, 39, 2000])
  func wholeNumbers(last: Int) {
    let ticks = AxisTicks(
      linearIn: -0.5...(Double(last) + 0.5), atMost: 6, wholeNumbers: true)
    #expect(!ticks.major.isEmpty)
    #expect(ticks.major.allSatisfy { $0.value == $0.value.rounded() })
  }

  @Test("log ticks increase, lie inside, and are 3 to 10")
  func logarithmicLaws() {
    for low in [1e-300, 1e-9, 0.3, 1, 4.5, 2e7] {
      for ratio in [1.001, 1.5, 3, 9, 11, 80, 200, 999, 1e4, 1e9, 1e50, 1e290] {
        let range = low...(low * ratio)
        let ticks = AxisTicks(logarithmicIn: range, atMost: 7)
        let values = ticks.major.map(\.value)
        #expect((3...10).contains(values.count), "\(range): \(values)")
        #expect((values + ticks.minor).allSatisfy(range.contains))
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
        #expect(Set(values).isDisjoint(with: ticks.minor))
      }
    }
  }

  @Test("decades are labelled in full near 1 and as powers elsewhere")
  func decades() {
    let near = AxisTicks(logarithmicIn: 0.01...100, atMost: 6)
    #expect(near.major.map(\.label) == ["0.01", "0.1", "1", "10", "100"])
    #expect(near.minor.count == 4 * 8)
    let far = AxisTicks(logarithmicIn: 1e-8...1e-5, atMost: 6)
    #expect(far.major.map(\.label) == ["10⁻⁸", "10⁻⁷", "10⁻⁶", "10⁻⁵"])
  }
}

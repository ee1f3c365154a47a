import Foundation
import Testing

@testable import NadarayaFigures

/// Linear light of the three channels.
private func linear(_ color: Color) -> [Double] {
  [color.red, color.green, color.blue].map { channel in
    let value = Double(channel) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }
}

private func times(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
  matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
}

/// The contrast ratio of WCAG 2.2, 1 to 21.
private func contrast(_ first: Color, _ second: Color) -> Double {
  let luminances = [first, second].map { times([[0.2126, 0.7152, 0.0722]], linear($0))[0] }.sorted()
  return (luminances[1] + 0.05) / (luminances[0] + 0.05)
}

/// Lightness, green to red and blue to yellow.
///
/// Source: B. Ottosson, *A perceptual color space for image processing*, 2020.
private func okLab(_ light: [Double]) -> [Double] {
  let cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ], light)
  return times(
    [
      [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.8086757660],
    ], cones.map { cbrt(max($0, 0)) })
}

/// Normal vision, and what protanopes, deuteranopes and tritanopes see.
///
/// Source: severity 1 in the tables of G. Machado, M. Oliveira and L. Fernandes, 2009, doi:10.1109/TVCG.2009.113.
private let visions: [[[Double]]] = [
  [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  [
    [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  [
    [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
    [-0.011820, 0.042940, 0.968881],
  ],
  [
    [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.303900],
  ],
]

/// The least distance of two colours in OKLab to any of those eyes.
private func distance(_ first: Color, _ second: Color) -> Double {
  visions.map { vision in
    let places = [first, second].map { color in
      okLab(times(vision, linear(color)).map { min(max($0, 0), 1) })
    }
    return zip(places[0], places[1]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }.min() ?? 0
}

private func leastDistance(_ colors: [Color]) -> Double {
  colors.indices.flatMap { first in
    colors[(first + 1)...].map { distance(colors[first], $0) }
  }.min() ?? 0
}

@Suite("Themes")
struct ThemeTests {
  private static func dark(_ color: Color) -> Color { color.look(in: .dark) }

  @Test("the ratio of contrast is the one of WCAG: 21 for black and white, 1 for equals")
  func wcag() {
    let black = Color(hex: 0)
    let white = Color(hex: 0xFF_FFFF)
    // Weights of channels that sum to 1 but for rounding.
    #expect((contrast(black, white) - 21).magnitude < 1e-12)
    #expect(contrast(white, white) == 1)
    // #777 on white, the example of many a guide: just under 4.5, with two decimals.
    #expect((contrast(Color(hex: 0x77_7777), white) - 4.48).magnitude < 0.005)
  }

  @Test("dark paper is #1d2025; lines have a contrast of 3 to it, words one of 4.5")
  func contrasts() {
    let paper = Self.dark(.paper)
    #expect(paper == Color(hex: 0x1D_2025))
    let lines = [Color.fit, .truth, .points, .highlight, .missing, .spine] + Color.series
    for line in lines { #expect(contrast(Self.dark(line), paper) >= 3) }
    let words = [
      TextStyle.figureTitle, .panelTitle, .subtitle, .axisLabel, .tick, .legend, .caption, .notice,
    ].map(\.color)
    // Annotations are words in the colour of what is chosen, references lines in that of quiet words.
    for word in words + [.highlight] { #expect(contrast(Self.dark(word), paper) >= 4.5) }
  }

  @Test("a grid is as faint on dark paper as on light, and its small lines fainter")
  func grid() {
    for theme in Figure.Theme.allCases {
      let paper = Color.paper.look(in: theme)
      let major = contrast(Color.grid.look(in: theme), paper)
      let minor = contrast(Color.minorGrid.look(in: theme), paper)
      #expect(1.05 < minor && minor < major && major < 1.4)
    }
  }

  @Test("colour-blind people tell dark series apart as well as light ones, or better")
  func series() {
    let light = leastDistance(Color.series.map { $0.look(in: .light) })
    let dark = leastDistance(Color.series.map(Self.dark))
    #expect(dark >= light)
    // The truth, which is dashed as well, is no farther from any series on light paper.
    func truth(_ theme: Figure.Theme) -> Double {
      Color.series.map { distance($0.look(in: theme), Color.truth.look(in: theme)) }.min() ?? 0
    }
    #expect(truth(.dark) >= truth(.light))
  }

  @Test("the ramp begins beside the paper, leaves it steadily, and never meets what is missing")
  func ramp() {
    for theme in Figure.Theme.allCases {
      let paper = Color.paper.look(in: theme)
      let colors = (0..<SequentialReds.levels).map {
        SequentialReds.color(level: $0).look(in: theme)
      }
      let lightness = colors.map { okLab(linear($0))[0] }
      let start = contrast(colors[0], paper)
      #expect(1.05 < start && start < 1.2)
      #expect(contrast(colors[255], paper) > 7)
      let direction = theme == .light ? -1.0 : 1
      let step = (lightness[255] - lightness[0]) / 255
      for level in 1..<SequentialReds.levels {
        // Channels of eight bits and linear pieces between anchors keep to the line within a few steps, each
        // some 0.003 of lightness. A channel that rounds may turn one step back by less than that.
        let expected = lightness[0] + Double(level) * step
        #expect((lightness[level] - expected).magnitude < 0.012)
        #expect(direction * (lightness[level] - lightness[level - 1]) > -0.002)
      }
      let missing = Color.missing.look(in: theme)
      // More than twice what the eye tells apart side by side, 0.02 in OKLab.
      for color in colors { #expect(distance(color, missing) > 0.05) }
    }
  }

  @Test("a theme changes colours and nothing else", arguments: SampleFigures.all.keys.sorted())
  func onlyColors(name: String) throws {
    let figure = try #require(SampleFigures.all[name])
    let documents = Figure.Theme.allCases.map { XMLFindings(figure.svg(theme: $0)).elements }
    let paints: Set = ["fill", "stroke", "stop-color"]
    try #require(documents[0].count == documents[1].count)
    for (light, dark) in zip(documents[0], documents[1]) {
      #expect(light.name == dark.name)
      #expect(
        light.attributes.filter { !paints.contains($0.key) }
          == dark.attributes.filter { !paints.contains($0.key) })
      let said = light.text.replacing("darker where more meet", with: "brighter where more meet")
      #expect(said == dark.text)
    }
  }

  @Test(
    "every colour of a dark picture is the dark look of a role",
    arguments: SampleFigures.all.keys.sorted())
  func roles(name: String) throws {
    let figure = try #require(SampleFigures.all[name])
    let furniture = [Color.paper, .title, .text, .quietText, .spine, .grid, .minorGrid]
    let ramp = (0..<SequentialReds.levels).map(SequentialReds.color) + SequentialReds.anchors
    let roles = furniture + [.fit, .truth, .points, .highlight, .missing] + Color.series + ramp
    let looks = Set(roles.map { Self.dark($0).svg })
    for element in XMLFindings(figure.svg(theme: .dark)).elements {
      for key in ["fill", "stroke", "stop-color"] {
        guard let paint = element.attributes[key], paint.hasPrefix("#") else { continue }
        #expect(looks.contains(paint))
      }
    }
  }

  @Test("a colour of one's own is the same on both papers unless it says otherwise")
  func ownColors() {
    let plain = Color(hex: 0x12_3456)
    #expect(plain.look(in: .dark) == plain && plain.look(in: .light) == plain)
    let both = Color(hex: 0x12_3456, onDark: 0xFEDC_BA98)
    #expect(both.look(in: .light) == plain)
    #expect(both.look(in: .dark) == Color(hex: 0xDC_BA98))
    let line = Line(x: [0, 1], y: [0, 1], stroke: Stroke(both))
    let figure = Figure(accessibleDescription: "", panels: [Panel(marks: [.line(line)])])
    #expect(figure.svg().contains("stroke=\"#123456\""))
    #expect(figure.svg(theme: .dark).contains("stroke=\"#dcba98\""))
  }
}

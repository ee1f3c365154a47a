import Foundation
import Testing

@testable import NadarayaFigures

@Suite("SVG documents")
struct SVGDocumentTests {
  @Test("every sample is well-formed", arguments: SampleFigures.all.keys.sorted())
  func isWellFormed(name: String) throws {
    let figure = try #require(SampleFigures.all[name])
    let findings = XMLFindings(figure.svg())
    #expect(findings.isWellFormed)
    #expect(findings.elements.first?.name == "svg")
    let text = figure.svg()
    #expect(!text.contains("nan") && !text.contains("inf") || name == "hostile words")
    #expect(text.hasSuffix("</svg>\n"))
  }

  @Test("equal figures give equal bytes", arguments: SampleFigures.all.keys.sorted())
  func isDeterministic(name: String) throws {
    let figure = try #require(SampleFigures.all[name])
    #expect(figure.svg() == figure.svg())
  }

  @Test("ids are unique, carry the prefix, and every reference has its target")
  func ids() {
    for figure in SampleFigures.all.values {
      let findings = XMLFindings(figure.svg(idPrefix: "some-figure_1"))
      let ids = findings.elements.compactMap { $0.attributes["id"] }
      #expect(Set(ids).count == ids.count)
      #expect(ids.allSatisfy { $0.hasPrefix("some-figure_1-") })
      let references = findings.elements.flatMap { $0.attributes.values }
        .filter { $0.hasPrefix("url(#") }.map { String($0.dropFirst(5).dropLast()) }
      #expect(Set(references).isSubset(of: ids))
      #expect(!findings.elements.contains { $0.attributes["href"] != nil })
    }
  }

  @Test("a screen reader finds a title and a description")
  func accessibility() throws {
    let findings = XMLFindings(SampleFigures.hostileWords.svg(idPrefix: "f"))
    let root = try #require(findings.elements.first)
    #expect(root.attributes["role"] == "img")
    #expect(root.attributes["aria-labelledby"] == "f-title f-desc")
    let title = try #require(findings.elements(named: "title").first)
    #expect(title.text == SampleFigures.longWords)
    #expect(title.attributes["id"] == "f-title")
    let description = try #require(findings.elements(named: "desc").first)
    #expect(description.text == "a < b & c > \"d\" 'e' ")
  }

  @Test("what a figure leaves out is said in its description and to its caller")
  func simplifications() throws {
    let figure = SampleFigures.manyPoints
    let said = figure.simplifications.map(\.description)
    // Two thousand points fall into as many half pixels: nothing is left out of that panel.
    #expect(said.count == 1)
    let description = try #require(
      XMLFindings(figure.svg()).elements(named: "desc").first?.text)
    #expect(said.allSatisfy(description.contains))
    #expect(said[0].contains("100000 points"))
    #expect(SampleFigures.fits.simplifications.isEmpty)
  }

  @Test(
    "what is left out is told without a place where there is one panel, else by what tells it apart"
  )
  func placeOfSimplification() {
    let count = 100_000
    func panel(_ title: String, _ label: String) -> Panel {
      Panel(
        title: title, x: Axis(label: label),
        marks: [
          .scatter(
            Scatter(
              x: SampleFigures.scattered(count),
              y: SampleFigures.scattered(count, seed: 0.754_877_666), label: "data"))
        ])
    }
    func told(_ panels: [Panel]) -> [String] {
      Figure(accessibleDescription: "", panels: panels, columns: 2).simplifications
        .map { String($0.description.prefix { $0 != "1" }) }
    }
    #expect(told([panel("", "x")]) == [""])
    #expect(told([panel("alone", "x")]) == [""])
    #expect(told([panel("a", "x"), panel("b", "x")]) == ["In “a”, ", "In “b”, "])
    #expect(told([panel("", "x"), panel("", "z")]) == ["In “x”, ", "In “z”, "])
    #expect(
      Figure(accessibleDescription: "", panels: [panel("", "x"), panel("", "x")], columns: 2)
        .simplifications.map { String($0.description.prefix(11)) } == [
          "In panel 1,", "In panel 2,",
        ])
  }

  @Test("a space beside raised digits is one that counts")
  func spacesBesideRaisedDigits() throws {
    let words = "bandwidths 3×10⁹ for t, 2×10⁻⁸ for b"
    let panel = Panel(marks: [.line(Line(x: [0, 1], y: [0, 1]))])
    let figure = Figure(accessibleDescription: "", caption: words, panels: [panel])
    let texts = XMLFindings(figure.svg()).elements(named: "text")
    let caption = try #require(texts.first { $0.text.hasPrefix("bandwidths") })
    #expect(caption.text == "bandwidths 3×109 for t, 2×10\u{2212}8 for b")
    // SVG 1.1, section 10.15: without this a renderer may drop a space at the end of an element.
    #expect(caption.attributes["xml:space"] == "preserve")
    #expect(!figure.svg().contains("\u{A0}"))
  }

  @Test("an empty panel says so", arguments: [(Axis.Scale.linear, "finite"), (.log10, "positive")])
  func notice(scale: Axis.Scale, word: String) {
    let panel = Panel(
      x: Axis(scale: scale), marks: [.line(Line(x: [.nan, -.infinity], y: [1, 2]))])
    let text = Figure(accessibleDescription: "", panels: [panel]).svg()
    #expect(text.contains("no \(word) data"))
  }

  @Test("escaping loses no word and lets no control character through")
  func escaping() throws {
    let hostile = "<a href='x'>&amp;</a> \"q\" ]]> é 漢 🎈 σ"
    let findings = XMLFindings("<r a=\"\(hostile.escapedForXML)\">\(hostile.escapedForXML)</r>")
    #expect(findings.elements.first?.text == hostile)
    #expect(findings.elements.first?.attributes["a"] == hostile)
    #expect("a\u{0}b\u{1B}c\u{FFFF}d\te".escapedForXML == "abcd e")
  }

  @Test("raised digits become smaller digits on a raised baseline")
  func superscripts() throws {
    let findings = XMLFindings(
      Figure(
        accessibleDescription: "",
        panels: [Panel(title: "10⁻³ units", marks: [])]
      ).svg())
    let title = try #require(
      findings.elements(named: "text").first { $0.text.contains("units") })
    // librsvg drops even a space that is not broken at, unless the text says that spaces count.
    #expect(title.text == "10\u{2212}3 units")
    #expect(title.attributes["xml:space"] == "preserve")
    let spans = findings.elements(named: "tspan")
    #expect(spans.map(\.text) == ["\u{2212}3", " units"])
    let shifts = spans.compactMap { $0.attributes["dy"].flatMap(Double.init) }
    #expect(shifts.count == 2 && shifts[0] < 0 && shifts.reduce(0, +) == 0)
  }
}

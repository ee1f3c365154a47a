import Testing

@testable import NadarayaFigures

/// All lines of words, those inside clipped groups too.
private func words(_ shapes: [Shape]) -> [TextLine] {
  shapes.flatMap { shape -> [TextLine] in
    switch shape {
    case .text(let line): [line]
    case .clipped(_, let inner): words(inner)
    default: []
    }
  }
}

@Suite("Layout")
struct LayoutTests {
  private static let widths: [Double] = [160, 240, 420, 900, 1600]

  @Test("no words overlap and none leave the picture", arguments: SampleFigures.all.keys.sorted())
  func wordsStandApart(name: String) throws {
    for width in Self.widths {
      var figure = try #require(SampleFigures.all[name])
      figure.width = width
      let layout = FigureLayout(figure)
      let paper = Rectangle(minX: 0, minY: 0, width: layout.width, height: layout.height)
      let lines = words(layout.shapes)
      for (index, line) in lines.enumerated() {
        let box = line.bounds
        #expect(
          paper.contains(Point(x: box.minX, y: box.minY))
            && paper.contains(Point(x: box.maxX, y: box.maxY)),
          "“\(line.string)” leaves a picture \(width) wide")
        // A pixel of tolerance: boxes hold accents and descenders that few words have.
        let core = box.insetBy(1)
        for other in lines[(index + 1)...] where core.overlaps(other.bounds.insetBy(1)) {
          Issue.record("“\(line.string)” meets “\(other.string)” at width \(width)")
        }
      }
    }
  }

  @Test("plots are of one size and stand apart", arguments: SampleFigures.all.keys.sorted())
  func plotsStandApart(name: String) throws {
    let layout = FigureLayout(try #require(SampleFigures.all[name]))
    let frames = layout.panels.map(\.frame)
    for (index, frame) in frames.enumerated() {
      #expect(frame.width == frames[0].width && frame.height == frames[0].height)
      #expect(frame.minX >= 0 && frame.maxX <= layout.width)
      #expect(frame.minY >= 0 && frame.maxY <= layout.height)
      for other in frames[(index + 1)...] { #expect(!frame.overlaps(other)) }
    }
  }

  @Test("a height that is asked for is kept where it suffices")
  func fixedHeight() {
    var figure = SampleFigures.fits
    figure.height = 512
    #expect(FigureLayout(figure).height == 512)
    figure.height = 10
    #expect(FigureLayout(figure).height > 100)
  }

  @Test("shared labels are written once, own labels once a panel")
  func sharedLabels() {
    func count(_ label: String, in figure: Figure) -> Int {
      words(FigureLayout(figure).shapes).filter { $0.string == label }.count
    }
    var figure = SampleFigures.attention(bandwidths: [0.5, 1])
    #expect(count("query", in: figure) == 1)
    #expect(count("attention weight", in: figure) == 1)
    figure.sharedAxes = []
    #expect(count("query", in: figure) == 3)
    #expect(count("attention weight", in: figure) == 1)
  }

  @Test(
    "a panel with none below it has labels of x, and those beside it as well",
    arguments: 1...9, 1...4)
  func footLabels(count: Int, columns: Int) {
    let figure = Figure(
      accessibleDescription: "",
      panels: (0..<count).map { _ in
        Panel(x: Axis(label: "time"), marks: [.line(Line(x: [0, 1], y: [0, 1]))])
      }, columns: columns, sharedAxes: .x)
    let layout = FigureLayout(figure)
    let lines = words(layout.shapes)
    let panelsAcross = min(columns, count)
    func isLabelled(_ panel: Int) -> Bool {
      let frame = layout.panels[panel].frame
      return lines.contains {
        $0.string != "time" && (frame.minX...frame.maxX).contains($0.place.x)
          && (0...20).contains($0.place.y - frame.maxY)
      }
    }
    for panel in 0..<count where panel + panelsAcross >= count {
      let row = panel / panelsAcross * panelsAcross
      for beside in row..<min(row + panelsAcross, count) { #expect(isLabelled(beside)) }
    }
    let labelled = (0..<count).filter(isLabelled)
    let isFull = count.isMultiple(of: panelsAcross)
    // What has labels begins with a row, and has one row where the last is full, else two.
    let rows = (count + panelsAcross - 1) / panelsAcross
    let first = max(0, rows - (isFull ? 1 : 2)) * panelsAcross
    #expect(labelled == Array(first..<count))
    // One label for all stands under the middle; beside a row that is not full there are panels' own.
    #expect(lines.count { $0.string == "time" } == (isFull ? 1 : labelled.count))
  }

  @Test("panels with colours of their own have bars of their own, and room for them")
  func ownColors() throws {
    func panel(_ scale: ColorScale, _ factor: Double) -> Panel {
      Panel.attentionMap(
        title: "cells", cells: (0..<12).map { factor * Double($0) }, keys: (3, 11), queries: (2, 5),
        xLabel: "query", yLabel: "key", colorScale: scale)
    }
    let figure = Figure(
      accessibleDescription: "Cells.",
      panels: [panel(.meanAttention, 1), panel(.largestAttention, 1000)], columns: 2)
    let layout = FigureLayout(figure)
    let labels = words(layout.shapes).map(\.string)
    #expect(labels.count { $0 == "mean attention weight" } == 1)
    #expect(labels.count { $0 == "largest attention weight" } == 1)
    #expect(figure.colorMap == nil)
    #expect(figure.panels.map { $0.colorMap?.limits.upperBound } == [11, 11_000])
    let frames = layout.panels.map(\.frame)
    let bar = try #require(layout.panels[0].ownBar)
    #expect(frames[0].maxX + bar.width < frames[1].minX)
    #expect(frames[1].maxX + bar.width < layout.width)
  }

  @Test("the legend names each look once, and cells without a value")
  func legend() {
    let labels = SampleFigures.fits.legendEntries.map(\.label)
    #expect(labels == ["95 % interval", "data", "truth", "fit"])
    #expect(SampleFigures.holes.legendEntries.map(\.label) == ["no finite value"])
    #expect(SampleFigures.attention(bandwidths: [1]).legendEntries.isEmpty)
  }

  @Test("widths are those of the published metrics of Helvetica")
  func metrics() {
    // Helvetica.afm: H 722, e 556, l 222, o 556; Helvetica-Bold.afm: l 278, o 611.
    let regular = TextStyle(size: 1000, color: .text)
    let bold = TextStyle(size: 1000, isBold: true, color: .text)
    #expect(regular.width(of: "Hello") == 722 + 556 + 222 + 222 + 556)
    #expect(bold.width(of: "Hello") == 722 + 556 + 278 + 278 + 611)
    #expect(regular.width(of: "") == 0)
    // Sums over U+0020 to U+007E of width times code, taken from the metrics of Nimbus Sans, the
    // free twin, without the two quotes that the encodings disagree on.
    func checksum(_ style: TextStyle) -> Int {
      (0x20...0x7E).filter { $0 != 0x27 && $0 != 0x60 }.reduce(0) { sum, code in
        let letter = Unicode.Scalar(UInt8(code))
        return sum + code * Int(style.width(of: String(letter)).rounded())
      }
    }
    #expect(checksum(regular) == 3_906_852)
    #expect(checksum(bold) == 4_119_173)
  }

  @Test("wrapped lines fit and keep every character", arguments: [30.0, 80, 200, 2000])
  func wrapping(width: Double) {
    let style = TextStyle.caption
    let lines = style.lines(of: SampleFigures.longWords, width: width)
    #expect(lines.allSatisfy { style.width(of: $0) <= width })
    #expect(
      lines.joined().filter { $0 != " " } == SampleFigures.longWords.filter { $0 != " " })
    #expect(style.lines(of: "", width: width).isEmpty)
    #expect(style.lines(of: "ab", width: 0) == ["a", "b"])
  }
}

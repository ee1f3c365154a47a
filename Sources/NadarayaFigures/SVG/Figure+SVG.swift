extension Figure {
  /// The figure as an SVG document without external references, to be written to a file or put into
  /// a page as it is.
  ///
  /// It uses only plain SVG 1.1 shapes and presentation attributes, so that browsers, librsvg and resvg
  /// draw the same. The root has `role="img"`, a title and a description, which ends with
  /// ``simplifications``. Control characters, which XML forbids, are left out of all words.
  ///
  /// - Parameters:
  ///   - idPrefix: The start of every id, so that several figures can be in one page. Latin letters,
  ///     digits, hyphens and underscores, a letter first, or the program stops.
  ///   - theme: The paper, which determines the look of every colour.
  /// - Returns: UTF-8 text that ends with a line break; equal figures give equal text.
  /// - Complexity: O(size of the data).
  package func svg(idPrefix: String = "figure", theme: Theme = .light) -> String {
    picture(idPrefix: idPrefix, theme: theme).svg
  }

  /// The figure as an SVG document, together with the places of its panels in it, laid out once.
  ///
  /// - Parameters:
  ///   - idPrefix: The start of every id, as in ``svg(idPrefix:theme:)``.
  ///   - theme: The paper, which determines the look of every colour.
  /// - Complexity: O(size of the data).
  package func picture(idPrefix: String = "figure", theme: Theme = .light) -> Picture {
    let isName = idPrefix.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    precondition(
      isName && idPrefix.first?.isLetter == true, "“\(idPrefix)” cannot start an id.")
    let layout = FigureLayout(self)
    var writer = SVGWriter(idPrefix: idPrefix, theme: theme)
    let omissions = layout.simplifications.map { $0.description(in: theme) }
    writer.begin(
      width: layout.width, height: layout.height, title: accessibleTitle,
      description: ([accessibleDescription] + omissions).filter { !$0.isEmpty }
        .joined(separator: " "))
    for shape in layout.shapes { writer.write(shape) }
    writer.end()
    return Picture(
      svg: writer.text, size: layout.size, places: layout.panels.map(\.place))
  }

  /// What a screen reader says first: the title, or the titles of the panels.
  private var accessibleTitle: String {
    let titles = panels.map(\.title).filter { !$0.isEmpty }.joined(separator: ", ")
    return [title, titles].first { !$0.isEmpty } ?? "Figure"
  }
}

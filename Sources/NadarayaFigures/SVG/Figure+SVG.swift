extension Figure {
  /// The figure as an SVG document without external references, to be written to a file or put into
  /// a page as it is.
  ///
  /// Only plain SVG 1.1 shapes and presentation attributes, so that browsers, librsvg and resvg
  /// draw the same. The root carries `role="img"`, a title and a description, which ends with
  /// ``simplifications``. Control characters, which XML forbids, are left out of all words.
  ///
  /// - Parameter idPrefix: Starts every id, so that several figures can stand in one page. Latin
  ///   letters, digits, hyphens and underscores, a letter first, or the program stops.
  /// - Returns: UTF-8 text that ends with a line break; equal figures give equal text.
  /// - Complexity: O(size of the data).
  public func svg(idPrefix: String = "figure") -> String {
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
    var writer = SVGWriter(idPrefix: idPrefix)
    let description = ([accessibleDescription] + layout.simplifications.map(\.description))
      .filter { !$0.isEmpty }.joined(separator: " ")
    writer.begin(
      width: layout.width, height: layout.height, title: accessibleTitle,
      description: description)
    for shape in layout.shapes { writer.write(shape) }
    writer.end()
    return writer.text
  }

  /// What a screen reader says first: the title, or the titles of the panels.
  private var accessibleTitle: String {
    let titles = panels.map(\.title).filter { !$0.isEmpty }.joined(separator: ", ")
    return [title, titles].first { !$0.isEmpty } ?? "Figure"
  }
}

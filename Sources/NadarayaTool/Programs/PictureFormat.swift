import ArgumentParser
import NadarayaFigures
import Tables

extension ExternalProgram {
  fileprivate var complaint: String { "\(name) could not draw the figure" }
}

/// What a figure is written as.
enum PictureFormat: String, CaseIterable, ExpressibleByArgument {
  case svg
  case png
  case pdf

  /// The format that a file's name asks for.
  init?(path: String?) {
    guard let ending = path?.split(separator: ".").last?.lowercased() else { return nil }
    self.init(rawValue: ending)
  }

  /// The format that is asked for by name, or by the name of the file.
  static func resolved(
    _ format: PictureFormat?, output: String?, hint: String
  ) throws(Failure) -> PictureFormat {
    if let format { return format }
    guard let output, output.contains(".") else { return .svg }
    guard let format = PictureFormat(path: output) else {
      throw .usage("\"\(output)\" does not end in .svg, .png or .pdf", hint: hint)
    }
    return format
  }

  /// The figure in this format.
  ///
  /// - Throws: a ``Failure`` where a converter is needed and none is on the PATH.
  func bytes(of figure: Figure) async throws -> [UInt8] {
    let svg = Array(figure.svg().utf8)
    guard self != .svg else { return svg }
    if let converter = await ExternalProgram("rsvg-convert") {
      // Twice the size on screen, so that text stays sharp.
      let size = self == .png ? ["--zoom", "2"] : []
      return try await converter.output(
        ["--format", rawValue] + size, input: svg, orFail: (.unavailable, converter.complaint))
    }
    if self == .png, let converter = await ExternalProgram("resvg") {
      return try await converter.output(
        ["--zoom", "2", "-", "-c"], input: svg, orFail: (.unavailable, converter.complaint))
    }
    throw Failure(
      .unavailable,
      "writing \(rawValue) needs rsvg-convert\(self == .png ? " or resvg" : ""), "
        + "which is not on the PATH",
      hint: "apt-get install librsvg2-bin, brew install librsvg, or keep --format svg")
  }
}

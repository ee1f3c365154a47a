import ArgumentParser
import NadarayaFigures
import Tables

extension ExternalProgram {
  fileprivate var complaint: String { "\(name) could not draw the figure" }
}

/// The file format of a figure.
enum PictureFormat: String, CaseIterable, ExpressibleByArgument {
  case svg
  case png
  case pdf

  /// The format of a file's extension.
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

  /// The program that turns SVG into this format, and its arguments; nil where none is needed.
  private struct Converter {
    let program: ExternalProgram
    let arguments: [String]
  }

  /// - Throws: a ``Failure`` where a converter is needed and none is on the PATH.
  private func converter() async throws(Failure) -> Converter? {
    guard self != .svg else { return nil }
    if let program = await ExternalProgram("rsvg-convert") {
      // Twice the size on screen, so that text stays sharp.
      let size = self == .png ? ["--zoom", "2"] : []
      return Converter(program: program, arguments: ["--format", rawValue] + size)
    }
    if self == .png, let program = await ExternalProgram("resvg") {
      return Converter(program: program, arguments: ["--zoom", "2", "-", "-c"])
    }
    throw Failure(
      .unavailable,
      "writing \(rawValue) needs rsvg-convert\(self == .png ? " or resvg" : ""), "
        + "which is not on the PATH",
      hint: "apt-get install librsvg2-bin, brew install librsvg, or keep --format svg")
  }

  /// Refuses a format that nothing here can write, before any work is done for it.
  ///
  /// - Throws: a ``Failure`` where a converter is needed and none is on the PATH.
  func check() async throws(Failure) { _ = try await converter() }

  /// The figure in this format.
  ///
  /// - Throws: a ``Failure`` where a converter is needed and none is on the PATH.
  func bytes(of figure: Figure) async throws -> [UInt8] {
    let svg = Array(figure.svg().utf8)
    guard let converter = try await converter() else { return svg }
    return try await converter.program.output(
      converter.arguments, input: svg, orFail: (.unavailable, converter.program.complaint))
  }
}

import Figures

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Draws lines of name, low, middle, high and kind, with tabs between, from standard input as SVG.
@main
enum RatioFigure {
  static func main() {
    var table = RatioTable()
    while let line = readLine() {
      guard table.add(line: line) else {
        let message = "error: \"\(line)\" is not a name, three ratios and a kind\n"
        _ = write(STDERR_FILENO, message, message.utf8.count)
        exit(EX_DATAERR)
      }
    }
    print(table.figure.svg(), terminator: "")
  }
}

import Figures

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Draws lines `kernel,series,inputs,pairs per second` from standard input as SVG.
@main
enum RateFigure {
  static func main() {
    var table = RateTable()
    while let line = readLine() {
      guard table.add(line: line) else {
        let message = "error: \"\(line)\" is not kernel,series,inputs,rate\n"
        _ = write(STDERR_FILENO, message, message.utf8.count)
        exit(EX_DATAERR)
      }
    }
    print(table.figure.svg(), terminator: "")
  }
}

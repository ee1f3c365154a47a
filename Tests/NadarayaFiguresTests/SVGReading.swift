import Foundation

#if canImport(FoundationXML)
import FoundationXML
#endif

/// SVG is written in hundredths of a pixel; a number half way between two may go either way.
let halfOfAHundredth = 0.005 + 1e-9

/// What an independent XML parser finds in a document.
final class XMLFindings: NSObject, XMLParserDelegate {
  /// An element with its words.
  struct Element {
    var name: String
    var attributes: [String: String]
    var text = ""
  }

  private(set) var elements: [Element] = []
  private(set) var isWellFormed = false
  private var open: [Int] = []

  init(_ document: String) {
    super.init()
    let parser = XMLParser(data: Data(document.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func elements(named name: String) -> [Element] { elements.filter { $0.name == name } }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes))
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    for index in open { elements[index].text += string }
  }
}

/// Path data read by the grammar of SVG 1.1, section 8.3.9, apart from curves.
struct PathReading {
  /// Points of each subpath, in absolute coordinates.
  private(set) var subpaths: [[(x: Double, y: Double)]] = []

  init(_ data: String) {
    var scanner = Substring(data)
    var here = (x: 0.0, y: 0.0)
    var start = here
    var command: Character = "M"
    while let next = scanner.first {
      if next == " " || next == "," {
        scanner.removeFirst()
        continue
      }
      if next.isLetter {
        command = next
        scanner.removeFirst()
      }
      switch command {
      case "M", "m":
        let (x, y) = (Self.number(&scanner), Self.number(&scanner))
        here = command == "M" ? (x, y) : (here.x + x, here.y + y)
        start = here
        subpaths.append([here])
        command = command == "M" ? "L" : "l"
      case "l": here = (here.x + Self.number(&scanner), here.y + Self.number(&scanner))
      case "L": here = (Self.number(&scanner), Self.number(&scanner))
      case "h": here.x += Self.number(&scanner)
      case "v": here.y += Self.number(&scanner)
      case "z": here = start
      default: preconditionFailure("The path command \(command) is not expected.")
      }
      if !"Mm".contains(next), next != "z" { subpaths[subpaths.count - 1].append(here) }
    }
  }

  /// The longest prefix that is a number.
  private static func number(_ scanner: inout Substring) -> Double {
    while let first = scanner.first, first == " " || first == "," { scanner.removeFirst() }
    var digits = ""
    while let next = scanner.first {
      let isSign = next == "-" && digits.isEmpty
      let isPoint = next == "." && !digits.contains(".")
      guard next.isNumber || isSign || isPoint else { break }
      digits.append(next)
      scanner.removeFirst()
    }
    guard let value = Double(digits.replacing("-.", with: "-0.")) else {
      preconditionFailure("“\(digits)” is not a number.")
    }
    return value
  }
}

/// An input whose bytes are at hand: first its column names can be had, then its columns.
///
/// ```swift
/// let input = try TableInput(.file("cars.csv"))
/// print(input.header)
/// let table = try input.table(TableRequest(numbers: ["speed", "dist"]))
/// ```
///
/// What kind of table it is, the bytes tell: NPY begins with a mark that no text begins with,
/// anything else is delimited text. A file called `.npy` must be NPY.
///
/// The input stays open until the value goes out of use; the tables read from it do not need it.
public struct TableInput: Sendable {
  /// The input's name as messages show it.
  public let name: String

  /// The names of all columns, in the order of the input.
  public let header: [String]

  private let contents: FileContents
  private let kind: Kind

  private enum Kind {
    case text
    case array
  }

  /// Opens an input and reads its header.
  ///
  /// - Throws: ``TableError/Code/noSuchFile`` or ``TableError/Code/unreadable`` where the bytes
  ///   cannot be had; ``TableError/Code/malformed`` or ``TableError/Code/empty`` where they have no
  ///   header.
  /// - Complexity: O(header and a sample) for a regular file; a pipe is read to its end.
  public init(_ source: TableSource) throws(TableError) {
    let name = source.name
    let contents = try FileContents(source)
    let (kind, header) = try contents.withBytes { (bytes) throws(TableError) in
      if bytes.starts(with: NPYHeader.mark) || name.lowercased().hasSuffix(".npy") {
        (Kind.array, try NPYReader(bytes, name: name).header)
      } else {
        (Kind.text, try CSVReader(bytes, name: name).header)
      }
    }
    self.name = name
    self.contents = contents
    self.kind = kind
    self.header = header
  }

  /// Reads the wanted columns.
  ///
  /// - Throws: a ``TableError`` for the first fault in the order of the input, row before column.
  /// - Complexity: O(length of the input) time; the memory of the wanted columns.
  public func table(_ request: TableRequest) throws(TableError) -> Table {
    try contents.withBytes { (bytes) throws(TableError) in
      switch kind {
      case .text: try CSVReader(bytes, name: name).table(request)
      case .array: try NPYReader(bytes, name: name).table(request)
      }
    }
  }
}

extension Table {
  /// Reads the wanted columns of a source in one step.
  ///
  /// - Throws: a ``TableError``, see ``TableInput``.
  /// - Complexity: O(length of the source) time; the memory of the wanted columns.
  public init(_ source: TableSource, _ request: TableRequest) throws(TableError) {
    self = try TableInput(source).table(request)
  }
}

/// An open input, which gives its column names first and then its columns.
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
package struct TableInput: Sendable {
  /// The input's name as messages show it.
  package let name: String

  /// The names of all columns, in the order of the input.
  package let header: [String]

  private let contents: FileContents
  private let kind: Kind

  private enum Kind {
    case text(CSVDialect)
    case array
  }

  /// Opens an input and reads its header.
  ///
  /// - Parameter format: how text is delimited; an array has no use for it.
  /// - Throws: ``TableError/Code/noSuchFile`` or ``TableError/Code/unreadable`` where the bytes
  ///   cannot be had; ``TableError/Code/malformed``, ``TableError/Code/empty`` or ``TableError/Code/tooLong`` where they
  ///   have no header.
  /// - Complexity: O(header and a sample).
  package init(_ source: TableSource, format: TextFormat = TextFormat()) throws(TableError) {
    let name = source.name
    let contents = try FileContents(source)
    let found = try contents.withPieces {
      (bytes, isWhole) throws(TableError) -> (kind: Kind, header: [String])? in
      if bytes.starts(with: NPYHeader.mark) || name.lowercased().hasSuffix(".npy") {
        return (.array, try NPYReader(bytes, name: name, isWhole: isWhole).header)
      }
      do throws(TableError) {
        let reader = try CSVReader(bytes, name: name, format: format)
        return isWhole || reader.hasSample ? (.text(reader.dialect), reader.header) : nil
      } catch {
        // What is wrong with a header that is cut short may be that.
        if isWhole || error.code == .tooLong { throw error }
        return nil
      }
    }
    self.name = name
    self.contents = contents
    kind = found.kind
    header = found.header
  }

  /// Reads the wanted columns.
  ///
  /// A pipe is read piece by piece, so that one that never ends is refused for the first fault in it.
  ///
  /// - Throws: a ``TableError`` for the first fault in the order of the input, row before column.
  /// - Complexity: O(length of the input) time; the memory of the wanted columns.
  package func table(_ request: TableRequest) throws(TableError) -> Table {
    try contents.withPieces { (bytes, isWhole) throws(TableError) in
      switch kind {
      case .text(let dialect) where isWhole:
        return try CSVReader(bytes, name: name, dialect: dialect).table(request)
      case .text(let dialect):
        let lines = bytes.wholeLines
        do throws(TableError) {
          _ = try CSVReader(lines, name: name, dialect: dialect).table(request)
        } catch {
          // The last line may end within quotes, and all rows so far may be left out.
          if error.code != .unclosedQuote, error.code != .empty { throw error }
        }
        guard bytes.count - lines.count > TableLimits.fieldBytes else { return nil }
        do throws(TableError) {
          _ = try CSVReader(bytes, name: name, dialect: dialect).table(request)
        } catch {
          // What else is wrong with a line that is cut short may be that.
          if error.code == .tooLong { throw error }
        }
        return nil
      case .array:
        let reader = try NPYReader(bytes, name: name, isWhole: isWhole)
        return isWhole ? try reader.table(request) : nil
      }
    }
  }
}

extension Table {
  /// Reads the wanted columns of a source in one step.
  ///
  /// - Throws: a ``TableError``, see ``TableInput``.
  /// - Complexity: O(length of the source) time; the memory of the wanted columns.
  package init(
    _ source: TableSource, _ request: TableRequest, format: TextFormat = TextFormat()
  ) throws(TableError) {
    self = try TableInput(source, format: format).table(request)
  }
}

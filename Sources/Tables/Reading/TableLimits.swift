/// The largest sizes of the parts of a table.
///
/// They are far beyond what tables hold. An input that never ends, or whose quote is never closed, is refused
/// with a sentence where it passes them.
package enum TableLimits {
  /// Bytes of a field, quotes included: 16 MiB.
  package static let fieldBytes = 1 << 24

  /// Bytes of a row, the header's too: 256 MiB.
  package static let rowBytes = 1 << 28

  /// Columns of a table: 1,048,576.
  package static let columns = 1 << 20
}

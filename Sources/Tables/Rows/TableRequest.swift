/// Which columns are wanted from a table, and what they may hold.
///
/// Only the columns named here are read; every other column may hold any text.
package struct TableRequest: Hashable, Sendable {
  /// The columns to read as numbers, in the order in which ``Table/columns`` will hold them.
  ///
  /// A name may occur twice: the column is then read once and delivered twice.
  package var numbers: [String]

  /// Those among ``numbers`` that may hold no negative value, such as observation weights.
  package var nonNegative: Set<String>

  /// The columns to read as texts, in the order in which ``Table/labels`` will hold them; none of
  /// them is in ``numbers``.
  ///
  /// A text is taken without the quotes around it, or where there are none without the spaces.
  package var labels: [String]

  /// What happens to a row in which a wanted value is missing.
  package var missing: MissingPolicy

  /// Creates a request.
  ///
  /// - Precondition: `nonNegative` names only columns in `numbers`, `labels` none of them.
  package init(
    numbers: [String], nonNegative: Set<String> = [], labels: [String] = [],
    missing: MissingPolicy = .fail
  ) {
    precondition(
      Set(labels).isDisjoint(with: numbers), "a column is requested both as numbers and as labels")
    precondition(
      nonNegative.isSubset(of: numbers), "nonNegative names a column that is not in numbers")
    self.numbers = numbers
    self.nonNegative = nonNegative
    self.labels = labels
    self.missing = missing
  }
}

/// What happens to a row in which a wanted value is missing.
///
/// In text a value is missing where the field is empty or is one of `NA`, `N/A`, `#N/A`, `NaN`, `null`
/// and `None`, in any case of letters and with spaces around it; in an array where it is NaN.
/// Infinities and words are no missing values: they are faults under either policy.
package enum MissingPolicy: String, CaseIterable, Hashable, Sendable {
  /// The first missing value is an error that names row and column.
  case fail
  /// The row is left out and counted in ``Table/droppedRows``.
  case drop
}

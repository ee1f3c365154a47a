extension Kernel {
  /// The name as written in a sentence: capitalised if it is a person's.
  ///
  /// Options, columns and files use ``name``.
  package var nameInProse: String {
    switch form {
    case .builtIn(.gaussian), .builtIn(.epanechnikov), .builtIn(.laplacian), .builtIn(.cauchy):
      name.prefix(1).uppercased() + name.dropFirst()
    default: name
    }
  }
}

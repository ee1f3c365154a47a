extension Kernel {
  /// The name as it reads in a sentence: with a capital where it is a person's.
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

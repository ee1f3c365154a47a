package import Nadaraya
package import NadarayaFigures
package import Tables

/// The state of a view: its columns, its estimator, and how it is drawn.
///
/// It corresponds to the parameters of a page's URL, see ``init(parameters:of:)``; what is nil follows
/// from the rows once these are read.
package struct View: Hashable, Sendable {
  /// The input columns.
  package var inputs: [String]

  /// The value column.
  package var value: String

  /// The column of observation weights; nil for none.
  package var weights: String?

  /// The kernel's name.
  package var kernelName: String

  /// The degree of the local polynomial, 0 to 3.
  package var degree: Int

  /// The criterion for bandwidths.
  package var criterion: BandwidthMethod

  /// One bandwidth for each input; nil for the rule of thumb.
  package var bandwidths: [Double]?

  /// The input along the picture.
  package var over: String

  /// The value at which each input is held; nil means its median.
  ///
  /// The value for ``over`` is unused and nil.
  package var held: [Double?]

  /// The level of the pointwise interval; nil for none.
  package var level: Double?

  /// What happens to rows with missing values.
  package var missing: MissingPolicy

  /// Whether residuals are shown.
  package var showsResiduals: Bool

  /// Whether the learned similarity is shown as well.
  package var showsLearned: Bool

  /// The picked query's value along ``over``; nil for none.
  package var query: Double?

  /// The theme of figures.
  package var theme: Figure.Theme

  /// The width of figures in pixels, 280 to 2000.
  package var width: Int

  /// The place of ``over`` among ``inputs``.
  var overIndex: Int { inputs.firstIndex(of: over) ?? 0 }

  /// The kernel.
  var kernel: Kernel { Kernel(named: kernelName) ?? .gaussian }
}

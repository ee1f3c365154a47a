public import Nadaraya
public import NadarayaFigures
public import Tables

/// The state of a view: which columns are looked at, through which estimator, and how it is drawn.
///
/// It is the same as the parameters of a page's address, see ``init(parameters:of:)``; what is nil there
/// follows from the rows, once these are read.
public struct View: Hashable, Sendable {
  /// The input columns.
  public var inputs: [String]

  /// The value column.
  public var value: String

  /// The column of observation weights; nil for none.
  public var weights: String?

  /// The kernel's name.
  public var kernelName: String

  /// The degree of the local polynomial, 0 to 3.
  public var degree: Int

  /// The criterion of bandwidths.
  public var criterion: BandwidthMethod

  /// One bandwidth for each input; nil for those of the rule of thumb.
  public var bandwidths: [Double]?

  /// The input along the picture.
  public var over: String

  /// Where each input is held; nil stands for its median.
  ///
  /// That of ``over`` has no part, and is nil.
  public var held: [Double?]

  /// The level of the pointwise interval; nil for none.
  public var level: Double?

  /// What happens to rows with missing values.
  public var missing: MissingPolicy

  /// Whether residuals are shown.
  public var showsResiduals: Bool

  /// Whether the learned similarity is shown beside.
  public var showsLearned: Bool

  /// The picked query's value along ``over``; nil for none.
  public var query: Double?

  /// The paper of figures.
  public var theme: Figure.Theme

  /// The width of figures in pixels, 280 to 2000.
  public var width: Int

  /// The place of ``over`` among ``inputs``.
  var overIndex: Int { inputs.firstIndex(of: over) ?? 0 }

  /// The kernel.
  var kernel: Kernel { Kernel(named: kernelName) ?? .gaussian }
}

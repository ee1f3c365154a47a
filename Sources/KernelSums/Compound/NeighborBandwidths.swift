/// Bandwidths that adapt to how dense the keys are.
///
/// D(q) is the distance from a query to the K-th nearest key, D(k) that from a key to the K-th nearest of
/// the others. Rows are counted, ties and copies each by itself. A similarity's bandwidths are then the
/// scales of the inputs, and
///
/// ```
/// w(q, k) = ω K((q − k)/(s h)),         h → D(q) from above         ofQueries
/// w(q, k) = ω K((q − k)/(s h)) / hᵈ,    h → D(k) from above         ofKeys
/// ```
///
/// with s the scales and distances ‖(p − k)/s‖; in one input the scale cancels. Keys without
/// observation weight do not count. When a key is left out, it is left out of D too.
///
/// The limit says what the weights over their sum are where D itself would leave none. The boxcar takes
/// all keys at the distance D or nearer, K of them and those that tie with the last. The other compact
/// kernels give a key at the distance D no weight, but where all keys in reach are at it they share
/// alike. Where K keys lie at the query itself they alone share. So no query is without support
/// ``Center/ofQueries``. Where fewer than K keys are left, all count.
///
/// A key with K copies or more has as D(k) the least distance above 0. ``Center/ofKeys``, a query outside
/// the windows of all keys is without support under a compact kernel, as with a given bandwidth. If all
/// keys are at one place, they share at every query.
///
/// The count is that of R's `loess`, whose neighbourhood of q rows is K = q with the tricube, and of
/// `lowess`, which besides gives no weight beyond 0.999 D. R's np counts different distances and not that
/// of a key at the place itself. One D serves all inputs, as in loess: np's distance for each input
/// would look at the density of the others' projections, and be near 0 wherever an input has ties.
///
/// ## Source
/// D. O. Loftsgaarden and C. P. Quesenberry, A nonparametric estimate of a multivariate density
/// function, Annals of Mathematical Statistics 36 (1965), doi:10.1214/aoms/1177700079. W. S. Cleveland,
/// Robust locally weighted regression and smoothing scatterplots, Journal of the American Statistical
/// Association 74 (1979), doi:10.1080/01621459.1979.10481038. L. Breiman, W. Meisel and E. Purcell,
/// Variable kernel estimates of multivariate densities, Technometrics 19 (1977),
/// doi:10.1080/00401706.1977.10489521.
public struct NeighborBandwidths: Sendable, Hashable {
  /// Whether bandwidths follow from the neighbours of queries or of keys.
  @nonexhaustive public enum Center: String, Sendable, CaseIterable {
    /// The neighbours of the query: one bandwidth for all keys.
    case ofQueries = "queries"
    /// The neighbours of each key.
    case ofKeys = "keys"
  }

  /// K, at least 1.
  public let count: Int

  /// Whether bandwidths follow from the neighbours of queries or of keys.
  public let center: Center

  /// Bandwidths from the K-th nearest key.
  ///
  /// - Precondition: `count` is at least 1.
  public init(count: Int, center: Center = .ofQueries) {
    precondition(count >= 1, "a bandwidth needs at least one neighbour")
    self.count = count
    self.center = center
  }
}

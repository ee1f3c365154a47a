/// Bandwidths that adapt to how dense the keys are.
///
/// D(q) is the distance from a query to the K-th nearest key, D(k) the distance from a key to the K-th
/// nearest other key. Rows are counted, including ties and copies. A similarity's bandwidths are then
/// the scales of the inputs, and
///
/// ```
/// w(q, k) = ω K((q − k)/(s h)),         h → D(q) from above         ofQueries
/// w(q, k) = ω K((q − k)/(s h)) / hᵈ,    h → D(k) from above         ofKeys
/// ```
///
/// with s the scales and distances ‖(p − k)/s‖; in one input the scale cancels. Keys with observation
/// weight 0 do not count. When a key is left out, it is left out of D too.
///
/// The limit defines the normalised weights where D itself would leave none. The boxcar uses all keys
/// at the distance D or nearer: K of them and any ties with the last. The other compact kernels give a
/// key at the distance D no weight, but if all keys in reach are at that distance, they share equally.
/// If K keys are at the query itself, only they share. So with ``Center/ofQueries`` no query is without
/// support. If fewer than K keys are left, all count.
///
/// For a key with K or more copies, D(k) is the smallest distance above 0. With ``Center/ofKeys``, a
/// query outside the windows of all keys has no support under a compact kernel, as with a given
/// bandwidth. If all keys are at one place, they share at every query.
///
/// Counting follows R's `loess`, whose neighbourhood of q rows is K = q with the tricube, and `lowess`,
/// which also gives no weight beyond 0.999 D. R's np counts distinct distances, without that of a key
/// at the point itself. One D is used for all inputs, as in loess: a distance for each input, as in np,
/// would depend on the density of the keys' projections and be near 0 wherever an input has ties.
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

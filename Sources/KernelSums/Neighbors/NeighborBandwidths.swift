/// Bandwidths that adapt to how dense the keys are.
///
/// At a point p let D(p) be the distance from which K different distances to keys are nearer: that of
/// the K-th nearest key besides one at p itself, ties counted once. A similarity's bandwidths are then
/// the scales of the inputs, and
///
/// ```
/// w(q, k) = ω K((q − k)/(s D(q)))             ofQueries
/// w(q, k) = ω K((q − k)/(s D(k))) / D(k)ᵈ     ofKeys
/// ```
///
/// with s the scales and distances ‖(p − k)/s‖; in one input the scale cancels. Keys without
/// observation weight do not count. When a key is left out, it is left out of D too.
///
/// One D serves all inputs: a distance for each of its own would look at the density of the others'
/// projections, and be near 0 wherever an input has ties. R's np takes the other way in several inputs;
/// in one the two agree, ties included.
///
/// ## Source
/// D. O. Loftsgaarden and C. P. Quesenberry, A nonparametric estimate of a multivariate density
/// function, Annals of Mathematical Statistics 36 (1965), doi:10.1214/aoms/1177700079. L. Breiman,
/// W. Meisel and E. Purcell, Variable kernel estimates of multivariate densities, Technometrics 19
/// (1977), doi:10.1080/00401706.1977.10489521.
public struct NeighborBandwidths: Sendable, Hashable {
  /// Whose neighbours make the bandwidth.
  public enum Center: String, Sendable, CaseIterable {
    /// Those of the query: one bandwidth for all keys.
    case ofQueries = "queries"
    /// Those of each key.
    case ofKeys = "keys"
  }

  /// K, at least 1.
  public let count: Int

  /// Whose neighbours make the bandwidth.
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

/// How well a key matches a query, before the scores of all keys are turned into shares of attention.
///
/// A score may be any number; adding a constant to all scores of a query changes no share.
@nonexhaustive public enum AttentionScore: Sendable {
  /// ln α(q, k): with ``AttentionNormalization/softmax`` it gives the attention of the Nadaraya–Watson
  /// estimator; for the Gaussian it is −‖(q − k)/h‖²/2.
  ///
  /// A key outside the support of a compact kernel scores −∞.
  case kernel(Similarity)

  /// s·(q·k); a scale of nil means s = 1/√d, where d is the number of inputs.
  ///
  /// On keys of equal norm, s = 1/h² gives the Gaussian of bandwidth h: −‖q − k‖²/2h² differs from
  /// q·k/h² by a constant over the keys.
  ///
  /// ## Source
  /// A. Vaswani et al., Attention is all you need, Advances in Neural Information Processing Systems
  /// 30 (2017), arXiv:1706.03762.
  case dotProduct(scale: Double? = nil)

  /// (q·k)/(‖q‖‖k‖)/T with the temperature T; the cosine with a point at the origin is 0.
  ///
  /// ## Source
  /// A. Graves, G. Wayne and I. Danihelka, Neural Turing machines (2014), arXiv:1410.5401.
  case cosine(temperature: Double = 1)
}

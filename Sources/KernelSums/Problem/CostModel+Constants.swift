// Written by Benchmarks/calibrate, which says what it measures.

extension CostModel {
  static let measured: [String: CostModel] = [
    "baseline": CostModel(
      gaussian: 1.74, laplacian: 2.17, logistic: 2.71, cauchy: 0.62,
      constant: 0.25, compact: 0.02, input: 0.14,
      factor: 1.25, sum: 0.15, moment: 1.4,
      bucket: 1.63, bucketSum: 0.83, bucketMoment: 0.4, cells: 2.07, line: 1.57, tree: 2.41),
    "avx2": CostModel(
      gaussian: 0.76, laplacian: 0.92, logistic: 1.11, cauchy: 0.33,
      constant: 0.13, compact: 0.02, input: 0.05,
      factor: 0.55, sum: 0.08, moment: 0.92,
      bucket: 0.64, bucketSum: 0.26, bucketMoment: 0.13, cells: 1.06, line: 1.16, tree: 1.31),
    "avx512": CostModel(
      gaussian: 0.45, laplacian: 0.46, logistic: 0.61, cauchy: 0.31,
      constant: 0.13, compact: 0.02, input: 0.05,
      factor: 0.37, sum: 0.08, moment: 0.8,
      bucket: 0.48, bucketSum: 0.19, bucketMoment: 0.07, cells: 1.0, line: 1.0, tree: 1.0),
  ]
}

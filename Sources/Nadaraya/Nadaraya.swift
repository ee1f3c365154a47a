@_exported public import KernelRegression
@_exported public import KernelSums
@_exported public import LearnedAttention
@_exported public import SimilarityKernels

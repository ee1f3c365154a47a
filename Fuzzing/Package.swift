// swift-tools-version: 6.3

import PackageDescription

// The modules under test are compiled here once more, with coverage for libFuzzer and with their
// assertions on; their folders are links to the product's own sources. Run by `Scripts/fuzz`.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
  .unsafeFlags(["-sanitize=fuzzer", "-enable-testing", "-assert-config", "Debug"]),
]

let numerics = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

let package = Package(
  name: "Fuzzing",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "CSVFuzzer", type: .static, targets: ["CSVFuzzer"]),
    .library(name: "NPYFuzzer", type: .static, targets: ["NPYFuzzer"]),
    .library(name: "ModelFuzzer", type: .static, targets: ["ModelFuzzer"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1")
  ],
  targets: [
    .target(name: "Tables", swiftSettings: settings),
    .target(name: "CSVFuzzer", dependencies: ["Tables"], swiftSettings: settings),
    .target(name: "NPYFuzzer", dependencies: ["Tables"], swiftSettings: settings),
    .target(name: "_CKernelSums", exclude: ["README.md"]),
    .target(name: "SimilarityKernels", dependencies: [numerics], swiftSettings: settings),
    .target(
      name: "KernelSums", dependencies: ["_CKernelSums", "SimilarityKernels", numerics],
      swiftSettings: settings),
    .target(
      name: "KernelRegression", dependencies: ["KernelSums", "SimilarityKernels", numerics],
      swiftSettings: settings),
    .target(
      name: "LearnedAttention",
      dependencies: ["KernelRegression", "KernelSums", "SimilarityKernels", numerics],
      swiftSettings: settings),
    .target(
      name: "ModelFuzzer",
      dependencies: ["LearnedAttention", "KernelRegression", "SimilarityKernels"],
      swiftSettings: settings),
  ]
)

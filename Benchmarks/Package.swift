// swift-tools-version: 6.3

import PackageDescription

// The suite measures the product as a client meets it: through the library, without the tool's
// trait. The figures are no product of the package, so they are compiled here once more, under a
// name of their own because target names are unique: `Sources/Figures` is a link to them.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "pairs", targets: ["Pairs"]),
    .executable(name: "calibrate", targets: ["Calibrate"]),
    .executable(name: "contestant", targets: ["Contestant"]),
    .executable(name: "learning", targets: ["Learning"]),
    .executable(name: "streaming", targets: ["Streaming"]),
    .executable(name: "attention-contestant", targets: ["AttentionContestant"]),
    .executable(name: "rate-figure", targets: ["RateFigure"]),
    .executable(name: "ratio-figure", targets: ["RatioFigure"]),
  ],
  dependencies: [
    .package(name: "Nadaraya", path: "..", traits: [])
  ],
  targets: [
    // MARK: - Measurements
    .executableTarget(
      name: "Pairs",
      dependencies: [.product(name: "Nadaraya", package: "Nadaraya")],
      swiftSettings: settings),
    .executableTarget(
      name: "Calibrate",
      dependencies: [.product(name: "Nadaraya", package: "Nadaraya")],
      swiftSettings: settings),
    .executableTarget(
      name: "Contestant",
      dependencies: [.product(name: "Nadaraya", package: "Nadaraya")],
      swiftSettings: settings),
    .executableTarget(
      name: "Learning",
      dependencies: [.product(name: "Nadaraya", package: "Nadaraya")],
      swiftSettings: settings),
    .executableTarget(
      name: "Streaming",
      dependencies: [.product(name: "Nadaraya", package: "Nadaraya")],
      swiftSettings: settings),
    .executableTarget(
      name: "AttentionContestant",
      dependencies: [.product(name: "Nadaraya", package: "Nadaraya")],
      swiftSettings: settings),

    // MARK: - Figures
    .target(name: "Figures", swiftSettings: settings),
    .executableTarget(name: "RateFigure", dependencies: ["Figures"], swiftSettings: settings),
    .executableTarget(name: "RatioFigure", dependencies: ["Figures"], swiftSettings: settings),
  ]
)

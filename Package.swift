// swift-tools-version: 6.3

import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "Nadaraya",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Nadaraya", targets: ["Nadaraya"]),
    .executable(name: "nadaraya", targets: ["NadarayaTool"]),
  ],
  traits: [
    .trait(
      name: "Tool",
      description: "The command-line tool. Clients of the library switch it off with `traits: []`."),
    .trait(
      name: "Explorer",
      description: "The page that `nadaraya explore` serves, and the web server behind it.",
      enabledTraits: ["Tool"]),
    .default(enabledTraits: ["Tool"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(
      url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
  ],
  targets: [
    // MARK: - Innermost loops
    .target(
      name: "_CKernelSums",
      exclude: ["README.md"],
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),

    // MARK: - Mathematics, from leaf to root
    .target(
      name: "SimilarityKernels",
      dependencies: [.product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: settings),
    .target(
      name: "KernelSums",
      dependencies: [
        "_CKernelSums",
        "SimilarityKernels",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .target(
      name: "KernelRegression",
      dependencies: [
        "KernelSums",
        "SimilarityKernels",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .target(
      name: "LearnedAttention",
      dependencies: [
        "KernelRegression",
        "KernelSums",
        "SimilarityKernels",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .target(
      name: "Nadaraya",
      dependencies: ["KernelRegression", "KernelSums", "LearnedAttention", "SimilarityKernels"],
      swiftSettings: settings),

    // MARK: - Data, tables, figures
    .target(
      name: "DeckData",
      dependencies: [.product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: settings),
    .target(name: "Tables", swiftSettings: settings),
    .target(name: "Wording", swiftSettings: settings),
    .target(name: "NadarayaFigures", swiftSettings: settings),

    // MARK: - Explorer
    .target(
      name: "ExplorerViews",
      dependencies: [
        "DeckData", "Nadaraya", "NadarayaFigures", "Tables", "Wording",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .target(
      name: "Explorer",
      dependencies: [
        "ExplorerViews",
        "Nadaraya",
        "NadarayaFigures",
        "Tables",
        .product(
          name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Explorer"])),
      ],
      resources: [.embedInCode("Page")],
      swiftSettings: settings),

    // MARK: - Command-line tool
    .executableTarget(
      name: "NadarayaTool",
      dependencies: [
        "DeckData",
        "Nadaraya",
        "NadarayaFigures",
        "Tables",
        "Wording",
        .target(name: "Explorer", condition: .when(traits: ["Explorer"])),
        .target(name: "ExplorerViews", condition: .when(traits: ["Explorer"])),
        .product(
          name: "ArgumentParser", package: "swift-argument-parser",
          condition: .when(traits: ["Tool"])),
        .product(
          name: "Subprocess", package: "swift-subprocess", condition: .when(traits: ["Tool"])),
      ],
      swiftSettings: settings),

    // MARK: - Tests
    .target(
      name: "_TestSupport",
      dependencies: [
        "SimilarityKernels",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "TestSupportTests", dependencies: ["_TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SimilarityKernelsTests",
      dependencies: [
        "SimilarityKernels", "_TestSupport",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "KernelSumsTests",
      dependencies: [
        "_CKernelSums", "KernelSums", "SimilarityKernels", "_TestSupport",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "KernelRegressionTests",
      dependencies: [
        "Nadaraya", "_TestSupport",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "LearnedAttentionTests",
      dependencies: [
        "KernelRegression", "KernelSums", "LearnedAttention", "SimilarityKernels", "_TestSupport",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "DeckDataTests", dependencies: ["DeckData"],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(name: "TablesTests", dependencies: ["Tables"], swiftSettings: settings),
    .testTarget(
      name: "NadarayaFiguresTests", dependencies: ["NadarayaFigures"], swiftSettings: settings),
    .testTarget(
      name: "ExplorerViewsTests",
      dependencies: [
        "ExplorerViews", "Nadaraya", "NadarayaFigures", "NadarayaTool", "Tables", "_TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ExplorerTests",
      dependencies: [
        "Explorer", "ExplorerViews", "NadarayaTool", "_TestSupport",
        .product(
          name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Explorer"])),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "NadarayaToolTests", dependencies: ["Nadaraya", "NadarayaTool", "_TestSupport"],
      exclude: ["Fixtures"],
      swiftSettings: settings),
  ]
)

// MARK: - Optimised, for tests

// `Scripts/test` asks for this. Most tests compute, and with optimised loops they take a fifth of the time;
// assertions stay. Nobody can depend on a package with such flags, so they are not there unless asked for.
if Context.environment["NADARAYA_OPTIMIZED"] != nil {
  let computing = [
    "SimilarityKernels", "KernelSums", "KernelRegression", "LearnedAttention", "Tables",
  ]
  for target in package.targets {
    if target.name.hasPrefix("_C") {
      target.cSettings = [.unsafeFlags(["-O2"])]
    } else if computing.contains(target.name) {
      target.swiftSettings = settings + [.unsafeFlags(["-O", "-assert-config", "Debug"])]
    }
  }
}

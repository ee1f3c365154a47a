// swift-tools-version: 6.3

import PackageDescription

// The module under test is compiled here once more, with coverage for libFuzzer and with its
// assertions on; `Sources/Tables` is a link to the product's own sources. Run by `Scripts/fuzz`.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
  .unsafeFlags(["-sanitize=fuzzer", "-enable-testing", "-assert-config", "Debug"]),
]

let package = Package(
  name: "Fuzzing",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "CSVFuzzer", type: .static, targets: ["CSVFuzzer"]),
    .library(name: "NPYFuzzer", type: .static, targets: ["NPYFuzzer"]),
  ],
  targets: [
    .target(name: "Tables", swiftSettings: settings),
    .target(name: "CSVFuzzer", dependencies: ["Tables"], swiftSettings: settings),
    .target(name: "NPYFuzzer", dependencies: ["Tables"], swiftSettings: settings),
  ]
)

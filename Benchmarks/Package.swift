// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "trialist-benchmarks",
    dependencies: [
        .package(name: "trialist", path: "..")
    ],
    targets: [
        .executableTarget(name: "bench", dependencies: [.product(name: "Trialist", package: "trialist")])
    ],
    swiftLanguageModes: [.v6]
)

// swift-tools-version: 6.1
import PackageDescription

// Most benchmarks drive the engine below its public interface, so they are compiled as a part of the package above, whose
// name is that of its folder.
let folders = Context.packageDirectory.split(separator: "/")
let package = Package(
    name: "trialist-benchmarks",
    dependencies: [
        .package(name: "trialist", path: "..")
    ],
    targets: [
        .executableTarget(name: "bench", dependencies: [.product(name: "Trialist", package: "trialist")]),
        inside("bench-coverage"),
        inside("bench-engine"),
        inside("bench-environments"),
        inside("bench-outcomes"),
    ],
    swiftLanguageModes: [.v6]
)

/// A program that sees what only targets of the package above see.
func inside(_ name: String) -> Target {
    .executableTarget(
        name: name, dependencies: [.product(name: "Trialist", package: "trialist")], packageAccess: false,
        swiftSettings: [.unsafeFlags(["-package-name", packageName(folders.dropLast().last.map(String.init) ?? "")])])
}

/// The name under which the package manager compiles the package in a folder.
func packageName(_ folder: String) -> String {
    String(folder.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
}

// swift-tools-version: 6.1
import PackageDescription

// The language alone, from the sources of the package above, built with libFuzzer's instrumentation (`make fuzz`).
let instrumented: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])]
let package = Package(
    name: "trialist-fuzz",
    targets: [
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "lapacke openblas", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
        .systemLibrary(name: "CSLEEF", pkgConfig: "sleef", providers: [.apt(["libsleef-dev"])]),
        .target(name: "NumericsCore", dependencies: ["COpenBLAS", "CSLEEF"]),
        .target(name: "ModelLanguage", dependencies: ["NumericsCore"], swiftSettings: instrumented),
        .executableTarget(
            name: "fuzz-language", dependencies: ["ModelLanguage"], swiftSettings: instrumented,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]),
    ],
    swiftLanguageModes: [.v6]
)

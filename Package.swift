// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "trialist",
    products: [
        .executable(name: "trialist", targets: ["TrialistCLI"]),
        .library(
            name: "Trialist",
            targets: [
                "NumericsCore", "ModelLanguage", "Pharmacology", "Cohorts", "Outcomes", "Regimes", "Trials",
                "ResultsStore",
                "Scenarios", "Studies", "Simulations", "Evaluation", "Environments", "ModelEnvironments", "Learning",
                "OffPolicy", "EpisodeFiles", "RegimeEstimation", "EnvironmentServer",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // C libraries of the system: module map and header only.
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "lapacke openblas", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
        .systemLibrary(name: "CSLEEF", pkgConfig: "sleef", providers: [.apt(["libsleef-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Each target imports only those above it.
        .target(name: "NumericsCore", dependencies: ["COpenBLAS", "CSLEEF"]),
        .target(name: "ModelLanguage", dependencies: ["NumericsCore"]),
        .target(name: "Pharmacology", dependencies: ["NumericsCore", "ModelLanguage"]),
        .target(name: "Cohorts", dependencies: ["NumericsCore", "ModelLanguage"]),
        .target(name: "Outcomes", dependencies: ["NumericsCore"]),
        .target(name: "Regimes", dependencies: ["NumericsCore", "ModelLanguage"]),
        .target(name: "Environments", dependencies: ["CZlib", "NumericsCore", "Regimes"]),
        .target(name: "Learning", dependencies: ["NumericsCore", "Regimes", "Environments"]),
        .target(name: "OffPolicy", dependencies: ["NumericsCore", "Outcomes", "Regimes", "Environments"]),
        .target(name: "EnvironmentServer", dependencies: ["NumericsCore", "Regimes", "Environments"]),
        .target(
            name: "Trials",
            dependencies: ["NumericsCore", "ModelLanguage", "Pharmacology", "Cohorts", "Outcomes", "Regimes"]),
        .target(name: "ResultsStore", dependencies: ["CHDF5", "NumericsCore", "Cohorts", "Outcomes", "Trials"]),
        .target(name: "Reporting", dependencies: ["ResultsStore"]),
        .target(
            name: "Scenarios", dependencies: ["ModelLanguage", "Cohorts", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "Studies",
            dependencies: [
                "NumericsCore", "ModelLanguage", "Pharmacology", "Cohorts", "Outcomes", "Regimes", "Environments",
                "Learning", "Trials", "ResultsStore", "Scenarios",
            ]),
        .target(name: "Evaluation", dependencies: ["NumericsCore", "Outcomes", "Cohorts"]),
        .target(name: "RegimeEstimation", dependencies: ["NumericsCore", "Outcomes", "Evaluation", "Cohorts"]),
        .target(name: "EpisodeFiles", dependencies: ["Cohorts", "Regimes", "ResultsStore"]),
        .target(
            name: "ModelEnvironments",
            dependencies: [
                "NumericsCore", "ModelLanguage", "Pharmacology", "Cohorts", "Regimes", "Environments", "Scenarios",
            ]),
        .target(
            name: "Simulations",
            dependencies: [
                "NumericsCore", "ModelLanguage", "Pharmacology", "Cohorts", "ResultsStore", "Scenarios",
            ]),
        .executableTarget(
            name: "TrialistCLI",
            dependencies: [
                "NumericsCore", "ModelLanguage", "Pharmacology", "Cohorts", "Outcomes", "Trials", "ResultsStore",
                "Scenarios", "Studies", "Simulations", "Evaluation", "Reporting", "Regimes", "Environments",
                "ModelEnvironments", "Learning", "OffPolicy", "EpisodeFiles", "RegimeEstimation", "EnvironmentServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // A program that counts its allocations, for a test of the engine's steps and the environments' episodes.
        .target(name: "CAllocations", path: "Tests/CAllocations"),
        .executableTarget(
            name: "count-allocations",
            dependencies: [
                "CAllocations", "NumericsCore", "ModelLanguage", "Pharmacology", "Regimes", "Environments",
                "ModelEnvironments", "EnvironmentServer",
            ],
            path: "Tests/CountAllocations", linkerSettings: [.linkedLibrary("m")]),
        .testTarget(name: "AllocationTests", dependencies: ["count-allocations"]),

        .testTarget(name: "NumericsCoreTests", dependencies: ["NumericsCore"], exclude: ["References"]),
        .testTarget(
            name: "ModelLanguageTests", dependencies: ["NumericsCore", "ModelLanguage"], exclude: ["References"]),
        .testTarget(
            name: "PharmacologyTests", dependencies: ["NumericsCore", "ModelLanguage", "Pharmacology"],
            exclude: ["References"]),
        .testTarget(name: "CohortsTests", dependencies: ["NumericsCore", "ModelLanguage", "Cohorts"]),
        .testTarget(name: "OutcomesTests", dependencies: ["Outcomes"], exclude: ["References"]),
        .testTarget(name: "RegimesTests", dependencies: ["NumericsCore", "ModelLanguage", "Regimes"]),
        .testTarget(
            name: "EnvironmentsTests", dependencies: ["NumericsCore", "Regimes", "Environments"],
            exclude: ["References"]),
        .testTarget(
            name: "ModelEnvironmentsTests",
            dependencies: [
                "NumericsCore", "ModelLanguage", "Pharmacology", "Regimes", "Environments", "Scenarios",
                "ModelEnvironments",
            ], exclude: ["References"]),
        .testTarget(
            name: "EnvironmentServerTests",
            dependencies: ["NumericsCore", "Regimes", "Environments", "EnvironmentServer"]),
        .testTarget(name: "LearningTests", dependencies: ["NumericsCore", "Regimes", "Environments", "Learning"]),
        .testTarget(
            name: "OffPolicyTests", dependencies: ["NumericsCore", "Regimes", "Environments", "OffPolicy"],
            exclude: ["References"]),
        .testTarget(
            name: "EpisodeFilesTests", dependencies: ["Regimes", "Environments", "ResultsStore", "EpisodeFiles"],
            exclude: ["References"]),
        .testTarget(
            name: "RegimeEstimationTests",
            dependencies: ["NumericsCore", "Outcomes", "Evaluation", "Scenarios", "RegimeEstimation"],
            exclude: ["References"]),
        .testTarget(
            name: "TrialsTests",
            dependencies: ["NumericsCore", "ModelLanguage", "Pharmacology", "Cohorts", "Outcomes", "Regimes", "Trials"]),
        .testTarget(name: "ResultsStoreTests", dependencies: ["ResultsStore"]),
        .testTarget(name: "ReportingTests", dependencies: ["ResultsStore", "Reporting"]),
        .testTarget(name: "ScenariosTests", dependencies: ["ModelLanguage", "Scenarios"]),
        .testTarget(
            name: "StudiesTests",
            dependencies: [
                "NumericsCore", "Cohorts", "Regimes", "Environments", "Learning", "Trials", "ResultsStore", "Scenarios",
                "Studies",
            ]),
        .testTarget(
            name: "SimulationsTests",
            dependencies: ["NumericsCore", "ModelLanguage", "Pharmacology", "ResultsStore", "Simulations"]),
        .testTarget(name: "EvaluationTests", dependencies: ["Outcomes", "Evaluation"], exclude: ["References"]),
        .testTarget(
            name: "TrialistCLITests",
            dependencies: ["ResultsStore", "Environments", "ModelEnvironments", "TrialistCLI"]),
    ],
    swiftLanguageModes: [.v6]
)

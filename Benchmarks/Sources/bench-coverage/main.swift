// Coverage of 95 % intervals: how often each estimator's interval holds the truth in simulated two-arm trials.
//
//     bench-coverage [replicates] [seed]
let arguments = CommandLine.arguments.dropFirst().compactMap(UInt64.init)
let study = CoverageStudy(replicates: max(1, Int(arguments.first ?? 4000)), seed: arguments.dropFirst().first ?? 2025)

print("Coverage of 95 % intervals in percent ± Monte Carlo error, \(study.replicates) replicates, seed \(study.seed).")
print("In brackets: intervals below and above the truth. *: outside 93-97 % by more than two Monte Carlo errors.\n")
print(try await study.table(sizes: [50, 100, 200, 500]))

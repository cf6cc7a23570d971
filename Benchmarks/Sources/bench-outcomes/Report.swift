import Foundation

/// The table that is printed: a row for each estimator.
struct Report {
    let sizes: [Int]
    let seconds: [String: [Double]]
    let values: [String: Double]
    /// Seconds and numbers of other programs for 100,000 patients, by estimator and program.
    let peers: [String: [String: Peers.Measurement]]

    var text: String {
        var lines = [
            row("milliseconds, n =", sizes.map { "\($0)" } + ["exponent", "aim (1e5)", "fastest peer", "ratio"])
        ]
        for task in TimedTask.all {
            let own = seconds[task.name] ?? []
            let fastest = peers[task.name]?.min { $0.value.seconds < $1.value.seconds }
            let here = sizes.firstIndex(of: 100_000).map { own[$0] }
            let peer = fastest.map { "\($0.key) \(Self.milliseconds($0.value.seconds))" } ?? "-"
            let ratio = fastest.flatMap { peer in here.map { String(format: "%.1f", peer.value.seconds / $0) } } ?? "-"
            lines.append(
                row(
                    task.name,
                    own.map(Self.milliseconds) + [exponent(own), Self.milliseconds(task.aim), peer, ratio]))
        }
        for (name, found) in peers.sorted(by: { $0.key < $1.key }) {
            for (program, measurement) in found.sorted(by: { $0.key < $1.key }) {
                let own = values[name] ?? .nan
                lines.append(
                    "  \(name): \(own) here, \(measurement.value) by \(program) "
                        + "(\(Self.milliseconds(measurement.seconds)) ms)")
            }
        }
        return lines.joined(separator: "\n")
    }

    /// The slope of log seconds over log size, by least squares.
    private func exponent(_ seconds: [Double]) -> String {
        guard sizes.count > 1 else { return "-" }
        let points = zip(sizes, seconds).map { (log(Double($0)), log(max($1, 1e-9))) }
        let (x, y) = (points.map(\.0).reduce(0, +), points.map(\.1).reduce(0, +))
        let n = Double(points.count)
        let slope =
            points.reduce(0) { $0 + ($1.0 - x / n) * ($1.1 - y / n) }
            / points.reduce(0) { $0 + ($1.0 - x / n) * ($1.0 - x / n) }
        return String(format: "%.2f", slope)
    }

    private static func milliseconds(_ seconds: Double) -> String { String(format: "%.2f", 1000 * seconds) }

    private func row(_ name: String, _ cells: [String]) -> String {
        name.padding(toLength: 26, withPad: " ", startingAt: 0)
            + cells.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }.joined()
    }
}

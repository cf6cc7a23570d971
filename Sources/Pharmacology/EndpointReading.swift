import ModelLanguage
import NumericsCore

/// An observed variable in sixteen patients: its true value and the standard deviations of its residual error.
package struct EndpointReading: Sendable {
    package var value: Lane
    package var additive: Lane
    package var proportional: Lane
    package var logNormal: Lane

    /// What is read in one patient, with a standard normal draw for the noise.
    ///
    /// `y = (f + noise · √(a² + (b f)²))` for additive and proportional error, `y = f exp(s · noise)` for log-normal.
    package func observed(lane: Int, noise: Double) -> Double {
        let f = value[lane]
        if logNormal[lane] != 0 { return f * Elementary.exp(logNormal[lane] * noise) }
        let spread = additive[lane] * additive[lane] + proportional[lane] * f * (proportional[lane] * f)
        return f + noise * spread.squareRoot()
    }
}

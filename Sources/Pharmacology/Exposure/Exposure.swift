import NumericsCore

/// What a patient is exposed to over a window of time: area, peak, trough, time above a threshold.
///
/// ```swift
/// let exposure = try Exposure(path, from: 0, to: 24)
/// let (auc, peak, hours) = (try exposure.area(), exposure.peak, try exposure.timeAbove(2))
/// ```
///
/// Everything is taken from the course itself and not from a sampling grid: extrema where the slope is zero, thresholds
/// where the course crosses them, areas by adaptive quadrature within each smooth segment. Doses at the window's start
/// have been given, those at its end have not.
///
/// **Area by quadrature of the path, not by a further state.** A state with d/dt(auc) = C would be integrated at the
/// solver's own order and controlled with the other states, but it has to be in the model before the run, makes a linear
/// system larger, can shorten steps, and answers for one variable from one time on. The quadrature needs no change of the
/// model, and serves any output, window and threshold after the run; its error is that of the dense output (one order
/// below the step's, and exact where a linear system is advanced exactly). The engine takes the quadrature; a modeller who
/// wants the area at the state's accuracy writes the state.
package struct Exposure<Path: DensePath>: Sendable where Path: Sendable {
    /// A value and when it is reached first.
    package struct Extremum: Sendable, Hashable {
        package let time: Double
        package let value: Double
    }

    /// Where the course passes a threshold.
    package struct Crossing: Sendable, Hashable {
        package let time: Double
        /// Whether it is at or above the threshold from there on.
        package let isRising: Bool
    }

    package let path: Path
    /// The window's start, in the model's time.
    package let from: Double
    /// The window's end.
    package let to: Double
    let pieces: [MonotonePiece]

    /// Looks at a path between two times.
    ///
    /// - Throws: ``ExposureError`` where the window is empty or reaches outside the path, or the path is not finite in it.
    package init(_ path: Path, from: Double, to: Double) throws(ExposureError) {
        let (start, end) = (path.breakpoints.first ?? .nan, path.breakpoints.last ?? .nan)
        guard from < to, from >= start, to <= end else { throw .window(from: from, to: to, start: start, end: end) }
        self.path = path
        self.from = from
        self.to = to
        pieces = try MonotoneScan.pieces(of: path, from: from, to: to)
    }

    /// How long the window is.
    package var duration: Double { to - from }

    /// The largest value in the window and the first time at which it is reached: Cmax and tmax.
    package var peak: Extremum { extremum(>) }

    /// The smallest value in the window and the first time at which it is reached.
    package var lowest: Extremum { extremum(<) }

    /// The value at the window's end, before a dose that is given there: Ctrough of a dosing interval.
    package var trough: Double { pieces[pieces.count - 1].valueAtEnd }

    private func extremum(_ isBetter: (Double, Double) -> Bool) -> Extremum {
        var best = Extremum(time: pieces[0].start, value: pieces[0].valueAtStart)
        for piece in pieces {
            for (time, value) in [(piece.start, piece.valueAtStart), (piece.end, piece.valueAtEnd)]
            where isBetter(value, best.value) {
                best = Extremum(time: time, value: value)
            }
        }
        return best
    }

    /// ∫ C dt over the window, in the course's unit times time: AUC.
    ///
    /// - Parameter relativeTolerance: accepted error as a share of the area of |C|.
    package func area(relativeTolerance: Double = 1e-10) throws(ExposureError) -> Double {
        try area(over: stretches(), relativeTolerance)
    }

    /// The area over the window divided by its length: Cavg.
    package func average(relativeTolerance: Double = 1e-10) throws(ExposureError) -> Double {
        try area(relativeTolerance: relativeTolerance) / duration
    }

    /// (Cmax − Cmin) / Cavg; 0 of a course that is 0.
    package func fluctuation() throws(ExposureError) -> Double {
        let range = peak.value - lowest.value
        return range == 0 ? 0 : range / (try average())
    }
}

// MARK: - Thresholds

extension Exposure {
    /// How much of the window the course spends at or above a threshold, in the model's time.
    package func timeAbove(_ threshold: Double) throws(ExposureError) -> Double {
        var sum = CompensatedSum()
        for stretch in try stretches(atOrAbove: threshold) { sum.add(stretch.end - stretch.start) }
        return min(sum.value, duration)
    }

    /// How much of the window the course spends below a threshold.
    package func timeBelow(_ threshold: Double) throws(ExposureError) -> Double {
        duration - (try timeAbove(threshold))
    }

    /// ∫ max(C − threshold, 0) dt over the window.
    package func areaAbove(
        _ threshold: Double, relativeTolerance: Double = 1e-10
    ) throws(ExposureError) -> Double {
        let stretches = try stretches(atOrAbove: threshold)
        return try area(over: stretches, relativeTolerance, offset: threshold)
    }

    /// ∫ max(threshold − C, 0) dt over the window.
    package func areaBelow(
        _ threshold: Double, relativeTolerance: Double = 1e-10
    ) throws(ExposureError) -> Double {
        let above = try areaAbove(threshold, relativeTolerance: relativeTolerance)
        return max(above - (try area(relativeTolerance: relativeTolerance)) + threshold * duration, 0)
    }

    /// Where the course passes a threshold, in the order of time; a jump across it counts at its time. Touching does not.
    package func crossings(of threshold: Double) throws(ExposureError) -> [Crossing] {
        var found: [Crossing] = []
        var isAbove = pieces[0].valueAtStart >= threshold
        for piece in pieces {
            if (piece.valueAtStart >= threshold) != isAbove {
                isAbove.toggle()
                found.append(Crossing(time: piece.start, isRising: isAbove))
            }
            if (piece.valueAtEnd >= threshold) != isAbove {
                isAbove.toggle()
                found.append(Crossing(time: try crossing(piece, threshold), isRising: isAbove))
            }
        }
        return found
    }

    /// The parts of pieces where the course is at or above a threshold.
    private func stretches(atOrAbove threshold: Double) throws(ExposureError) -> [Stretch] {
        guard !threshold.isNaN else { throw .threshold(threshold) }
        var found: [Stretch] = []
        for piece in pieces {
            switch (piece.valueAtStart >= threshold, piece.valueAtEnd >= threshold) {
            case (true, true): found.append(Stretch(segment: piece.segment, start: piece.start, end: piece.end))
            case (true, false):
                found.append(Stretch(segment: piece.segment, start: piece.start, end: try crossing(piece, threshold)))
            case (false, true):
                found.append(Stretch(segment: piece.segment, start: try crossing(piece, threshold), end: piece.end))
            case (false, false): break
            }
        }
        return found
    }

    private func crossing(_ piece: MonotonePiece, _ threshold: Double) throws(ExposureError) -> Double {
        do {
            return try RootFinding.root(from: piece.start, to: piece.end, relativeTolerance: 0) { time in
                // The ends' values decided that there is a crossing: they count, not a second evaluation.
                if time == piece.start { return piece.valueAtStart - threshold }
                if time == piece.end { return piece.valueAtEnd - threshold }
                return path.value(at: time, inSegment: piece.segment) - threshold
            }
        } catch {
            throw .notFinite(time: piece.start, value: .nan)
        }
    }
}

// MARK: - Areas

extension Exposure {
    /// A part of a segment.
    fileprivate struct Stretch {
        let segment: Int
        let start: Double
        let end: Double
    }

    /// Whole segments, as far as they are in the window.
    private func stretches() -> [Stretch] {
        var found: [Stretch] = []
        for piece in pieces {
            if let last = found.last, last.segment == piece.segment {
                found[found.count - 1] = Stretch(segment: piece.segment, start: last.start, end: piece.end)
            } else {
                found.append(Stretch(segment: piece.segment, start: piece.start, end: piece.end))
            }
        }
        return found
    }

    private func area(
        over stretches: [Stretch], _ relativeTolerance: Double, offset: Double = 0
    ) throws(ExposureError) -> Double {
        // A segment in which next to nothing happens need not be known to its own tenth digit.
        let size = pieces.reduce(0) {
            $0 + 0.5 * (abs($1.valueAtStart) + abs($1.valueAtEnd)) * ($1.end - $1.start)
        }
        var sum = CompensatedSum()
        for stretch in stretches {
            let share = (stretch.end - stretch.start) / duration
            do {
                let integral = try Quadrature.integrate(
                    from: stretch.start, to: stretch.end, absoluteTolerance: relativeTolerance * size * share,
                    relativeTolerance: relativeTolerance
                ) { path.value(at: $0, inSegment: stretch.segment) - offset }
                sum.add(integral.value)
            } catch let error as QuadratureError {
                throw .area(error)
            } catch {
                throw .notFinite(time: stretch.start, value: .nan)
            }
        }
        return sum.value
    }
}

/// The mean amount taken per day of observation.
package struct MeanDose: EndpointMeasure {
    package init() {}

    package var scale: EndpointScale { .continuous }

    package func value(of path: PatientPath) -> EndpointValue {
        EndpointValue(path.lastDay > 0 ? path.amountTaken / path.lastDay : .nan)
    }
}

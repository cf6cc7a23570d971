/// One of the thirty virtual patients.
struct VirtualPatient: Sendable, Hashable {
    /// `child#004`
    let name: String
    /// `child`, `adolescent` or `adult`.
    let group: String
    /// The states at the start, `x0_1` to `x0_13`: stomach solid and liquid, gut (mg), glucose in plasma and tissue (mg/kg),
    /// insulin in plasma (pmol/kg), insulin's action, its delay and its action on the liver (pmol/L), insulin in the liver and
    /// in two forms under the skin (pmol/kg), glucose at the sensor (mg/kg). A steady state at basal insulin.
    let start: [Double]
    /// In the order of ``PatientColumn``.
    let values: [Double]

    subscript(_ column: PatientColumn) -> Double { values[column.rawValue] }

    /// The rate that keeps the starting state, in U/h.
    var basalRate: Double { self[.u2ss] * self[.bw] / 6000 * 60 }
}

/// The numbers of a patient, under the names of the paper and of the published table, here in small letters. Rates are per
/// minute.
enum PatientColumn: Int, CaseIterable, Sendable {
    /// Weight in kg.
    case bw
    /// Absorption, fastest and slowest emptying; shares of a meal at which emptying slows and speeds up; share absorbed.
    case kabs, kmax, kmin, b, d, f
    /// Volumes in dL/kg and L/kg; basal insulin in plasma in pmol/L.
    case vg, vi, ib
    /// Use of glucose by tissue, exchange with tissue, onset of insulin's action.
    case vmx, km0, vm0, k1, k2, p2u
    /// Insulin between plasma and liver.
    case m1, m2, m4, m30
    /// The liver's glucose; renal excretion; use without insulin.
    case ki, kp1, kp2, kp3, ke1, ke2, fsnc
    /// Insulin under the skin, the sensor's delay, and the basal rate in pmol/kg/min.
    case kd, ksc, ka1, ka2, u2ss
    /// Carbohydrate ratio (g/U), correction factor (mg/dL per U), years, insulin in a day (U).
    case cr, cf, age, tdi
}

/// The published patients.
enum VirtualPatients {
    /// In the table's order: adolescents, adults, children, ten of each.
    static let table: Result<[VirtualPatient], InvalidVirtualPatients> = Result { () throws(InvalidVirtualPatients) in
        try read(VirtualPatientTable.text)
    }

    static let groups = ["child", "adolescent", "adult"]

    /// The patients in the order in which episodes take them: child 1, adolescent 1, adult 1, child 2 and so on, so that any
    /// three episodes in a row hold every group.
    static func all() throws(InvalidVirtualPatients) -> [VirtualPatient] {
        let patients = try table.get()
        let byGroup = groups.map { group in patients.filter { $0.group == group } }
        let most = byGroup.map(\.count).max() ?? 0
        return (0..<most).flatMap { place in byGroup.compactMap { $0.indices.contains(place) ? $0[place] : nil } }
    }

    /// Reads a table: a header with `Name`, `group` and every ``PatientColumn``, then a line for each patient.
    ///
    /// - Throws: ``InvalidVirtualPatients`` with the first line and column that cannot be read.
    static func read(_ text: String) throws(InvalidVirtualPatients) -> [VirtualPatient] {
        let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard let header = lines.first, lines.count > 1 else { throw .empty }
        func place(_ name: String) throws(InvalidVirtualPatients) -> Int {
            guard let place = header.firstIndex(where: { $0.lowercased() == name.lowercased() }) else {
                throw .missingColumn(name)
            }
            return place
        }
        let (name, group) = (try place("Name"), try place("group"))
        let columns = (1...GlucoseDynamics.stateCount).map { "x0_\($0)" } + PatientColumn.allCases.map { "\($0)" }
        var places: [Int] = []
        for column in columns { places.append(try place(column)) }
        var patients: [VirtualPatient] = []
        for (index, cells) in lines.enumerated().dropFirst() {
            var values: [Double] = []
            for place in places {
                guard cells.count == header.count, let value = Double(cells[place]), value.isFinite else {
                    let found = place < cells.count ? String(cells[place]) : ""
                    throw .unreadable(line: index + 1, column: String(header[place]), found: found)
                }
                values.append(value)
            }
            guard groups.contains(String(cells[group])) else {
                throw .unknownGroup(line: index + 1, found: String(cells[group]))
            }
            patients.append(
                VirtualPatient(
                    name: String(cells[name]), group: String(cells[group]),
                    start: Array(values.prefix(GlucoseDynamics.stateCount)),
                    values: Array(values.dropFirst(GlucoseDynamics.stateCount))))
        }
        return patients
    }
}

/// Why a table of virtual patients cannot be used.
enum InvalidVirtualPatients: Error, Sendable, Hashable, CustomStringConvertible {
    case empty
    case missingColumn(String)
    case unreadable(line: Int, column: String, found: String)
    case unknownGroup(line: Int, found: String)

    var description: String {
        switch self {
        case .empty: "virtual patients: no patient; a header and a line for each patient are needed"
        case .missingColumn(let name): "virtual patients: column '\(name)' is missing"
        case .unreadable(let line, let column, let found):
            "virtual patients, line \(line), \(column): found '\(found)', a finite number is needed"
        case .unknownGroup(let line, let found):
            "virtual patients, line \(line), group: found '\(found)', allowed: "
                + VirtualPatients.groups.joined(separator: ", ")
        }
    }
}

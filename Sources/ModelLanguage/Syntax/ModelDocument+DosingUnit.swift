extension ModelDocument {
    /// The unit of doses, as the model's `units` list says; nil where it says nothing.
    package var dosingUnit: String? {
        for entry in metadata where entry.name == "units" {
            guard case .list(let units) = entry.value else { continue }
            for unit in units where unit.name == "dosing" {
                if case .text(let name) = unit.value { return name }
            }
        }
        return nil
    }
}

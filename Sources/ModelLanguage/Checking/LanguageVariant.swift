/// Whose reading of the language a model gets where two differ.
public enum LanguageVariant: String, Sendable, Hashable, CaseIterable {
    /// What the text says.
    case standard
    /// What rxode2 5.1.2 computes where that is a known defect, for comparisons with its numbers: in a model with
    /// `linCmt()` and absorption, `f(depot)` acts on doses into `central`, and doses into `depot` arrive whole. (Found by
    /// comparison: its course after a dose into either compartment is that of the model with `f(central)`.) Doses that
    /// are still pending (ADDL) outlive a reset and a steady state, since it writes them out as records.
    case rxode2
}

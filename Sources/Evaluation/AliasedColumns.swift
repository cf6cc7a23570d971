import Outcomes

extension ModelFit {
    /// Columns that were left out of a fit because those before them say the same, as R does: their coefficient has no
    /// estimate, and that of the others is the same as if they had never been there.
    struct AliasedColumns {
        /// Places in the list of all columns, ascending, with the reason.
        fileprivate var omitted: [(place: Int, row: Coefficient)] = []

        /// Rows of coefficients with those that have no estimate put back in their places.
        ///
        /// - Parameter first: how many rows, such as the intercept, stand before the columns.
        func rows(_ estimated: [Coefficient], after first: Int = 0) -> [Coefficient] {
            var rows = estimated
            for (place, row) in omitted { rows.insert(row, at: min(place + first, rows.count)) }
            return rows
        }
    }

    /// Fits a model to all columns but those that it finds constant or collinear.
    ///
    /// - Throws: the model's error where no column is left.
    static func omittingAliased<Model>(
        from columns: [CovariateColumn], _ fit: ([CovariateColumn]) throws -> Model
    ) throws -> (Model, AliasedColumns) {
        var kept = Array(columns.enumerated())
        var aliased = AliasedColumns()
        while true {
            let reason: (name: String, words: String)
            let failure: any Error
            do {
                let model = try fit(kept.map(\.element))
                aliased.omitted.sort { $0.place < $1.place }
                return (model, aliased)
            } catch {
                guard let found = aliasedCovariate(error) else { throw error }
                (reason, failure) = (found, error)
            }
            // Of columns with one name the last is meant: the first has nothing before it.
            guard kept.count > 1, let index = kept.lastIndex(where: { $0.element.name == reason.name }) else {
                throw failure
            }
            let place = kept.remove(at: index).offset
            let row = Coefficient(
                name: reason.name, reason: .init(.init(code: "aliased", reason: reason.words)))
            aliased.omitted.append((place, row))
        }
    }

    private static func aliasedCovariate(_ error: any Error) -> (name: String, words: String)? {
        let constant = "it has the same value in all patients compared"
        let collinear = "it is a linear combination of the covariates before it"
        return switch error {
        case CoxError.constant(let name), FineGrayError.constant(let name): (name, constant)
        case CoxError.collinear(let name), FineGrayError.collinear(let name): (name, collinear)
        case let error as FitError:
            switch error.cause {
            case .constant(let name): (name, constant)
            case .collinear(let name): (name, collinear)
            default: nil
            }
        default: nil
        }
    }
}

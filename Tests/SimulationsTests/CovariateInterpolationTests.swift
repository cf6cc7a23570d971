import ModelLanguage
import Pharmacology
import Simulations
import Testing

// What holds between two rows, worked out by hand.
@Suite struct CovariateInterpolationTests {
    private let table = """
        TIME,EVID,WT
        0,0,70
        2,0,
        5,0,80
        5,0,81
        8,0,81
        9,0,60
        12,0,.
        """

    private func history(_ interpolation: CovariateInterpolation, _ csv: String? = nil) throws -> (EventHistory, Int) {
        let model = try SmallModels.model()
        let table = try SmallModels.events(csv ?? self.table, model, interpolation)
        return (table.histories[0], try #require(model.inputSlot("WT")))
    }

    @Test func lastValueCarriedForward() throws {
        let (found, slot) = try history(.lastCarriedForward)
        #expect(found.start == [.init(slot: slot, value: 70)])
        #expect(
            found.changes == [
                InputChange(time: 5, slot: slot, value: 81), InputChange(time: 9, slot: slot, value: 60),
            ])
    }

    /// The next value holds right after the earlier row, at which the earlier one still does.
    @Test func nextValueCarriedBackward() throws {
        let (found, slot) = try history(.nextCarriedBackward)
        #expect(found.start == [.init(slot: slot, value: 70)])
        #expect(
            found.changes == [
                InputChange(time: 5 * 0x1p-40, slot: slot, value: 81),
                InputChange(time: 8 + 0x1p-40, slot: slot, value: 60),
            ])
    }

    @Test func theFirstValueHoldsFromTheStart() throws {
        for interpolation in CovariateInterpolation.allCases where interpolation != .linear {
            let (found, slot) = try history(interpolation, "TIME,EVID,WT\n0,0,.\n2,0,75\n4,0,75\n")
            #expect(found.start == [.init(slot: slot, value: 75)])
            #expect(found.changes == [])
        }
    }

    /// `WT <- value + slope * (time - start)`: 70 at 0 to 81 at 5 rises by 2.2 an hour, then level, then 21 down in one.
    @Test func straightLines() throws {
        let plain = try SmallModels.model()
        let model = try Model(LinearCovariate("WT").added(to: plain.document))
        let value = try #require(model.inputSlot("value of WT"))
        let slope = try #require(model.inputSlot("slope of WT"))
        let start = try #require(model.inputSlot("start of WT"))
        let found = try SmallModels.events(table, model, .linear).histories[0]
        #expect(
            found.start == [
                .init(slot: value, value: 70), .init(slot: slope, value: 0), .init(slot: start, value: 0),
            ])
        #expect(found.changes.filter { $0.slot == slope }.map(\.time) == [0, 5, 8, 9])
        #expect(found.changes.filter { $0.slot == slope }.map(\.value) == [(81.0 - 70) / 5, 0, -21, 0])
        #expect(found.changes.filter { $0.slot == value }.map(\.value) == [81, 81, 60])
        #expect(found.changes.filter { $0.slot == start }.map(\.value) == [5, 8, 9])
        #expect(model.covariates == ["value of WT", "slope of WT", "start of WT"])
    }
}

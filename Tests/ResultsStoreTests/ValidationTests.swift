import ResultsStore
import Testing

/// Backed by named failure cases: what netCDF, xarray or C strings cannot hold is refused with the place and the cure.
struct ValidationTests {
    @Test func allProblemsAreReportedAtOnce() throws {
        let group = ResultGroup(
            "trial", attributes: [ResultAttribute("units", "mg"), ResultAttribute("scale_factor", 2.0)],
            dimensions: [
                ResultDimension("arm", labels: ["a", "b"], longName: "Arm"),
                ResultDimension("time", numbers: [0, .nan], unit: "days", longName: ""),
                ResultDimension("row", size: 0, isExtendible: true),
            ],
            variables: [
                ResultVariable("arm", ["arm"], [1, 2], unit: "1", longName: "Twice"),
                ResultVariable("short", ["arm", "time"], [1, 2, 3], unit: "1", longName: "Too short"),
                ResultVariable("lost", ["site"], [1], unit: "", longName: "Lost"),
                ResultVariable("late", ["arm", "row"], [Double](), unit: "d since start", longName: "Late"),
                ResultVariable("code", [], .int8([1]), unit: "1", longName: "Code", missingCode: 300),
                ResultVariable("text", [], .string(["a\0b"]), unit: "1", longName: "Text", isCompressed: true),
                ResultVariable("a/b", 1, unit: "1", longName: "Slash"),
            ])
        let expected = """
            the results cannot be written:
              /trial: the name 'a/b' must hold no slash and no control character
              /trial: the name 'arm' is used more than once
              /trial: the attribute 'units' is written by the store itself
              /trial: the attribute 'scale_factor' makes readers change the numbers
              /trial/time: versions of xarray read the unit 'days' as time spans; write 'd'
              /trial/time: the long name is empty
              /trial/time: a coordinate is NaN; every position needs a value
              /trial/lost: the unit is empty; write '1' for a pure number
              /trial/lost: there is no dimension 'site' in its group; there is arm, time, row
              /trial/late: xarray reads the unit 'd since start' as dates; write the unit alone
              /trial/late: the extendible dimension 'row' must come first
              /trial/code: the missing code 300 does not fit int8 (-128 to 127)
              /trial/text: only numbers over dimensions can be compressed
              /trial/short: 3 values where 4 are needed: arm (2) x time (2)
              /trial/text: the text at position 0 holds a NUL character
            """
        try withTemporaryFolder { folder in
            let error = #expect(throws: ResultsError.self) {
                try ResultsWriter.write(ResultGroup(groups: [group]), to: "\(folder)/a.h5")
            }
            #expect(error?.description == expected)
            let left = try names(in: folder)
            #expect(left == [])
        }
    }

    @Test(arguments: [
        ("", "/: a name is empty"),
        ("-a", "/: the name '-a' must begin with a letter, a digit or an underscore"),
        (".", "/: the name '.' must begin with a letter, a digit or an underscore"),
        ("a\n", "/: the name 'a\n' must hold no slash and no control character"),
        ("a ", "/: the name 'a ' must not end in a space"),
    ])
    func namesThatNetCDFRefuses(name: String, problem: String) {
        #expect(ResultGroup(groups: [ResultGroup(name)]).problems() == [problem])
    }

    @Test(arguments: ["a", "É", "学習", "_x", "9", "a b", "a.b-c"])
    func namesThatNetCDFTakes(name: String) {
        #expect(ResultGroup(groups: [ResultGroup(name)]).problems() == [])
    }

    @Test func aGroupIsNotTakenTwice() throws {
        try withTemporaryFolder { folder in
            let error = #expect(throws: ResultsError.self) {
                try ResultsWriter.write(to: "\(folder)/a.h5") { writer in
                    try writer.add(ResultGroup("trial"))
                    try writer.add(ResultGroup("trial"))
                }
            }
            #expect(error == .invalidContent(problems: ["/: the name 'trial' is taken already"]))
        }
    }

    @Test func aVariableNeedsItsGroupFirst() throws {
        try withTemporaryFolder { folder in
            let error = #expect(throws: ResultsError.self) {
                try ResultsWriter.write(to: "\(folder)/a.h5") { writer in
                    try writer.add(ResultGroup("trial"))
                    try writer.add(ResultVariable("x", 1, unit: "1", longName: "X"), to: "/trail")
                }
            }
            #expect(error?.description == "'\(folder)/a.h5' has no group '/trail'; it has the groups /, /trial")
        }
    }
}

import Foundation
import ResultsStore
import Testing

/// Backed by an invariant: what was written is what is read, bit for bit.
struct RoundTripTests {
    // TRIALIST_SAMPLE_FILE keeps the file for the Python tests.
    @Test func everythingComesBackAsItWasWritten() throws {
        try withTemporaryFolder { folder in
            let path = ProcessInfo.processInfo.environment["TRIALIST_SAMPLE_FILE"] ?? "\(folder)/sample.h5"
            try ResultsWriter.write(SampleContent.root, to: path)
            let file = try ResultsFile(path)
            #expect(try file.content() == SampleContent.root)
            #expect(file.layoutVersion == ResultsFormat.layoutVersion)
        }
    }
}

import Testing

@testable import NumericsCore

/// Known answers of philox4x32 with 10 rounds, published with Random123 1.14 (file kat_vectors): all zeros, all ones, and
/// the digits of π as counter and key.
@Test(arguments: [
    (
        PhiloxBlock(0, 0, 0, 0), SIMD2<UInt32>(0, 0),
        PhiloxBlock(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (
        PhiloxBlock(repeating: 0xffff_ffff), SIMD2<UInt32>(repeating: 0xffff_ffff),
        PhiloxBlock(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
        PhiloxBlock(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
        PhiloxBlock(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
])
func philoxGivesThePublishedAnswers(counter: PhiloxBlock, key: SIMD2<UInt32>, expected: PhiloxBlock) {
    #expect(Philox4x32.block(counter: counter, key: key) == expected)
}

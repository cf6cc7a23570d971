import ModelLanguage

/// What libFuzzer calls with each text: whatever the bytes are, reading and checking them must come back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLanguage(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    checkArbitraryText(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// The package manager looks for the process's entry under this name; libFuzzer has it.
@_cdecl("fuzz_language_main")
public func enter(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var (count, arguments) = (count, arguments)
    return runFuzzer(&count, &arguments, fuzzLanguage)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

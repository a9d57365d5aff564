import Glibc

/// Seconds on the clock that nobody sets; it stands still while the machine sleeps.
func monotonicNow() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// What the system says about an error number.
func systemError(_ number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 200)
    guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

// The two functions that logarithmic axes need and the standard library lacks. They come from the
// platform's C library: the pictures round to hundredths of a pixel, so its last bits never show.

/// log₁₀ x.
func commonLogarithm(_ x: Double) -> Double { log10(x) }

/// 10ˣ, for any real x.
func powerOfTen(_ x: Double) -> Double { pow(10, x) }

/// 10ⁿ, correctly rounded; 0 or infinity outside the range of a `Double`.
func powerOfTen(_ n: Int) -> Double { Double("1e\(n)") ?? .nan }

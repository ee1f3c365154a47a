extension [Double] {
  /// The largest |x|; 0 if there are none, NaN if any is NaN.
  ///
  /// Every table is checked this way before anything else, so the loop takes a register at a time.
  package var largestMagnitude: Double {
    withUnsafeBufferPointer { numbers in
      var largest = SIMD8<Double>(repeating: 0)
      // 0·x is 0 unless x is infinite or NaN.
      var faults = SIMD8<Double>(repeating: 0)
      let whole = numbers.count & ~7
      for start in stride(from: 0, to: whole, by: 8) {
        var eight = SIMD8<Double>()
        for lane in 0..<8 { eight[lane] = numbers[start + lane] }
        faults += eight * 0
        let sizes = SIMD8<Double>(
          bitPattern: SIMD8<UInt64>(bitPattern: eight) & SIMD8(repeating: .max >> 1))
        largest.replace(with: sizes, where: sizes .> largest)
      }
      var result = largest.max()
      var fault = faults.sum()
      for index in whole..<numbers.count {
        result = Swift.max(result, numbers[index].magnitude)
        fault += numbers[index] * 0
      }
      return fault.isNaN && result < .infinity ? .nan : result
    }
  }
}

extension SIMD8<Double> {
  fileprivate init(bitPattern bits: SIMD8<UInt64>) {
    self = unsafeBitCast(bits, to: SIMD8<Double>.self)
  }
}

extension SIMD8<UInt64> {
  fileprivate init(bitPattern numbers: SIMD8<Double>) {
    self = unsafeBitCast(numbers, to: SIMD8<UInt64>.self)
  }
}

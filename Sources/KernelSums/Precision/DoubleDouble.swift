internal import RealModule

/// An unevaluated sum of two doubles with about 106 bits, for the few places where a difference of
/// large numbers must keep its digits.
///
/// ## Source
/// T. J. Dekker, A floating-point technique for extending the available precision, Numerische
/// Mathematik 18 (1971), doi:10.1007/BF01397083.
package struct DoubleDouble: Sendable {
  package let head: Double
  package let tail: Double

  package static var zero: Self { Self(head: 0, tail: 0) }

  /// A sum whose second part is at most half a unit in the last place of the first.
  package init(head: Double, tail: Double) {
    self.head = head
    self.tail = tail
  }

  package init(_ value: Double) { self.init(head: value, tail: 0) }

  /// a + b, exactly.
  package init(sumOf a: Double, _ b: Double) {
    let (head, tail) = Augmented.sum(a, b)
    self.init(head: head, tail: tail)
  }

  private init(normalizing head: Double, _ tail: Double) {
    let (head, tail) = Augmented.sum(large: head, small: tail)
    self.init(head: head, tail: tail)
  }

  package static prefix func - (x: Self) -> Self { Self(head: -x.head, tail: -x.tail) }

  package static func + (x: Self, y: Self) -> Self {
    let (head, tail) = Augmented.sum(x.head, y.head)
    return Self(normalizing: head, tail + (x.tail + y.tail))
  }

  package static func + (x: Self, y: Double) -> Self { x + Self(y) }

  package static func - (x: Self, y: Self) -> Self { x + (-y) }

  /// x/y with one correction step.
  package static func / (x: Self, y: Double) -> Self {
    let quotient = x.head / y
    let (product, error) = Augmented.product(quotient, y)
    return Self(normalizing: quotient, (((x.head - product) - error) + x.tail) / y)
  }

  /// x/y with one correction step.
  static func / (x: Self, y: Self) -> Self {
    let quotient = x.head / y.head
    let rest = x - y * Self(quotient)
    return Self(normalizing: quotient, rest.value / y.head)
  }

  package static func * (x: Self, y: Self) -> Self {
    let (product, error) = Augmented.product(x.head, y.head)
    return Self(normalizing: product, error + (x.head * y.tail + x.tail * y.head))
  }

  /// Exact for a power of two.
  package func scaled(by power: Double) -> Self { Self(head: head * power, tail: tail * power) }

  package var magnitude: Self { head < 0 ? -self : self }

  package var value: Double { head + tail }
}

import SimilarityKernels
import Testing
import _TestSupport

/// Kernels at 120 digits, from `Scripts/fixtures/kernels.py`.
struct KernelFixture: Decodable {
  let points: [Double]
  let kernels: [String: Numbers]

  struct Numbers: Decodable {
    let profile: [Double]
    let logProfile: [Double?]
    let integral: Double?
    let roughness: Double?
    let secondMoment: Double?
    let canonicalBandwidth: Double?

    enum CodingKeys: String, CodingKey {
      case profile
      case logProfile = "log_profile"
      case integral
      case roughness
      case secondMoment = "second_moment"
      case canonicalBandwidth = "canonical_bandwidth"
    }
  }
}

@Suite struct KernelTests {
  let fixture: KernelFixture

  init() throws { fixture = try _TestSupport.fixture("kernels.json") }

  @Test(arguments: Kernel.all)
  func `a profile is within a few units in the last place of 120 digits`(kernel: Kernel) throws {
    let numbers = try #require(fixture.kernels[kernel.name])
    for (u, expected) in zip(fixture.points, numbers.profile) {
      // Of the argument's rounding exp makes a relative error of up to u²/2 units; a dozen covers factors and
      // powers of them. Numbers below the normal ones may be 0.
      let amplification = kernel.support == 1 ? 1 : max(1, -(kernel.logProfile(u) ?? 0))
      let tolerance = 12 * amplification * expected.ulp
      #expect(
        abs(kernel.profile(u) - expected) <= max(tolerance, .leastNormalMagnitude),
        "\(kernel.name) at \(u)")
    }
  }

  @Test(arguments: Kernel.all)
  func `a log-profile is accurate where the profile itself has vanished`(kernel: Kernel) throws {
    let numbers = try #require(fixture.kernels[kernel.name])
    for (u, expected) in zip(fixture.points, numbers.logProfile) {
      guard let actual = kernel.logProfile(u) else {
        #expect(kernel.support < .infinity)
        continue
      }
      guard let expected else {
        #expect(actual == -.infinity, "\(kernel.name) at \(u)")
        continue
      }
      // Near 0 the logistic's terms of size ln 4 cancel: 4 units in the last place of 1.
      #expect(
        abs(actual - expected) <= 4 * .ulpOfOne * max(1, abs(expected)), "\(kernel.name) at \(u)")
    }
  }

  @Test(arguments: Kernel.all)
  func `moments are the closed forms`(kernel: Kernel) throws {
    let numbers = try #require(fixture.kernels[kernel.name])
    // Closed forms are a quotient or a root of some, and the canonical bandwidth is a root of products of them.
    func expectClose(_ actual: Double, _ expected: Double?, _ what: String) {
      guard let expected else {
        #expect(!actual.isFinite || actual == 0, "\(kernel.name) \(what)")
        return
      }
      #expect(abs(actual - expected) <= 4 * expected.ulp, "\(kernel.name) \(what)")
    }
    expectClose(kernel.integral, numbers.integral, "integral")
    expectClose(kernel.roughness, numbers.roughness, "roughness")
    expectClose(kernel.secondMoment, numbers.secondMoment, "second moment")
    switch (kernel.canonicalBandwidth, numbers.canonicalBandwidth) {
    case (nil, nil): break
    case (let actual?, let expected?): #expect(abs(actual - expected) <= 8 * expected.ulp)
    default: Issue.record("\(kernel.name): only one side has a canonical bandwidth")
    }
  }

  @Test func `compact kernels are 0 exactly at the edge and positive just inside`() {
    for kernel in Kernel.all where kernel.support == 1 {
      #expect(kernel.profile(1) == 0)
      #expect(kernel.profile(-1) == 0)
      #expect(kernel.profile(1.0.nextDown) > 0, "\(kernel.name)")
    }
  }

  @Test func `kernels are even and 1 at 0`() {
    for kernel in Kernel.all {
      #expect(kernel.profile(0) == 1)
      for u in [0.1, 0.5, 0.99, 3] { #expect(kernel.profile(u) == kernel.profile(-u)) }
    }
  }

  @Test func `every kernel is found by its name and no other`() {
    for kernel in Kernel.all { #expect(Kernel(named: kernel.name)?.name == kernel.name) }
    #expect(Kernel(named: "gausian") == nil)
    #expect(Set(Kernel.all.map(\.name)).count == 12)
  }

  @Test func `a kernel is its form, whatever it is called`() {
    for kernel in Kernel.all {
      #expect(kernel == Kernel(named: kernel.name))
      #expect(Kernel.all.filter { $0 == kernel }.count == 1)
      let closure = Kernel(
        name: kernel.name, support: kernel.support, logProfile: { kernel.logProfile($0) ?? 0 },
        profile: kernel.profile)
      #expect(closure != kernel)
      let copy = closure
      #expect(copy == closure && copy.hashValue == closure.hashValue)
    }
    #expect(Set(Kernel.all + Kernel.all).count == 12)
    #expect(Kernel(name: "a") { _ in 1 } != Kernel(name: "a") { _ in 1 })
  }

  @Test(arguments: Kernel.all)
  func `quadrature of a closure finds the moments of the kernel it copies`(kernel: Kernel) {
    guard kernel.name != "constant" else { return }
    let copy = Kernel(name: "copy", support: kernel.support, profile: kernel.profile)
    // The kernels have at most a kink inside their support, so eight digits are within reach of
    // the rule's 257 points; a tail like 1/u² is cut where u² overflows, at no cost to them.
    #expect(abs(copy.integral / kernel.integral - 1) < 1e-8)
    #expect(abs(copy.roughness / kernel.roughness - 1) < 1e-8)
    if kernel.secondMoment.isFinite {
      #expect(abs(copy.secondMoment / kernel.secondMoment - 1) < 1e-8)
    } else {
      #expect(copy.secondMoment == .infinity)
    }
  }

  @Test func `a closure is 0 from its support on`() {
    let kernel = Kernel(name: "plateau", support: 2) { _ in 1 }
    #expect(kernel.profile(1.9) == 1)
    #expect(kernel.profile(2) == 0)
    #expect(kernel.logProfile(1) == nil)
  }

  @Test func `sentences write the names of persons with a capital`() {
    let names = Kernel.all.map(\.nameInProse).filter { $0.first?.isUppercase == true }
    #expect(names == ["Gaussian", "Epanechnikov", "Laplacian", "Cauchy"])
    #expect(Kernel.all.allSatisfy { $0.nameInProse.lowercased() == $0.name })
    let own = Kernel(name: "gaussian", support: 1) { _ in 1 }
    #expect(own.nameInProse == "gaussian")
  }
}

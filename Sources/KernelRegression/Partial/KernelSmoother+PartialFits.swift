internal import KernelSums
internal import RealModule
internal import SimilarityKernels

// Engines sum relative to an anchor held in one double, and by moments. Where either would cost digits in
// a merge, the keys themselves are used: far from them, for the logarithm of the heaviest weight in two
// doubles; where moments do not determine a line well, for the triangular form of the keys in reach.
extension KernelSmoother {
  /// Below this the anchor has lost more than about 1e-13 of the weights.
  private static var greatestDepth: Double { 500 }

  /// The fit of these keys at each query of a run; nil without support.
  func partialFits(
    at queries: Points, in run: Range<Int>, omission: Omission = .none, execution: Execution
  ) throws(KernelRegressionError) -> [PartialFit?] {
    let problem = problem
    let sums = engine.sums(
      at: queries, in: run, omission: omission, squares: false, execution: execution)
    let room = FitRoom(count: run.count)
    let least = -Self.greatestDepth + .log(observationWeights?.max() ?? 1)
    let isDecaying = similarity.kernel.hasLogProfile
    sums.withUnsafeSums { sums in
      execution.unreported.forEachBlock(
        of: run.count, atMost: 1024, scratch: { MomentFit(problem) }
      ) { block, fit in
        for slot in block where sums.weights[slot] > 0 {
          if isDecaying, sums.logAnchors[slot] < least {
            room[slot] = .left(total: nil)
            continue
          }
          let unit = AnchoredWeight(high: sums.logAnchors[slot], low: 0, factor: 1)
          if degree == 0 {
            let weight = AnchoredWeight(high: unit.high, low: 0, factor: sums.weights[slot])
            room[slot] = .found(PartialFit(mean: mean(sums, slot), weight: weight))
          } else if let block = fit.reduced(sums, at: slot, unit: unit) {
            let place = queries[run.lowerBound + slot].prefix(similarity.bandwidths.count)
            room[slot] = .found(PartialFit(centre: Array(place), blocks: [block]))
          } else {
            var weight = unit
            weight.factor = sums.weights[slot]
            room[slot] = .left(total: weight)
          }
        }
      }
    }
    if degree > 0 {
      sums.withUnsafeSums {
        takeReduced($0, of: queries, in: run, room, execution: execution)
      }
    }
    let left = (0..<run.count).filter { room[$0].isLeft }
    keyWeights.forEachQuery(
      left.map { run.lowerBound + $0 }, of: queries, omission: omission,
      execution: execution.unreported
    ) { place, weights in
      let slot = left[place]
      let query = queries[run.lowerBound + slot]
      guard let heaviest = weights.max(by: { $0.weight < $1.weight }), heaviest.weight > 0 else {
        room[slot] = .none
        return
      }
      guard degree > 0 else {
        // The means are exact, but the anchor of their weight is not.
        var weight = weight(of: heaviest.key, at: query)
        weight.factor = 1 / heaviest.weight
        room[slot] = .found(
          sums.withUnsafeSums { PartialFit(mean: mean($0, slot), weight: weight) })
        return
      }
      let unit =
        room[slot].total.map {
          AnchoredWeight(high: $0.high, low: 0, factor: $0.factor * heaviest.weight)
        } ?? weight(of: heaviest.key, at: query)
      room[slot] = .found(
        CarefulFit(problem).reduced(
          weights.filter { $0.weight > 0 }.map {
            ($0.key, .log($0.weight / heaviest.weight))
          }, unit: unit))
    }
    takeFarKeys(left, of: queries, in: run, omission: omission, room, execution: execution)
    if let lost = room.firstOutOfRange {
      let place = queries[run.lowerBound + lost].map { "\($0)" }.joined(separator: ", ")
      throw KernelRegressionError(
        .notFinite,
        "query \(run.lowerBound + lost) at \(place) is too far from the keys for their weights to be computed"
      )
    }
    let scales = valueScales
    return (0..<run.count).map { room[$0].fit?.scaled(by: scales) }
  }

  /// Reduces queries by moments, without the monomials that follow from others at all keys.
  private func takeReduced(
    _ sums: UnsafeSums, of queries: Points, in run: Range<Int>, _ room: FitRoom,
    execution: Execution
  ) {
    let slots = (0..<run.count).filter { room[$0].total != nil }
    guard !slots.isEmpty else { return }
    let span = KeySpan(problem, execution: execution)
    execution.unreported.forEachBlock(
      of: slots.count, atMost: 1024, scratch: { MomentFit(problem) },
      body: { block, fit in
        for slot in slots[block] {
          let unit = AnchoredWeight(high: sums.logAnchors[slot], low: 0, factor: 1)
          // Keys whose weights underflow decide slopes that those in reach do not.
          guard fit.leaveOut(sums, at: slot, degree: degree, span),
            !similarity.kernel.hasLogProfile || fit.columns == span.columns(ofDegree: degree),
            let block = fit.reduced(sums, at: slot, unit: unit)
          else { continue }
          let place = queries[run.lowerBound + slot].prefix(similarity.bandwidths.count)
          room[slot] = .found(PartialFit(centre: Array(place), blocks: [block]))
        }
      })
  }

  private func mean(_ sums: UnsafeSums, _ slot: Int) -> [Double] {
    values.indices.map { sums.column($0)[slot] / sums.weights[slot] }
  }

  /// The weight of a key under a kernel that has a logarithm.
  private func weight(of key: Int, at query: ArraySlice<Double>) -> AnchoredWeight {
    let (high, low) = keyWeights.logWeight(of: key, for: query) ?? (.nan, 0)
    return AnchoredWeight(high: high, low: low, factor: 1)
  }

  /// Reduces again the queries at which keys farther away, whose weights underflow, determine more.
  private func takeFarKeys(
    _ slots: [Int], of queries: Points, in run: Range<Int>, omission: Omission, _ room: FitRoom,
    execution: Execution
  ) {
    guard degree > 0, similarity.kernel.hasLogProfile else { return }
    let bandwidths = similarity.bandwidths
    var left = slots.filter {
      room[$0].fit.map { $0.determinedCount(bandwidths) < bandwidths.count + 1 } ?? false
    }
    guard !left.isEmpty else { return }
    let everywhere = CarefulFit(problem).reduced(
      keys.indices.filter { weight($0) > 0 }.map { ($0, 0) },
      unit: AnchoredWeight(high: 0, low: 0, factor: 1))
    let greatest = everywhere.determinedCount(bandwidths)
    left = left.filter { (room[$0].fit?.determinedCount(bandwidths) ?? 0) < greatest }
    var depth = 1e4
    while !left.isEmpty, !execution.isStopped {
      let slots = left
      let isDeepest = depth > 1e300
      let isSettled = MarkedSlots(count: run.count)
      keyWeights.forEachQuery(
        slots.map { run.lowerBound + $0 }, of: queries, omission: omission, depth: depth,
        execution: execution.unreported
      ) { place, logWeights, isWhole in
        let slot = slots[place]
        let weights = logWeights.filter { $0.logWeight > -.infinity }
        guard let heaviest = weights.max(by: { $0.logWeight < $1.logWeight }) else { return }
        let fit = CarefulFit(problem).reduced(
          weights.map { ($0.key, $0.logWeight - heaviest.logWeight) },
          unit: weight(of: heaviest.key, at: queries[run.lowerBound + slot]))
        guard fit.determinedCount(bandwidths) >= greatest || isWhole || isDeepest else { return }
        room[slot] = .found(fit)
        isSettled.add(slot)
      }
      let settled = Set(isSettled.slots)
      left = isDeepest ? [] : slots.filter { !settled.contains($0) }
      depth *= 1e4
    }
  }
}

/// The outcome at each query of a run; each thread writes only to its own places.
private final class FitRoom: @unchecked Sendable {
  enum Outcome {
    case none
    /// To be fitted from the keys themselves; with Σw where it is known well.
    case left(total: AnchoredWeight?)
    case found(PartialFit)

    var isLeft: Bool { if case .left = self { true } else { false } }
    var fit: PartialFit? { if case .found(let fit) = self { fit } else { nil } }
    var total: AnchoredWeight? { if case .left(let total) = self { total } else { nil } }
  }

  private let outcomes: UnsafeMutableBufferPointer<Outcome>

  init(count: Int) {
    outcomes = .allocate(capacity: count)
    outcomes.initialize(repeating: .none)
  }

  deinit {
    outcomes.deinitialize()
    outcomes.deallocate()
  }

  subscript(slot: Int) -> Outcome {
    get { outcomes[slot] }
    set { outcomes[slot] = newValue }
  }

  /// A query whose weights have no finite logarithm.
  var firstOutOfRange: Int? {
    outcomes.firstIndex { outcome in
      outcome.isLeft
        || outcome.fit.map { !$0.blocks[0].rows[0].weight.high.isFinite } ?? false
    }
  }
}

extension PartialFit {
  /// How many coefficients the keys determine.
  fileprivate func determinedCount(_ bandwidths: [Double]) -> Int {
    rows(bandwidths: bandwidths).count { $0.weight.factor > 0 }
  }

  fileprivate func scaled(by scales: [Double]) -> PartialFit {
    guard scales.contains(where: { $0 != 1 }) else { return self }
    var fit = self
    for block in fit.blocks.indices {
      for row in fit.blocks[block].rows.indices {
        fit.blocks[block].rows[row].means = zip(fit.blocks[block].rows[row].means, scales)
          .map { $0 * $1 }
      }
    }
    return fit
  }
}

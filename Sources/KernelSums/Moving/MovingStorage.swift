internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// The pool of keys and the tree over its leaves.
///
/// Only its owner changes it, and it is shared only while unchanged.
final class MovingStorage: @unchecked Sendable {
  /// The number of keys a leaf has room for, a multiple of the padding.
  static var leafLength: Int { 64 }
  /// The number of children an inner node has room for.
  static var fanOut: Int { 16 }

  struct Node {
    var parent: Int32 = -1
    /// Empty in a leaf.
    var children: [Int32] = []
    /// The first place of a leaf; −1 in inner nodes.
    var start: Int32 = -1
    /// The number of keys of a leaf.
    var count = 0

    var isLeaf: Bool { start >= 0 }
  }

  let dimension: Int
  let columnCount: Int
  private let inverseBandwidths: [Double]

  private(set) var count = 0
  private(set) var nodes: [Node] = []
  private(set) var root = -1
  private var freeNodes: [Int32] = []

  /// Node after node: the box, smallest coordinates first, then ln of the largest ω and of the largest
  /// ω·abs(c) of each column.
  private var bounds: [Double] = []
  var boundsStride: Int { 2 * dimension + columnCount + 1 }

  /// Inputs, columns, ω and ln ω, a stretch of ``leafLength`` places for each leaf.
  private var pool: [PaddedColumns]
  private(set) var columns: KeyColumns
  private var isWeighted = false
  private(set) var placeCount = 0
  private var freeStarts: [Int32] = []
  private var leafOfStretch: [Int32] = []

  /// For each slot its place, −1 if it is free, and how often it has been assigned.
  private var slots: [(place: Int32, generation: Int32)] = []
  private var freeSlots: [Int32] = []
  private var slotOfPlace: [Int32] = []

  init(bandwidths: [Double], columnCount: Int) {
    dimension = bandwidths.count
    self.columnCount = columnCount
    inverseBandwidths = bandwidths.map { 1 / $0 }
    pool = Self.pool(dimension: dimension, columnCount: columnCount, placeCount: 0)
    columns = KeyColumns(
      keyCount: 0, keys: pool[0], columns: pool[1], observationWeights: nil)
  }

  init(copying other: MovingStorage) {
    dimension = other.dimension
    columnCount = other.columnCount
    inverseBandwidths = other.inverseBandwidths
    count = other.count
    nodes = other.nodes
    root = other.root
    freeNodes = other.freeNodes
    bounds = other.bounds
    pool = other.pool
    columns = other.columns
    isWeighted = other.isWeighted
    placeCount = other.placeCount
    freeStarts = other.freeStarts
    leafOfStretch = other.leafOfStretch
    slots = other.slots
    freeSlots = other.freeSlots
    slotOfPlace = other.slotOfPlace
    movePool(toPlaces: placeCount)
  }
}

// MARK: - Places

extension MovingStorage {
  private static func pool(
    dimension: Int, columnCount: Int, placeCount: Int
  ) -> [PaddedColumns] {
    [dimension, columnCount, 1, 1].map {
      PaddedColumns(rowCount: placeCount, columnCount: $0) { _, _ in 0 }
    }
  }

  /// Inputs, columns, ω, ln ω: number `part` of a place's.
  private func number(_ part: Int, of pool: [PaddedColumns]) -> UnsafeMutablePointer<Double> {
    let column =
      part < dimension
      ? pool[0].column(part)
      : part < dimension + columnCount
        ? pool[1].column(part - dimension) : pool[part - dimension - columnCount + 2].column(0)
    return UnsafeMutablePointer(mutating: column)
  }

  private var partCount: Int { dimension + columnCount + 2 }

  func coordinate(_ input: Int, at place: Int) -> Double { pool[0].column(input)[place] }

  func row(at place: Int) -> (key: [Double], columns: [Double], weight: Double) {
    (
      (0..<dimension).map { pool[0].column($0)[place] },
      (0..<columnCount).map { pool[1].column($0)[place] }, pool[2].column(0)[place]
    )
  }

  private func movePool(toPlaces placeCount: Int) {
    let moved = Self.pool(dimension: dimension, columnCount: columnCount, placeCount: placeCount)
    let kept = min(placeCount, self.placeCount)
    for part in 0..<partCount {
      number(part, of: moved).update(from: number(part, of: pool), count: kept)
    }
    pool = moved
    self.placeCount = placeCount
    describePool()
  }

  private func describePool() {
    columns = KeyColumns(
      keyCount: placeCount, keys: pool[0], columns: pool[1],
      observationWeights: isWeighted ? (pool[2], pool[3]) : nil)
  }

  private func newStart() -> Int32 {
    if let start = freeStarts.popLast() { return start }
    let (old, new) = (placeCount, max(2 * placeCount, Self.leafLength))
    movePool(toPlaces: new)
    slotOfPlace += [Int32](repeating: -1, count: new - old)
    leafOfStretch += [Int32](repeating: -1, count: (new - old) / Self.leafLength)
    for start in stride(from: new - Self.leafLength, through: old, by: -Self.leafLength) {
      freeStarts.append(Int32(start))
    }
    return freeStarts.removeLast()
  }

  private func movePlace(_ source: Int, to target: Int) {
    guard source != target else { return }
    for part in 0..<partCount {
      let numbers = number(part, of: pool)
      numbers[target] = numbers[source]
    }
    slotOfPlace[target] = slotOfPlace[source]
    slots[Int(slotOfPlace[target])].place = Int32(target)
    slotOfPlace[source] = -1
  }

  func contains(_ name: MovingKeys.Name) -> Bool {
    let slot = Int(name.slot)
    return slots.indices.contains(slot) && slots[slot].generation == name.generation
      && slots[slot].place >= 0
  }

  func place(of slot: Int) -> Int { Int(slots[slot].place) }

  func name(at place: Int) -> MovingKeys.Name {
    let slot = slotOfPlace[place]
    return MovingKeys.Name(slot: slot, generation: slots[Int(slot)].generation)
  }

  /// The places of all keys, leaf after leaf in ascending order.
  var everyRun: [Range<Int>] {
    leafOfStretch.enumerated().compactMap { stretch, leaf in
      leaf < 0
        ? nil : stretch * Self.leafLength..<stretch * Self.leafLength + nodes[Int(leaf)].count
    }
  }

  func withBounds<Result>(_ body: (UnsafePointer<Double>?) -> Result) -> Result {
    bounds.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}

// MARK: - Changes

extension MovingStorage {
  func add(_ key: [Double], _ columns: [Double], _ weight: Double) -> MovingKeys.Name {
    precondition(
      key.count == dimension && columns.count == columnCount,
      "a row needs a number for each input and each value column")
    if weight != 1, !isWeighted {
      isWeighted = true
      describePool()
    }
    if root < 0 { root = newLeaf() }
    var leaf = leaf(for: key)
    if nodes[leaf].count == Self.leafLength {
      split(leaf)
      leaf = self.leaf(for: key)
    }
    let place = Int(nodes[leaf].start) + nodes[leaf].count
    for (part, value) in (key + columns + [weight, .log(weight)]).enumerated() {
      number(part, of: pool)[place] = value
    }
    nodes[leaf].count += 1
    count += 1
    let slot: Int32
    if let free = freeSlots.popLast() {
      slot = free
    } else {
      slot = Int32(slots.count)
      slots.append((-1, 0))
    }
    slots[Int(slot)].place = Int32(place)
    slotOfPlace[place] = slot
    // Growing a box by a key needs no other key.
    var node = leaf
    while node >= 0 {
      extend(node, key, columns, logWeight: .log(weight))
      node = Int(nodes[node].parent)
    }
    return name(at: place)
  }

  func remove(_ slot: Int) {
    let place = Int(slots[slot].place)
    let leaf = Int(leafOfStretch[place / Self.leafLength])
    slots[slot].place = -1
    slots[slot].generation &+= 1
    freeSlots.append(Int32(slot))
    count -= 1
    nodes[leaf].count -= 1
    let last = Int(nodes[leaf].start) + nodes[leaf].count
    slotOfPlace[place] = -1
    movePlace(last, to: place)
    guard nodes[leaf].count > 0 else { return drop(leaf) }
    tighten(from: leaf)
    if nodes[leaf].count <= Self.leafLength / 4 { merge(leaf) }
  }

  /// The leaf whose box must grow the least to include a key.
  private func leaf(for key: [Double]) -> Int {
    var node = root
    while !nodes[node].isLeaf {
      var best = (growth: Double.infinity, width: Double.infinity, child: nodes[node].children[0])
      for child in nodes[node].children {
        let (growth, width) = growth(of: Int(child), by: key)
        if (growth, width) < (best.growth, best.width) { best = (growth, width, child) }
      }
      node = Int(best.child)
    }
    return node
  }

  private func growth(of node: Int, by key: [Double]) -> (growth: Double, width: Double) {
    var (growth, width) = (0.0, 0.0)
    let first = node * boundsStride
    for input in 0..<dimension {
      let (least, greatest) = (bounds[first + input], bounds[first + dimension + input])
      let outside = max(least - key[input], key[input] - greatest, 0)
      growth += outside * inverseBandwidths[input]
      width += (greatest - least) * inverseBandwidths[input]
    }
    return (growth, width)
  }
}

// MARK: - Nodes

extension MovingStorage {
  private func newNode() -> Int {
    if let node = freeNodes.popLast() {
      nodes[Int(node)] = Node()
      forget(Int(node))
      return Int(node)
    }
    nodes.append(Node())
    bounds += [Double](repeating: 0, count: boundsStride)
    forget(nodes.count - 1)
    return nodes.count - 1
  }

  private func newLeaf() -> Int {
    let leaf = newNode()
    let start = newStart()
    nodes[leaf].start = start
    leafOfStretch[Int(start) / Self.leafLength] = Int32(leaf)
    return leaf
  }

  private func free(_ node: Int) {
    if nodes[node].isLeaf {
      leafOfStretch[Int(nodes[node].start) / Self.leafLength] = -1
      freeStarts.append(nodes[node].start)
    }
    nodes[node] = Node()
    freeNodes.append(Int32(node))
  }

  /// Moves the upper half of a full leaf, along its widest input, to a new sibling.
  private func split(_ leaf: Int) {
    let start = Int(nodes[leaf].start)
    let input = widestInput(of: leaf)
    let places = (start..<start + nodes[leaf].count).sorted {
      (coordinate(input, at: $0), $0) < (coordinate(input, at: $1), $1)
    }
    let other = newLeaf()
    let upper = places[(places.count / 2)...]
    for (index, place) in upper.enumerated() {
      movePlace(place, to: Int(nodes[other].start) + index)
    }
    nodes[other].count = upper.count
    // The remaining keys close the gaps.
    for (index, place) in places[..<(places.count / 2)].sorted().enumerated() {
      movePlace(place, to: start + index)
    }
    nodes[leaf].count = places.count / 2
    put(other, beside: leaf)
  }

  /// Inserts a new node under the parent of another, splitting the parent if necessary.
  private func put(_ other: Int, beside node: Int) {
    if node == root {
      root = newNode()
      nodes[root].children = [Int32(node)]
      nodes[node].parent = Int32(root)
    }
    let parent = Int(nodes[node].parent)
    nodes[parent].children.append(Int32(other))
    nodes[other].parent = Int32(parent)
    gather(node)
    gather(other)
    guard nodes[parent].children.count > Self.fanOut else { return tighten(from: parent) }
    gather(parent)
    let input = widestInput(of: parent)
    let children = nodes[parent].children.sorted {
      (middle(of: Int($0), input), $0) < (middle(of: Int($1), input), $1)
    }
    let sibling = newNode()
    nodes[sibling].children = Array(children[(children.count / 2)...])
    nodes[parent].children = Array(children[..<(children.count / 2)])
    for child in nodes[sibling].children { nodes[Int(child)].parent = Int32(sibling) }
    put(sibling, beside: parent)
  }

  private func middle(of node: Int, _ input: Int) -> Double {
    let first = node * boundsStride
    return bounds[first + input] / 2 + bounds[first + dimension + input] / 2
  }

  private func widestInput(of node: Int) -> Int {
    let first = node * boundsStride
    return (0..<dimension).max { left, right in
      (bounds[first + dimension + left] - bounds[first + left]) * inverseBandwidths[left]
        < (bounds[first + dimension + right] - bounds[first + right]) * inverseBandwidths[right]
    } ?? 0
  }

  /// Removes an empty node from the tree, and any ancestors that become empty.
  private func drop(_ node: Int) {
    let parent = Int(nodes[node].parent)
    free(node)
    guard parent >= 0 else {
      root = -1
      return
    }
    nodes[parent].children.removeAll { $0 == Int32(node) }
    if nodes[parent].children.isEmpty { return drop(parent) }
    tighten(from: parent)
    while root >= 0, nodes[root].children.count == 1 {
      let child = Int(nodes[root].children[0])
      free(root)
      root = child
      nodes[child].parent = -1
    }
  }

  /// Moves the keys of a sparse leaf to its nearest sibling that has room.
  private func merge(_ leaf: Int) {
    let parent = Int(nodes[leaf].parent)
    guard parent >= 0 else { return }
    let room = Self.leafLength * 3 / 4
    let first = leaf * boundsStride
    let centre = (0..<dimension).map {
      bounds[first + $0] / 2 + bounds[first + dimension + $0] / 2
    }
    let candidates = nodes[parent].children.map { Int($0) }.filter {
      $0 != leaf && nodes[$0].count + nodes[leaf].count <= room
    }
    guard
      let target = candidates.min(by: {
        growth(of: $0, by: centre).growth < growth(of: $1, by: centre).growth
      })
    else { return }
    for index in 0..<nodes[leaf].count {
      movePlace(
        Int(nodes[leaf].start) + index, to: Int(nodes[target].start) + nodes[target].count)
      nodes[target].count += 1
    }
    nodes[leaf].count = 0
    gather(target)
    drop(leaf)
  }
}

// MARK: - Boxes

extension MovingStorage {
  private func forget(_ node: Int) {
    let first = node * boundsStride
    for input in 0..<dimension {
      bounds[first + input] = .infinity
      bounds[first + dimension + input] = -.infinity
    }
    for index in 0...columnCount { bounds[first + 2 * dimension + index] = -.infinity }
  }

  private func extend(_ node: Int, _ key: [Double], _ columns: [Double], logWeight: Double) {
    let first = node * boundsStride
    for input in 0..<dimension {
      bounds[first + input] = min(bounds[first + input], key[input])
      bounds[first + dimension + input] = max(bounds[first + dimension + input], key[input])
    }
    let logs = first + 2 * dimension
    bounds[logs] = max(bounds[logs], logWeight)
    for column in 0..<columnCount {
      bounds[logs + 1 + column] = max(
        bounds[logs + 1 + column], logWeight + .log(columns[column].magnitude))
    }
  }

  /// Recomputes a node's box from its contents.
  private func gather(_ node: Int) {
    forget(node)
    guard !nodes[node].isLeaf else {
      let start = Int(nodes[node].start)
      for place in start..<start + nodes[node].count {
        let row = row(at: place)
        extend(node, row.key, row.columns, logWeight: pool[3].column(0)[place])
      }
      return
    }
    let first = node * boundsStride
    for child in nodes[node].children {
      let other = Int(child) * boundsStride
      for index in 0..<boundsStride {
        bounds[first + index] =
          index < dimension
          ? min(bounds[first + index], bounds[other + index])
          : max(bounds[first + index], bounds[other + index])
      }
    }
  }

  /// Recomputes the boxes of a node and its ancestors, as far as they change.
  private func tighten(from node: Int) {
    var node = node
    while node >= 0 {
      let first = node * boundsStride
      let before = Array(bounds[first..<first + boundsStride])
      gather(node)
      if bounds[first..<first + boundsStride].elementsEqual(before) { return }
      node = Int(nodes[node].parent)
    }
  }
}

// MARK: - Invariants

extension MovingStorage {
  func checkInvariants(_ body: (String) -> Void) {
    var total = 0
    var depths: Set<Int> = []
    func visit(_ node: Int, depth: Int) {
      let first = node * boundsStride
      let before = Array(bounds[first..<first + boundsStride])
      gather(node)
      if !bounds[first..<first + boundsStride].elementsEqual(before) {
        body("the box of node \(node) is not that of its keys")
      }
      guard !nodes[node].isLeaf else {
        total += nodes[node].count
        depths.insert(depth)
        if nodes[node].count == 0 { body("leaf \(node) is empty") }
        for index in 0..<nodes[node].count {
          let place = Int(nodes[node].start) + index
          if place != self.place(of: Int(slotOfPlace[place])) { body("place \(place) is lost") }
        }
        return
      }
      for child in nodes[node].children {
        if Int(nodes[Int(child)].parent) != node { body("node \(child) has another parent") }
        visit(Int(child), depth: depth + 1)
      }
    }
    if root >= 0 { visit(root, depth: 0) }
    if total != count { body("there are \(total) keys, not \(count)") }
    if depths.count > 1 { body("leaves have depths \(depths.sorted())") }
    if everyRun.reduce(0, { $0 + $1.count }) != count { body("the pool holds other keys") }
  }
}

import Testing

@testable import NadarayaFigures

@Suite("Places of panels in the picture")
struct PlaceTests {
  private static let x = [0.5, 2, 3.25, 40]
  private static let y = [7.0, 0.1, 30, 4]

  private static func figure(_ x: Axis, _ y: Axis) -> Figure {
    let scatter = Scatter(x: Self.x, y: Self.y, label: "data")
    return Figure(
      title: "Places", accessibleDescription: "",
      panels: (0..<3).map { Panel(title: "panel \($0)", x: x, y: y, marks: [.scatter(scatter)]) },
      columns: 2)
  }

  private static let axes = [
    Axis(label: "x"), Axis(label: "x", isReversed: true), Axis(label: "x", scale: .log10),
    Axis(scale: .log10, limits: 0.01...100, isReversed: true),
  ]

  /// Centres of all circles in the panels, in the order in which they are drawn.
  private static func circles(_ figure: Figure) -> [(x: Double, y: Double)] {
    let radius = "3"
    return XMLFindings(figure.svg()).elements(named: "circle")
      .filter { $0.attributes["r"] == radius }
      .compactMap { circle in
        guard let x = circle.attributes["cx"].flatMap({ Double($0) }),
          let y = circle.attributes["cy"].flatMap({ Double($0) })
        else { return nil }
        return (x, y)
      }
  }

  @Test("a point is drawn where its panel's place says, to the hundredth that SVG is written in")
  func circlesLieAtTheirPlaces() throws {
    for horizontal in Self.axes {
      for vertical in Self.axes {
        let figure = Self.figure(horizontal, vertical)
        let circles = Self.circles(figure)
        try #require(circles.count == 3 * Self.x.count)
        for (panel, place) in figure.places.enumerated() {
          let across = try #require(place.horizontal)
          let along = try #require(place.vertical)
          for (index, point) in zip(Self.x, Self.y).enumerated() {
            let circle = circles[panel * Self.x.count + index]
            let left = try #require(across.place(of: point.0))
            let top = try #require(along.place(of: point.1))
            #expect((circle.x - left).magnitude <= halfOfAHundredth)
            #expect((circle.y - top).magnitude <= halfOfAHundredth)
          }
        }
      }
    }
  }

  @Test("the formula of the documentation gives the place, and its inverse the value")
  func formula() throws {
    for axis in Self.axes {
      let figure = Self.figure(axis, axis)
      for place in figure.places {
        let pairs = try [
          (#require(place.horizontal), Self.x), (#require(place.vertical), Self.y),
        ]
        for (axisPlace, values) in pairs {
          let limits = axisPlace.limits
          #expect(axisPlace.scale == axis.scale)
          #expect(axisPlace.isReversed == axis.isReversed)
          #expect(axisPlace.place(of: limits.lowerBound) == axisPlace.start)
          for value in values {
            let share =
              (axis.scale.transform(value) - axis.scale.transform(limits.lowerBound))
              / (axis.scale.transform(limits.upperBound) - axis.scale.transform(limits.lowerBound))
            let expected = axisPlace.start + share * (axisPlace.end - axisPlace.start)
            let found = try #require(axisPlace.place(of: value))
            // Three roundings of shares of at most 1, on some hundred pixels.
            #expect((found - expected).magnitude < 1e-10)
            // A relative error of the place of 1e-15 is one of ln(10⁴) times that in a logarithm.
            #expect((axisPlace.value(at: found) / value - 1).magnitude < 1e-11)
          }
        }
      }
    }
  }

  @Test("the axes end at the borders of the plot area, whichever way they run")
  func borders() throws {
    for axis in Self.axes {
      for place in Self.figure(axis, axis).places {
        let across = try #require(place.horizontal)
        let along = try #require(place.vertical)
        let x = (place.x, place.x + place.width)
        let y = (place.y + place.height, place.y)
        #expect(axis.isReversed ? across.start == x.1 : across.start == x.0)
        #expect(axis.isReversed ? across.end == x.0 : across.end == x.1)
        #expect(axis.isReversed ? along.start == y.1 : along.start == y.0)
        #expect(axis.isReversed ? along.end == y.0 : along.end == y.1)
        // A pointer outside the axes reads their nearer end.
        #expect(across.value(at: -1e9) == across.value(at: x.0))
        #expect(along.value(at: .infinity) == along.value(at: max(y.0, y.1)))
      }
    }
  }

  @Test("every sample's places lie in its picture, whose size is the SVG's view box")
  func size() throws {
    for figure in SampleFigures.all.values {
      let picture = figure.picture(theme: .dark)
      #expect(picture.places == figure.places)
      #expect(picture.size == figure.size)
      #expect(picture.svg == figure.svg(theme: .dark))
      #expect(picture.places.count == figure.panels.count)
      let root = try #require(XMLFindings(picture.svg).elements.first)
      let size = "\(Int(picture.size.width)) \(Int(picture.size.height))"
      #expect(root.attributes["viewBox"] == "0 0 \(size)")
      for place in picture.places {
        #expect(place.x >= 0 && place.x + place.width <= picture.size.width)
        #expect(place.y >= 0 && place.y + place.height <= picture.size.height)
      }
    }
  }

  @Test("a panel without axes says so, and a value that an axis cannot show has no place")
  func noPlace() throws {
    let empty = Figure(accessibleDescription: "", panels: [Panel(marks: [])])
    #expect(empty.places[0].horizontal == nil && empty.places[0].vertical == nil)
    let place = Self.figure(Axis(scale: .log10), Axis()).places[0]
    #expect(try #require(place.horizontal).place(of: 0) == nil)
    #expect(try #require(place.vertical).place(of: .nan) == nil)
    #expect(try #require(place.vertical).place(of: 0) != nil)
  }
}

internal import DeckData
internal import Tables

extension ExploredTable {
  /// The deck's data as `nadaraya deck` writes them: inputs `x`, values `y`.
  package static func deck() -> ExploredTable {
    let deck = Deck(seed: 0)
    let rows = zip(deck.trainingInputs, deck.trainingValues).map { "\($0),\($1)\n" }
    let text = "x,y\n" + rows.joined()
    do {
      return try ExploredTable(.bytes(Array(text.utf8), name: "deck/train.csv"), isDeck: true)
    } catch {
      preconditionFailure("the deck's data are a table: \(error)")
    }
  }
}

import DeckData
import Nadaraya
import NadarayaFigures
import Wording

extension DeckStory {
  /// The page: self-contained HTML with the figures inside.
  var page: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Attention pooling by similarity</title>
    <style>
    \(DeckStyle.sheet)
    </style>
    </head>
    <body>
    <header>
    <h1>Attention pooling by similarity</h1>
    <p class="lead">A query looks at the inputs it has seen, weighs each by how similar it is, and \
    answers with the weighted mean of their labels. That is the whole idea of attention, and \
    statisticians have used it since 1964 as the Nadaraya–Watson estimator.</p>
    <p class="formula">ŷ(q) = Σᵢ α(q, kᵢ) vᵢ ⁄ Σⱼ α(q, kⱼ)</p>
    <p class="note">Seed \(seed), \(deck.trainingInputs.count) training points. The data behind \
    every picture is in <a href="train.csv">train.csv</a>, <a href="fits.csv">fits.csv</a> and \
    <a href="weights.csv">weights.csv</a>.</p>
    </header>
    <main>
    \(sections.joined(separator: "\n"))
    </main>
    <footer><p>Made by <code>nadaraya deck --seed \(seed) --points \
    \(deck.trainingInputs.count)</code>. The same on your own table: \
    <code>nadaraya predict data.csv -x input -y label</code>.</p></footer>
    </body>
    </html>

    """
  }

  private var sections: [String] {
    [similaritySection, estimatorSection, attentionSection, bandwidthSection]
      + [likeForLikeSection, leaveOneOutSection, learnedWidthSection, learnedMetricSection]
      + [recapSection]
  }

  private var similaritySection: String {
    section(
      "similarity", "Four ways to be similar",
      """
      A kernel K turns the distance between a query and a key, counted in bandwidths, into a \
      weight: α(q, k) = K((q − k)/h). The Gaussian fades smoothly and never quite ends. The boxcar \
      takes everything within one bandwidth and nothing beyond. The triangle falls in a straight \
      line. The constant does not look at the distance at all.
      """, figure("kernels", kernelsFigure))
  }

  private var estimatorSection: String {
    let constant = byKernel.first { $0.name == Kernel.constant.name }
    return section(
      "fits", "The fits",
      """
      The labels are 2 sin x + x with standard normal noise, at inputs drawn uniformly from 0 to \
      5. Each panel asks at 0, 0.1, …, 4.9. Three kernels find the curve. The constant one gives \
      every query the same answer, the mean of the labels, \
      \(fixed(constant?.estimates.first ?? .nan, decimals: 2)): attention without selection.
      """, figure("fits-by-kernel", fitsByKernelFigure),
      table(of: byKernel, caption: "Bandwidth 1, errors as root mean squares"))
  }

  private var attentionSection: String {
    section(
      "attention", "The weights behind the fits",
      """
      One column is one query; its weights over the keys sum to 1. The fit at that query is the \
      labels pooled with these weights, so the heatmap explains the fit completely. The three \
      kernels that work attend along the diagonal and look much alike. The constant kernel gives \
      every key 1/\(deck.trainingInputs.count).
      """, figure("attention-by-kernel", attentionByKernelFigure))
  }

  private var bandwidthSection: String {
    section(
      "bandwidth", "How far to look",
      """
      Now one kernel, the Gaussian, and four widths. A small σ hears only the nearest few points: \
      the fit is faithful and restless. A large σ hears many: the fit is calm and cuts the peaks. \
      Less bias is bought with more variance, and the effective sample size says how many points \
      each answer rests on.
      """, figure("fits-by-bandwidth", fitsByBandwidthFigure),
      figure("attention-by-bandwidth", attentionByBandwidthFigure),
      table(of: byBandwidth, caption: "The Gaussian at four widths, errors as root mean squares"))
  }

  private var likeForLikeSection: String {
    let errors = matched.map(\.errorToTruth)
    let unmatched = byKernel.filter { $0.name != Kernel.constant.name }.map(\.errorToTruth)
    let largest = matched.map(differenceFromGaussian).max() ?? 0
    return section(
      "like-for-like", "Does the form of the kernel matter?",
      """
      It is often said to matter little. With bandwidth 1 for each, the errors of the three run \
      from \(range(of: unmatched)), but that compares unlike widths: a Gaussian with σ = 1 \
      reaches much farther than a triangle that ends at 1. Each kernel has a canonical bandwidth, \
      the width at which all kernels trade bias for variance alike. With \(matched.count) kernels \
      set to the width of a Gaussian with σ = \(short(selected.bandwidths[0], digits: 3)), the \
      errors run from \(range(of: errors)), and no fit leaves the Gaussian's by more than \
      \(fixed(largest, decimals: 2)) where the labels span \(fixed(span, decimals: 1)).
      """, figure("like-for-like", matchedFigure),
      matchedTable)
  }

  private var leaveOneOutSection: String {
    let narrowest = path[0]
    let best = path.min { $0.toTruth < $1.toTruth } ?? narrowest
    return section(
      "leave-one-out", "Leaving each point out",
      """
      Which σ is right? If each point may attend to itself, the narrowest always wins: at \
      σ = \(short(narrowest.bandwidth)) the training error is \
      \(fixed(narrowest.withItself, decimals: 2)), because every point hears its own label, noise \
      included, louder than any other. Leave each point out of its own fit and the error has a minimum, at \
      σ = \(short(selected.bandwidths[0], digits: 3)) here. The truth, which only synthetic data \
      shows, would choose σ = \(short(best.bandwidth, digits: 2)); the error to it is \
      \(fixed(best.toTruth, decimals: 2)) there.
      """, figure("choosing", errorFigure))
  }

  private var recapSection: String {
    section(
      "recap", "What to take along",
      """
      Nadaraya–Watson is attention pooling with a similarity picked by hand. The Gaussian's \
      weights are exactly a softmax of −(q − k)²/2σ². Once widths are matched, the kernel's form \
      barely matters; the bandwidth does, and leaving points out chooses it. The similarity can be \
      learned by the same rule, a width, a metric, or projections of queries and keys whose dot \
      products are scored: that last one, stacked in layers, is the attention of transformers.
      """)
  }

  func section(
    _ id: String, _ title: String, _ text: String, _ contents: String...
  ) -> String {
    """
    <section id="\(id)">
    <h2>\(title)</h2>
    <p>\(text)</p>
    \(contents.joined(separator: "\n"))
    </section>
    """
  }

  func figure(_ name: String, _ figure: Figure) -> String {
    "<figure>\n\(figure.svg(idPrefix: name))</figure>"
  }

  private func table(of panels: [DeckPanel], caption: String) -> String {
    table(
      caption: caption,
      header: ["", "bandwidth", "error to the truth", "leave-one-out error", "mean effective n"],
      rows: panels.map {
        [
          $0.title, short($0.bandwidth), fixed($0.errorToTruth, decimals: 3),
          $0.leaveOneOutErrorText, fixed($0.meanEffectiveSize, decimals: 1),
        ]
      })
  }

  private var matchedTable: String {
    table(
      caption: "Matched bandwidths, errors as root mean squares",
      header: [
        "", "bandwidth", "error to the truth", "leave-one-out error", "farthest from the Gaussian",
      ],
      rows: matched.map {
        [
          $0.title, fixed($0.bandwidth, decimals: 3), fixed($0.errorToTruth, decimals: 3),
          $0.leaveOneOutErrorText, fixed(differenceFromGaussian($0), decimals: 3),
        ]
      })
  }

  func table(caption: String, header: [String], rows: [[String]]) -> String {
    let head = header.map { "<th scope=\"col\">\($0)</th>" }.joined()
    let body = rows.map { row in
      "<tr><th scope=\"row\">\(row[0])</th>"
        + row.dropFirst().map { "<td>\($0)</td>" }.joined() + "</tr>"
    }.joined(separator: "\n")
    return """
      <div class="table"><table>
      <caption>\(caption)</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)
      </tbody>
      </table></div>
      """
  }

  private func range(of numbers: [Double]) -> String {
    let finite = numbers.filter(\.isFinite)
    return "\(fixed(finite.min() ?? .nan, decimals: 2)) to "
      + fixed(finite.max() ?? .nan, decimals: 2)
  }

  private var span: Double {
    (deck.trainingValues.max() ?? 0) - (deck.trainingValues.min() ?? 0)
  }
}

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
    <p class="note">Seed \(seed), \(deck.trainingInputs.count) training points, which are in \
    <a href="train.csv">train.csv</a>. <a href="fits.csv">fits.csv</a> holds the fits with four \
    kernels and with four bandwidths, <a href="weights.csv">weights.csv</a> the weights behind \
    them.</p>
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
    section(
      "fits", "The fits",
      """
      The labels are 2 sin x + x with standard normal noise, at inputs drawn uniformly from 0 to \
      5. Each panel asks at 0, 0.1, …, 4.9. The constant kernel gives every query the same answer, \
      the mean of the labels, \(meanText): attention without selection. \(kernelFinding)
      """, figure("fits-by-kernel", fitsByKernelFigure),
      table(of: byKernel, caption: "Bandwidth 1, errors as root mean squares"))
  }

  private var attentionSection: String {
    section(
      "attention", "The weights behind the fits",
      """
      One column is one query; its weights over the keys sum to 1. The fit at that query is the \
      labels pooled with these weights, so the heatmap explains the fit completely. Keys and queries \
      are sorted, so attention to what is near lies along the diagonal. \(nearnessFinding)
      """, figure("attention-by-kernel", attentionByKernelFigure))
  }

  private var bandwidthSection: String {
    section(
      "bandwidth", "How far to look",
      """
      Now one kernel, the Gaussian, and four widths. A small σ hears only the nearest points, a large \
      σ hears many. \(sizeFinding) A mean of few points has much variance, a mean of many has the \
      bias of those far away. \(widthFinding) \(nearestWidthFinding)
      """, figure("fits-by-bandwidth", fitsByBandwidthFigure),
      figure("attention-by-bandwidth", attentionByBandwidthFigure),
      table(of: byBandwidth, caption: "The Gaussian at four widths, errors as root mean squares"))
  }

  private var likeForLikeSection: String {
    section(
      "like-for-like", "Does the form of the kernel matter?",
      "It is often said to matter little. \(formFinding)", figure("like-for-like", matchedFigure),
      matchedTable)
  }

  private var leaveOneOutSection: String {
    section(
      "leave-one-out", "Leaving each point out",
      """
      Which σ is right? If each point may attend to itself, it hears its own label, noise included, \
      louder than any other, and \(trainingErrorFinding). Leave each point out of its own fit, and \
      \(choiceFinding) \(truthFinding)
      """, figure("choosing", errorFigure))
  }

  private var recapSection: String {
    section(
      "recap", "Takeaways",
      """
      Nadaraya–Watson is attention pooling with a similarity picked by hand. The Gaussian's \
      weights are exactly a softmax of −(q − k)²/2σ². \(recapFinding) By the same rule a \
      similarity can be learned: a width, a metric, or projections of queries and keys whose dot \
      products are scored. The last of these, stacked in layers, is the attention of transformers.
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
          $0.title, short($0.bandwidth), $0.errorToTruthText,
          $0.leaveOneOutErrorText, fixed($0.meanEffectiveSize, decimals: 1),
        ]
      }) + notes(on: panels)
  }

  /// Explains dashes, and errors over only some places, under a table that has them.
  private func notes(on panels: [DeckPanel]) -> String {
    let notes = panels.compactMap { panel in panel.gaps.map { "\(panel.title): \($0)." } }
    return notes.isEmpty ? "" : "\n<p class=\"note\">\(notes.joined(separator: " "))</p>"
  }

  private var matchedTable: String {
    table(
      caption: "Matched bandwidths, errors as root mean squares",
      header: [
        "", "bandwidth", "error to the truth", "leave-one-out error", "farthest from the Gaussian",
      ],
      rows: matched.map {
        [
          $0.title, short($0.bandwidth, digits: 4), $0.errorToTruthText,
          $0.leaveOneOutErrorText,
          $0.missing < $0.estimates.count ? fixed(differenceFromGaussian($0), decimals: 3) : "–",
        ]
      }) + notes(on: matched)
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

  var learnedWidthSection: String {
    section(
      "learning", "Learning the width",
      """
      Why walk through widths by hand, if they can be learned? Start at σ = 1 and go, step by step, \
      where the error on the training points falls. If each point may attend to itself, \
      \(walkFinding). Leave each point out of its own fit, and the same walk \(fairWalkFinding). \
      \(endsFinding) A similarity that is learned needs a loss in which no point sees its own answer.
      """, figure("learned-width", learnedWidthFigure))
  }

  var learnedMetricSection: String {
    section(
      "metric", "Learning what matters",
      """
      Now \(lesson.plane.values.count) points with two inputs. The label is the same curve of the \
      first; the second has no part in it, but nobody says so. One width has to serve both inputs. A \
      learned metric stretches the plane before distances are taken, by the leave-one-out error \
      alone. \(metricWidthsFinding) \(metricErrorFinding)
      """, figure("learned-attention", learnedAttentionFigure),
      figure("learned-fit", learnedFitFigure),
      table(
        caption: "Root mean squared errors",
        header: ["", "leave-one-out error", "error to the truth"],
        rows: [("one width", lesson.plain), ("learned metric", lesson.metric)].map {
          [
            $0, fixed($1.leaveOneOutError, decimals: 3), fixed($1.errorToTruth, decimals: 3),
          ]
        }))
  }
}

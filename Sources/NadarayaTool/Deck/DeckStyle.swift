/// How the deck's page looks: light and dark, on a phone and in print.
enum DeckStyle {
  static let sheet = """
    :root {
      color-scheme: light dark;
      --paper: #fbfaf8; --ink: #22262c; --quiet: #5b626c; --line: #dcdad5; --accent: #0b5f97;
      --card: #ffffff;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #16181c; --ink: #e6e4df; --quiet: #a2a8b1; --line: #34383f; --accent: #7cc0ee;
        --card: #ffffff;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 1.0625rem/1.6 Charter, "Bitstream Charter", Cambria, Georgia, serif;
    }
    header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
    header { padding-top: 3.5rem; }
    h1, h2, table, .note, footer {
      font-family: system-ui, "Segoe UI", Helvetica, Arial, sans-serif;
    }
    h1 { font-size: clamp(1.8rem, 5vw, 2.6rem); line-height: 1.15; margin: 0 0 1rem; }
    h2 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .6rem; }
    p { max-width: 42rem; margin: 0 0 1rem; }
    .lead { font-size: 1.2rem; }
    .formula { font-size: 1.35rem; margin: 1.4rem 0; }
    .note, footer, caption { color: var(--quiet); font-size: .9rem; }
    a { color: var(--accent); }
    section { margin: 3.5rem 0 0; }
    figure {
      margin: 1.4rem 0; padding: .75rem; background: var(--card);
      border: 1px solid var(--line); border-radius: .5rem; overflow-x: auto;
    }
    figure svg { display: block; width: 100%; min-width: 44rem; height: auto; }
    .table { overflow-x: auto; margin: 1.4rem 0; }
    table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
    caption { text-align: left; padding-bottom: .4rem; }
    th, td { padding: .3rem .9rem .3rem 0; text-align: right; border-bottom: 1px solid var(--line); }
    thead th { color: var(--quiet); font-weight: 500; }
    tbody th { text-align: left; font-weight: 600; }
    code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
    footer { margin-top: 4rem; padding-bottom: 3rem; }
    footer p { padding-top: 1rem; border-top: 1px solid var(--line); max-width: none; }
    @media print {
      :root {
        color-scheme: light; --paper: #fff; --ink: #000; --quiet: #444; --line: #ccc;
        --accent: #000; font-size: 10pt;
      }
      @page { margin: 15mm; }
      body { font-size: 1.05rem; line-height: 1.45; }
      header, main, footer, p { max-width: none; padding: 0; }
      header { padding-top: 0; }
      section, footer { margin-top: 1.6rem; }
      h2 { break-after: avoid; }
      figure, table, .note { break-inside: avoid; }
      footer { break-before: avoid; }
      figure, .table { overflow: visible; margin: .8rem 0; }
      figure { border: 0; padding: 0; }
      figure svg { min-width: 0; max-height: 235mm; }
    }
    """
}

"""How `report.html` looks: on a light or dark screen and on paper."""

CSS = """
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --ink: #1f2933; --soft: #66707c;
  --line: #e3e7ec; --accent: #2f6fab; --track: #e8edf3;
  --warn: #fff6e0; --warn-line: #d99a1c; --warn-ink: #6b4a07;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1c2025; --ink: #dde3ea; --soft: #97a1ad;
    --line: #2e343c; --accent: #74aee6; --track: #2a3038;
    --warn: #2e2510; --warn-line: #c08a1e; --warn-ink: #f0d79a;
  }
  /* The curve is drawn on white: black lets the card shine through, and
     hues stay as they are. */
  .curve { filter: invert(1) hue-rotate(180deg); mix-blend-mode: screen; }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 60rem;
  background: var(--page); color: var(--ink); line-height: 1.45;
  font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial,
    "Liberation Sans", sans-serif;
}
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; font-weight: 650; }
h2 { font-size: 1rem; margin: 0 0 .6rem; font-weight: 650; }
h3 { font-size: .85rem; margin: 0 0 .2rem; color: var(--accent); }
header p { margin: .25rem 0 0; color: var(--soft); }
section, .warnings {
  background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; padding: 1rem 1.2rem; margin-top: 1rem; min-width: 0;
  overflow-x: auto;
}
.warnings {
  background: var(--warn); color: var(--warn-ink);
  border-color: var(--warn-line); border-left-width: 5px;
}
.warnings p { margin: 0; }
.pair { display: grid; grid-template-columns: 2fr 5fr; column-gap: 1rem; }
.pair.even { grid-template-columns: 4fr 3fr; }
table { border-collapse: collapse; width: 100%; }
th, td {
  text-align: left; font-weight: inherit; padding: .24rem .9rem .24rem 0;
  border-top: 1px solid var(--line); vertical-align: top;
}
td { overflow-wrap: anywhere; }
thead th { color: var(--soft); font-size: .82rem; vertical-align: bottom; }
thead tr:first-child th, table:not(:has(thead)) tr:first-child > * {
  border-top: 0;
}
th:last-child, td:last-child { padding-right: 0; }
.number {
  text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; overflow-wrap: normal;
}
td.number:only-of-type { font-weight: 600; }
.totaled tbody tr:last-child > * {
  font-weight: 650; border-top: 2px solid var(--soft);
}
thead th { white-space: normal; }
thead th:first-child { text-align: left; }
.curve { display: block; width: 100%; height: auto; }
.groups { columns: 2; column-gap: 2.2rem; }
.groups > div { break-inside: avoid; margin-bottom: .9rem; }
.groups table, .small { font-size: .86rem; }
.groups th, .small th { color: var(--soft); }
.groups td { text-align: right; }
pre {
  margin: 0; padding: .7rem .8rem; border-radius: 6px;
  background: var(--track); white-space: pre-wrap; overflow-wrap: anywhere;
  font: .82rem/1.5 ui-monospace, Menlo, Consolas, "Liberation Mono",
    monospace;
}
@media (max-width: 46rem) {
  .pair, .pair.even { grid-template-columns: minmax(0, 1fr); }
  .groups { columns: 1; }
}
@page { size: A4; margin: 10mm; }
@media print {
  :root {
    color-scheme: light;
    --page: #fff; --card: #fff; --ink: #1f2933; --soft: #566070;
    --line: #dde2e8; --accent: #2f6fab; --track: #f1f4f7;
    --warn: #fff6e0; --warn-line: #d99a1c; --warn-ink: #6b4a07;
  }
  html { font-size: 8.5px; }
  body { padding: 0 1px; max-width: none; font-size: 8.5px; line-height: 1.25; }
  section, .warnings {
    padding: .45rem .8rem; margin-top: .5rem; break-inside: avoid;
  }
  h2 { margin-bottom: .2rem; }
  th, td { padding-top: .08rem; padding-bottom: .08rem; }
  .pair { grid-template-columns: 2fr 5fr; }
  .pair.even { grid-template-columns: 4fr 3fr; }
  .groups { columns: 3; column-gap: 1.6rem; }
  .groups > div { margin-bottom: .4rem; }
  .curve {
    width: auto; height: 70mm; margin: 0 auto;
    filter: none; mix-blend-mode: normal;
  }
  pre { padding: .4rem .6rem; line-height: 1.3; }
}
"""

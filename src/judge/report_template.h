#pragma once

// The report's page and its looks. Sizes are in rem and charts in percent, so that the page reads at 380 pixels and on
// paper; what is wider scrolls in a box of its own (.scroll). Colours are three numbers, for rgb(var(--x) / opacity).
namespace dragonet {

/// The policy forbids what the page does not need: scripts, and every address but a data: picture.
inline constexpr char page_template[] = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
<main>
<header>
<p class="facts">{facts}</p>
<h1>{title}</h1>
<p class="verdict">{verdict}</p>
</header>
{sections}
<footer>Written by Dragonet. Intervals are 95 %, for other groups of the same sort: samples of one group fail together, so
that groups are what is counted (linearized variance after Bell and McCaffrey 2002; shares after Wilson 1927). Of too few
groups, nothing can be known of others.</footer>
</main>
</body>
</html>
)";

inline constexpr char page_css[] = R"(
:root {
  color-scheme: light dark;
  --paper: 252 251 248; --card: 255 255 255; --ink: 28 30 33; --soft: 98 103 110; --line: 222 219 212;
  --good: 34 135 112; --bad: 201 74 42; --blue: 40 94 168;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: 20 22 25; --card: 28 31 35; --ink: 230 230 226; --soft: 154 160 168; --line: 55 59 66;
    --good: 78 190 160; --bad: 240 120 84; --blue: 122 170 240;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: rgb(var(--paper)); color: rgb(var(--ink)); font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 3rem; }
header { margin-bottom: 2.5rem; }
h1 { margin: 0; font-size: 1.15rem; font-weight: 600; }
h2 { margin: 0 0 .9rem; padding-top: .6rem; border-top: 2px solid rgb(var(--ink)); font-size: 1.05rem; }
h3 { margin: 0 0 .4rem; font-size: .9rem; font-weight: 600; }
section { margin-bottom: 2.5rem; break-inside: auto; }
p { margin: 0 0 .9rem; max-width: 42rem; }
p code { white-space: nowrap; }
.facts, .note, figcaption, footer { color: rgb(var(--soft)); font-size: .85rem; }
.facts { margin-bottom: .4rem; max-width: none; }
.verdict { margin: .5rem 0 0; font-size: clamp(1.35rem, 4.5vw, 2rem); line-height: 1.25; text-wrap: pretty; max-width: none; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1.5rem 2rem; }
.scroll { overflow-x: auto; }
.map { display: block; width: 100%; margin-bottom: 1.2rem; }
.where-narrow { display: none; }
/* A half of the map, which is 960 units wide: 480 of them, and 520 from its 80th on. */
.part { position: relative; overflow: hidden; aspect-ratio: 480 / 520; max-width: 30rem; margin-bottom: 1.2rem; }
.part img { position: absolute; width: 200%; top: calc(-100% * 80 / 520); }
figure { margin: 0; }
code, pre, .file { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .82rem; }
pre { margin: 0 0 1rem; padding: .8rem 1rem; overflow-x: auto; background: rgb(var(--card)); border: 1px solid rgb(var(--line)); }

table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
.wide { width: 100%; }
th, td { padding: .28rem .7rem; text-align: right; white-space: nowrap; }
th { font-weight: 600; }
th:first-child, td:first-child, .text { text-align: left; padding-left: 0; }
.text { padding-left: .7rem; }
thead th { color: rgb(var(--soft)); font-weight: 400; border-bottom: 1px solid rgb(var(--line)); }
tbody td, tbody th { border-bottom: 1px solid rgb(var(--line) / .5); font-weight: 400; }
tfoot td, tfoot th { font-weight: 600; }
tfoot tr:first-child > * { border-top: 2px solid rgb(var(--soft)); }
.bar { display: inline-block; width: 5rem; height: .6rem; background: rgb(var(--line) / .6); }
.bar > span { display: block; height: 100%; width: var(--share); background: rgb(var(--blue)); }

.confusion th, .confusion td { border: 0; }
.confusion .column { text-align: center; padding: .28rem .2rem; }
.confusion .cell { min-width: 6rem; padding: .8rem .7rem; text-align: center; border: 2px solid rgb(var(--paper)); }
.confusion .cell small { display: block; color: rgb(var(--soft)); }
.confusion.many .cell { min-width: 3.6rem; padding: .45rem .3rem; }
.right { background: rgb(var(--good) / calc(.06 + .5 * var(--share))); }
.wrong { background: rgb(var(--bad) / calc(.04 + .8 * var(--share))); }

.claims { display: grid; gap: .75rem; margin-bottom: .9rem; max-width: 42rem; }
.claim b { font-weight: 600; white-space: nowrap; }
.claim.pretended { color: rgb(var(--soft)); }
.claim.pretended .range, .claim.pretended .point { background: rgb(var(--soft)); }
.claim > div:first-child { display: flex; justify-content: space-between; gap: 1rem; font-size: .9rem; }
.track { position: relative; height: 1rem; }
.track::before { content: ""; position: absolute; inset: calc(50% - 1px) 0 auto; height: 2px; background: rgb(var(--line)); }
.range, .point, .guess { position: absolute; top: 50%; transform: translateY(-50%); }
.range { height: .5rem; background: rgb(var(--blue)); opacity: .45; left: var(--low); width: var(--width); }
.point { width: .3rem; height: 1rem; margin-left: -.15rem; background: rgb(var(--blue)); left: var(--value); }
.guess { width: 1px; height: 1rem; background: rgb(var(--soft)); left: var(--value); }

.curves { width: 100%; max-width: 34rem; height: auto; display: block; }
.curves text { font-size: 11px; fill: rgb(var(--soft)); }
.curves .grid { stroke: rgb(var(--line)); stroke-width: 1; }
.curves polyline { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.train { stroke: rgb(var(--soft)); }
.validation { stroke: rgb(var(--blue)); }
.best { stroke: rgb(var(--good)); stroke-dasharray: 3 3; }
.curves .mark { fill: rgb(var(--good)); }
.key { display: inline-block; width: 1.3rem; height: 0; border-top: 2px solid rgb(var(--soft)); vertical-align: middle; margin-right: .3rem; }
.curves .normal { fill: rgb(var(--blue)); }
.curves .anomaly { fill: rgb(var(--bad)); }
.key.blue { border-color: rgb(var(--blue)); }
.key.red { border-color: rgb(var(--bad)); }
.key.green { border-top-style: dashed; border-color: rgb(var(--good)); }

.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: 1.2rem .9rem; }
.mistakes figure { break-inside: avoid; }
.mistakes img { display: block; width: 100%; height: 8.5rem; object-fit: contain; background: rgb(var(--line) / .6); }
.mistakes figcaption { padding-top: .35rem; line-height: 1.35; color: rgb(var(--ink)); }
.mistakes .file { color: rgb(var(--soft)); font-size: .7rem; overflow-wrap: anywhere; display: block; }
.no { color: rgb(var(--bad)); }
dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; margin: 0 0 1rem; font-size: .88rem; }
dt { color: rgb(var(--soft)); }
dd { margin: 0; overflow-wrap: anywhere; }
footer { border-top: 1px solid rgb(var(--line)); padding-top: .8rem; }
@media (max-width: 46rem) { .where-wide { display: none; } .where-narrow { display: block; } }
@media (max-width: 34rem) {
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } main { padding: 1.25rem 1rem 2rem; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .wide th, .wide td { white-space: normal; padding: .28rem .2rem; font-size: .74rem; }
  .wide td:first-child { overflow-wrap: anywhere; }
  .bar { width: 2.6rem; }
  .layers tr { display: grid; grid-template-columns: 1fr 1fr 1fr 3.2rem; }
  .layers th:first-child, .layers td:first-child { grid-column: 1 / -1; border-bottom: 0; padding-bottom: 0; }
  .layers tr > :nth-child(2) { display: none; }
  .layers tfoot tr:first-child > * { border-top: 0; }
  .confusion th, .confusion td { padding: .28rem .25rem; font-size: .8rem; white-space: normal; }
  .confusion .cell { min-width: 0; padding: .6rem .2rem; border-width: 1px; }
  .confusion.many { width: 100%; table-layout: fixed; }
  .confusion.many th, .confusion.many td { font-size: .5rem; padding: .2rem .05rem; overflow-wrap: anywhere; }
  .confusion.many th:first-child { width: 3rem; }
  .confusion.many .column { writing-mode: vertical-rl; text-align: left; white-space: nowrap; font-size: .6rem; }
  .confusion.many .cell { min-width: 0; padding: .25rem 0; border-width: 1px; }
}
@media print {
  :root { --paper: 255 255 255; }
  body { font-size: 10pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2, thead { break-after: avoid; }
  pre { white-space: pre-wrap; }
  .scroll { overflow: visible; }
}
)";

}  // namespace dragonet

// How the page looks: one column, light and dark, on paper without what only a screen needs.
export const style = `
:root{color-scheme:light dark;--ink:#1d2129;--dim:#626a76;--line:#dde1e7;--page:#f6f7f9;--card:#fff;--bad:#b3261e;--good:#1a7f4b;--open:#8a6100;--bar:#7a8aa0;--tint:#fdf1f0}
@media (prefers-color-scheme:dark){:root{--ink:#e4e7ec;--dim:#98a2b0;--line:#333a45;--page:#14171c;--card:#1c2027;--bad:#ff8a80;--good:#6fd39d;--open:#f0c35a;--bar:#66758a;--tint:#2c1f20}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:68rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1,h2,p,dl,dd,ul,table,pre{margin:0}
h1{font-size:1.35rem;line-height:1.3;overflow-wrap:anywhere}
h2{font-size:1rem}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1rem 1.25rem;margin-top:1rem}
section>*+*{margin-top:.6rem}
.word{display:inline-block;font-size:.78rem;font-weight:700;letter-spacing:.06em;padding:.15rem .6rem;border-radius:1rem;border:1.5px solid currentColor;margin-bottom:.5rem}
.failed,.lost{color:var(--bad)}.succeeded{color:var(--good)}.running,.unknown{color:var(--open)}
.verdict{border-left:5px solid var(--bar)}
.verdict.is-failed,.verdict.is-lost{border-left-color:var(--bad)}.verdict.is-succeeded{border-left-color:var(--good)}.verdict.is-running,.verdict.is-unknown{border-left-color:var(--open)}
.sentence{font-size:1.08rem;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:6rem minmax(0,1fr);gap:.2rem 1rem}
dt{color:var(--dim)}dd{overflow-wrap:anywhere}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.86em}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--page);border-radius:5px;padding:.5rem .7rem;margin-top:.3rem}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600;color:var(--dim);font-size:.82rem}
td,th{padding:.3rem .6rem .3rem 0;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
tr:last-child td{border-bottom:0}
.number{text-align:right;white-space:nowrap}.short{white-space:nowrap;overflow-wrap:normal}
.bad{color:var(--bad)}.good{color:var(--good)}.open{color:var(--open)}.dim{color:var(--dim)}
.calls td:first-child{overflow-wrap:anywhere}
.calls tr.path{background:var(--tint)}
.call{display:block;border-left:2px solid var(--line);padding-left:.5rem}
.call.inferred{border-left-style:dashed}.call.orphan{border-left-style:dotted}.call.root{border-left:0;padding-left:0}
${Array.from({ length: 9 }, (_, depth) => `.d${depth}{margin-left:${depth * 0.9}rem}`).join('')}
.bar{width:9rem;min-width:5rem}
.bar svg{display:block;width:100%;height:1.1rem}
.bar rect{fill:var(--bar)}.path .bar rect{fill:var(--bad)}
details>summary{cursor:pointer;color:var(--dim)}
.log{border-bottom:1px solid var(--line);padding-bottom:.5rem}
.log:last-of-type{border-bottom:0}
.log p{overflow-wrap:anywhere;white-space:pre-wrap}
ul{padding-left:1.2rem}
footer{color:var(--dim);font-size:.82rem;margin-top:1.2rem}
@media (max-width:40rem){body{font-size:14px}section{padding:.8rem}.bar{display:none}dl{grid-template-columns:minmax(0,1fr);gap:0}dd+dt{margin-top:.4rem}.stack thead{display:none}.stack tr{display:block;padding:.45rem 0;border-bottom:1px solid var(--line)}.stack tr:last-child{border-bottom:0}.stack td{display:inline-block;border:0;padding:0 .8rem 0 0;text-align:left}.stack td.wide{display:block}.stack td:empty,.stack td.bar{display:none}.stack td[data-name]::before{content:attr(data-name) " ";color:var(--dim)}.stack tr.path{padding-left:.3rem}}
@media print{:root{color-scheme:light;--ink:#000;--dim:#444;--line:#bbb;--page:#fff;--card:#fff;--bad:#a00;--good:#060;--open:#640;--tint:#f4f4f4}main{max-width:none;padding:0}section{break-inside:avoid-page;border-color:#bbb}section.long{break-inside:auto}details>summary{display:none}details::details-content{content-visibility:visible;block-size:auto}}
`

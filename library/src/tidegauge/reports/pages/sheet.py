"""The look of reports: type, spacing, colour; for screens of any width, both themes, and paper.

Every rule is scoped to ``.tgr``, so that a fragment in a notebook touches nothing else.
"""

from __future__ import annotations

from tidegauge.reports.pages.palette import EMBER_STEPS, NEGATIVE, POSITIVE, SEA_STEPS, variables

SCOPE = ".tgr"

_DARK_PAGES = (
    '[data-jp-theme-light="false"] .tgr',
    ".vscode-dark .tgr",
    ".vscode-high-contrast .tgr",
    'html[theme="dark"] .tgr',
    'html[data-theme="dark"] .tgr',
    'body[data-md-color-scheme="slate"] .tgr',
)
_LIGHT_PAGES = (
    '[data-jp-theme-light="true"] .tgr',
    ".vscode-light .tgr",
    'html[theme="light"] .tgr',
    'html[data-theme="light"] .tgr',
    'body[data-md-color-scheme="default"] .tgr',
)

_TYPE = """
&{background:var(--paper);color:var(--ink);text-align:left;box-sizing:border-box;font:14px/1.5 system-ui,
-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",Arial,sans-serif;
font-variant-numeric:tabular-nums lining-nums;-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
& *,& *:before,& *:after{box-sizing:border-box}
&.page{margin:0;padding:44px 32px 64px}
&.cell{padding:16px 18px;border-radius:6px}
.sheet{max-width:1180px;margin:0 auto}
h1,h2,h3,h4,p,dl,dd,dt,figure,ol,ul,table{margin:0;padding:0;font-size:inherit;font-weight:400;
color:inherit;text-align:left;border:0;float:none}
h1{font-size:34px;line-height:1.12;font-weight:660;letter-spacing:-.022em}
h2{font-size:20px;line-height:1.25;font-weight:640;letter-spacing:-.012em}
h3{font-size:16px;line-height:1.3;font-weight:640;letter-spacing:-.005em}
h4{font-size:12px;line-height:1.4;color:var(--soft)}
b,strong{font-weight:640}
a{color:inherit;text-decoration:none}
p a,.list a,td a,th a{text-decoration:underline;text-decoration-color:var(--grey);
text-underline-offset:2px}
a:hover{color:var(--sea)}
a:focus-visible,summary:focus-visible{outline:2px solid var(--sea);outline-offset:2px}
small,.soft{color:var(--soft);font-size:12px}
code{font:inherit;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
font-size:.92em;background:none;color:inherit;padding:0;border:0}
.kicker{color:var(--sea);font-size:12.5px;font-weight:600;margin-bottom:8px}
.facts-line{color:var(--soft);margin-top:10px;display:flex;flex-wrap:wrap;gap:2px 18px}
.facts-line b{color:var(--ink);font-weight:600}
.verdict{font-size:22px;line-height:1.36;letter-spacing:-.012em;margin-top:22px;max-width:36em;
display:flex;gap:12px}
.verdict .mark{font-size:.95em}
.mark{display:inline-block;font-weight:640;white-space:nowrap}
.mark.bad{color:var(--ember)}
.mark.good{color:var(--sea)}
.mark.open{color:var(--soft)}
.mark.warn{color:var(--gold)}
.bad-text{color:var(--ember)}
.chip{border:1px solid var(--rule);border-radius:3px;padding:0 5px;font-size:11.5px;color:var(--soft);
white-space:nowrap}
"""

_BLOCKS = """
section{margin-top:44px}
section>h2{border-top:2px solid var(--ink);padding-top:10px;margin-bottom:6px;display:flex;
justify-content:space-between;align-items:baseline;gap:16px}
section>h2 a{font-size:12px;font-weight:400;color:var(--soft);letter-spacing:0}
section>p{color:var(--soft);max-width:46em;margin-bottom:14px}
&.cell section>h2 a{display:none}
&.cell h1{font-size:22px}
&.cell .verdict{font-size:17px;margin-top:14px}
&.cell .counts{margin-top:16px}
&.cell .counts dd{font-size:18px}
&.cell section>h2{font-size:16px;border-top-width:1px;padding-top:8px}
&.cell .kicker{display:none}
&.cell section{margin-top:30px}
.counts{display:flex;flex-wrap:wrap;gap:14px 40px;margin-top:26px}
.counts div{min-width:76px}
.counts dt{color:var(--soft);font-size:12px}
.counts dd{font-size:24px;line-height:1.2;font-weight:600;letter-spacing:-.015em}
.counts dd small{font-size:13px;font-weight:400;letter-spacing:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:0 20px;margin-top:10px;
list-style:none}
.tiles li{list-style:none;border-bottom:1px solid var(--rule)}
.tiles a{display:block;padding:10px 0 9px}
.tiles a:hover b{color:var(--sea)}
.tiles b{display:block;font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;
line-height:1.35}
.tiles small{display:flex;justify-content:space-between;gap:8px;line-height:1.4;white-space:nowrap;
font-size:11.5px}
.tiles svg,.tiles .plain{margin:5px 0 0}
.tiles .plain{height:30px;display:flex;align-items:flex-end;color:var(--soft);font-size:12px;
line-height:1.2;border-bottom:1px solid var(--rule)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,500px),1fr));gap:0 44px}
.cards.long{grid-template-columns:minmax(0,1fr)}
.card{border-top:1px solid var(--rule);padding:18px 0 30px;min-width:0;break-inside:avoid}
.card>header,.head{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 10px;margin:0 0 12px}
.card .no{color:var(--soft);font-size:12px;min-width:1.6em}
.card>header .end{margin-left:auto}
.card h4{margin:14px 0 3px;display:flex;justify-content:space-between;gap:12px}
.wide{display:block}
.two{display:grid;grid-template-columns:minmax(0,1.22fr) minmax(0,1fr);gap:8px 44px}
.two>div>h4:first-child{margin-top:0}
dl.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(92px,1fr));gap:8px 14px;
margin-top:14px}
dl.facts div{min-width:0}
dl.facts dt{color:var(--soft);font-size:11.5px;line-height:1.35}
dl.facts dd{font-size:13.5px;line-height:1.35}
dl.facts.row{display:flex;flex-wrap:wrap;gap:6px 10px;margin-top:10px}
dl.facts.row div{flex:1 1 50px;min-width:min-content;max-width:90px}
dl.facts.times div{flex-basis:88px}
dl.facts.row dt,dl.facts.row dd{overflow-wrap:normal}
dl.facts dd{overflow-wrap:break-word}
dl.facts.row dd{font-size:13px}
.drawn{position:relative}
.drawn .aside{position:absolute;top:0;right:0;font-size:11.5px;color:var(--soft);text-align:right;
max-width:60%}
.drawn .aside.left{right:auto;left:0;text-align:left}
.note{color:var(--soft);font-size:12px;margin-top:8px}
.why{margin:0 0 14px;max-width:52em}
section>.legend{margin:2px 0 16px}
.legend{display:flex;flex-wrap:wrap;gap:3px 18px;color:var(--soft);font-size:12px;align-items:center}
.legend span{display:inline-flex;align-items:center;gap:6px}
.legend i{display:inline-block;width:16px;height:10px;border-radius:1px}
.legend i.k-now{height:0;border-top:2px solid var(--sea)}
.legend i.k-was{background:var(--mist);border-top:1.5px solid var(--grey)}
.legend i.k-gate{width:0;height:11px;border-left:1.5px dashed var(--ember);margin:0 4px}
footer{margin-top:56px;border-top:1px solid var(--rule);padding-top:10px;color:var(--soft);font-size:12px;
max-width:none}
footer p{max-width:60em}
details summary{cursor:pointer;color:var(--soft);padding:4px 0}
details[open]>summary{margin-bottom:6px}
"""

_TABLES = """
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px;background:none}
table.fit{width:auto}
tr{background:none!important}
th,td{padding:7px 20px 7px 0;border:0;border-bottom:1px solid var(--rule);vertical-align:baseline;
text-align:left;font-weight:400;max-width:none}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--soft);font-size:12px;border-bottom-color:var(--grey);padding-top:0;
vertical-align:bottom;white-space:nowrap}
th small{font-weight:400}
tbody th{font-weight:600;min-width:88px}
.n{text-align:right;white-space:nowrap}
.t{white-space:nowrap}
td.draw{width:34%;min-width:190px;vertical-align:middle}
tr:has(+tr.under) th,tr:has(+tr.under) td{border-bottom:0;padding-bottom:0}
tr.under td{padding-top:1px}
.card table{font-size:12.5px}
.card table th,.card table td{padding:4px 14px 4px 0}
.card .two table{margin-bottom:8px}
.sides{margin-top:16px}
.card .sides td,.card .sides th{padding-right:0}
.card .sides td,.card .sides thead th+th{padding-left:8px;white-space:normal}
.sides td,.sides th{overflow-wrap:normal}
.sides tbody th{white-space:nowrap}
.card .sides tbody th{font-weight:400;color:var(--soft);min-width:66px}
.findings .axis{margin-top:-4px}
.finding{border-top:1px solid var(--rule);padding:7px 0 9px}
.finding:first-child{border-top:0;padding-top:0}
.findings+dl.facts{grid-template-columns:repeat(auto-fit,minmax(124px,1fr))}
.finding p:first-child{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 8px}
.finding .end{margin-left:auto;white-space:nowrap}
.finding svg{margin:3px 0 2px}
.finding small{line-height:1.4}
thead .axis{font-weight:400;margin-bottom:-5px}
table.checks{table-layout:fixed}
.checks th:nth-child(1){width:30%}
.checks th:nth-child(2){width:96px}
.checks th:nth-child(4){width:28%}
.card tbody th small{font-weight:400}
.card td.draw{min-width:110px}
.long>.card,&.cell>.card{container-type:inline-size}
.card th.cut{font-weight:500}
.cut{max-width:150px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-width:0}
th.long{font-weight:500;min-width:180px}
.after{margin-top:22px}
.apart{max-width:760px}
header+.apart,.counts+.apart{margin-top:26px}
tr.group th{padding-top:20px;color:var(--soft);font-weight:400}
"""

_TURNED = """
.card table@{display:flex;font-size:12.5px}
.card table@ thead,.card table@ tbody{display:contents}
.card table@ tr{display:block;flex:1 1 auto}
.card table@ thead tr{flex:0 1 auto}
.card table@ thead tr>th,.card table@ tbody tr>th,.card table@ tbody tr>td{display:block;
height:2em;line-height:2em;padding:0 0 0 10px;font-size:inherit;white-space:nowrap;text-align:right;
box-sizing:border-box;min-width:0}
.card table@ thead tr>th{padding-left:0;text-align:left;border-bottom-color:var(--rule)}
.card table@ tr>th:first-child{border-bottom-color:var(--grey)}
"""
"""A table of two wide rows with its columns under each other, where they have no room beside each other."""

_DRAWN = """
svg{display:block;width:100%;overflow:visible}
svg path{vector-effect:non-scaling-stroke}
.spark{height:30px}
.plot{height:112px}
.tall{height:128px}
.gap{height:56px}
.fan{height:104px}
.heat{height:104px}
.strip{height:16px}
.low{height:40px}
.line{height:18px}
.rail{height:14px}
.days{height:100%}
.bar{fill:var(--wave)}
.base{stroke:var(--grey);stroke-width:1;fill:none}
.grid{stroke:var(--rule);fill:none;stroke-width:1}
.was{fill:var(--mist);stroke:var(--grey);stroke-width:1}
.under{fill:var(--sea);fill-opacity:.14}
.now{stroke:var(--sea);stroke-width:2;fill:none;stroke-linejoin:round}
.thin{stroke:var(--sea);stroke-width:1;fill:none}
.thick{stroke:var(--sea);stroke-width:5;fill:none}
.dot{stroke:var(--sea);stroke-width:8;stroke-linecap:round;fill:none}
.tick{stroke:var(--ink);stroke-width:2;fill:none}
.hole{stroke:var(--paper);stroke-width:3.5;stroke-linecap:round;fill:none}
.outer{fill:var(--pale)}
.inner{fill:var(--sea);fill-opacity:.45}
.mid{stroke:var(--ink);stroke-width:1.4;fill:none;stroke-linejoin:round}
.gate{stroke:var(--ember);stroke-width:1.5;stroke-dasharray:3 3;fill:none}
.zone{fill:var(--blush)}
.alarm{fill:var(--ember)}
.alarm-line{stroke:var(--ember);stroke-width:1.5;fill:none}
.alarm-dot{stroke:var(--ember);stroke-width:8;stroke-linecap:round;fill:none}
.alarm-thin{stroke:var(--ember);stroke-width:1.4;fill:none}
.soft-line{stroke:var(--soft);stroke-width:1.2;fill:none}
.soft-dot{stroke:var(--soft);stroke-width:7;stroke-linecap:round;fill:none}
.allowed{fill:var(--pale)}
.bound{stroke:var(--sea);stroke-width:2;fill:none}
.between{fill:var(--sea);fill-opacity:.16}
.was-dot{stroke:var(--grey);stroke-width:8;stroke-linecap:round;fill:none}
.more{fill:var(--sea);fill-opacity:.5}
.less{fill:var(--grey);fill-opacity:.5}
.heat-map{width:auto;font-size:11px;overflow:visible}
.heat-map text{fill:var(--ink);text-anchor:middle}
.heat-map .deep{fill:var(--paper)}
.heat-map .soft{fill:var(--soft);font-size:11px}
.heat-map .name{text-anchor:start}
.zero{fill:var(--wash);background:var(--wash)}
.heat-map .none{fill:none;stroke:var(--rule)}
.ramp.map-key{justify-content:flex-start;margin-bottom:10px}
.cells path{shape-rendering:crispEdges;fill:none;stroke-width:1;vector-effect:none}
.axis{position:relative;height:18px;font-size:11px;line-height:18px;color:var(--soft)}
.axis span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.axis span.first{transform:none}
.axis span.last{transform:translateX(-100%)}
.axis span:before{content:"";position:absolute;left:50%;top:0;height:4px;
border-left:1px solid var(--grey)}
.axis span.first:before{left:0}
.axis span.last:before{left:100%}
.scroll+.framed{margin-top:20px}
.framed{display:grid;grid-template-columns:88px minmax(0,1fr);column-gap:8px;align-items:stretch}
.framed .side{align-self:stretch;display:flex;flex-direction:column;justify-content:center;
margin-bottom:12px}
.framed .name{width:100%;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;font-size:11px;
line-height:1.3;color:var(--soft);text-align:right;align-self:center}
.framed>div{min-width:0}
.framed h4{margin:0}
.framed .row{margin-bottom:12px}
.framed .tight{margin-bottom:3px}
.share{height:20px}
.mini{height:12px}
.calendar{display:grid;grid-template-columns:28px minmax(0,1fr);column-gap:6px}
.days{height:100%}
.weekdays{display:grid;grid-template-rows:repeat(7,minmax(0,1fr));font-size:10.5px;color:var(--soft);
text-align:right;line-height:0}
.weekdays span{align-self:center}
.usual{fill:var(--grey);fill-opacity:.55}
.unjudged{fill:var(--mist)}
.legend i.dot-usual,.legend i.dot-unjudged{width:6px;height:6px;background:var(--grey);opacity:.55}
.legend i.dot-unjudged{background:var(--mist);opacity:1}
.ramp-key{margin-top:10px}
.apart-head{margin:30px 0 8px}
.ramp{display:flex;justify-content:flex-end;align-items:center;gap:0;font-size:11px;color:var(--soft);
height:14px;line-height:14px;white-space:pre}
.ramp i{display:block;width:12px;height:7px}
.contents{display:flex;flex-wrap:wrap;gap:2px 18px;margin-top:30px;font-size:13px}
.contents a{color:var(--sea)}
.scale{position:relative;height:100%;font-size:11px;color:var(--soft)}
.scale span{position:absolute;right:0;transform:translateY(-50%);white-space:nowrap;line-height:1}
.scale span.first{transform:none}
.scale span.last{transform:translateY(-100%)}
.top{display:grid;grid-template-columns:minmax(40px,max-content) minmax(60px,1fr) max-content max-content;
gap:3px 12px;font-size:12.5px;line-height:1.4;align-items:center}
.top span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;max-width:190px}
.top em{font-style:normal;text-align:right}
.top em.soft{font-size:12px;min-width:3.4em}
.top i{display:block;height:9px;background:var(--wave);min-width:1px;border-radius:0 1px 1px 0}
.top i.rest{background:var(--mist)}
.split{display:flex;height:9px;gap:1px}
.split i{display:block;min-width:1px;background:var(--wave)}
.split i.b{background:var(--grey)}
.split i.c{background:var(--mist)}
"""

_NARROW = """
.card .sides{font-size:11px}
.card .sides thead th+th,.card .sides td{padding-left:5px}
.card .sides tbody th{min-width:0}
.stack,.stack tbody,.stack tr,.stack td,.stack tbody th{display:block;width:auto!important}
.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stack tr{border-bottom:1px solid var(--rule);padding:9px 0 10px}
.stack td,.stack tbody th{border:0;padding:1px 0;text-align:left;white-space:normal}
.stack td.draw{padding:5px 0 0}
.checks.stack td:nth-child(2){float:left;margin-right:12px}
.checks.stack td:nth-child(3){overflow:hidden}
.checks.stack td.draw{clear:left}
.stack td:empty{display:none}
.windows td:nth-child(3):not(:empty):before{content:"strangeness "}
.rest td:nth-child(5):before{content:"could show "}
.segments.stack td.n,.conditions.stack td.n{display:inline-block;margin-right:12px}
.conditions td:nth-child(3):before{content:"passed "}
.conditions td:nth-child(4):before{content:"failed "}
.conditions td:nth-child(5):before{content:"unknown "}
.segments td:nth-child(2):before{content:"records "}
.segments td:nth-child(3):before{content:"share "}
.segments td:nth-child(4):not(:empty):before{content:"most nulls: "}
.segments td:nth-child(5):not(:empty):before{content:"differs most in "}
.calendar .axis span:nth-child(even){display:none}
&.page{padding:26px 18px 40px}
h1{font-size:26px}
.verdict{font-size:18px;gap:9px}
section{margin-top:34px}
.counts{gap:12px 26px}
.counts dd{font-size:20px}
.tiles{grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:0 16px}
.framed{grid-template-columns:62px minmax(0,1fr);column-gap:6px}
th,td{padding-right:14px}
.apart th,.apart td{padding-right:10px}
.apart tbody th{min-width:0}
.top span{max-width:120px}
.card td.draw{min-width:56px}
.card .cut{max-width:84px}
.card .two table:not(.sides){font-size:11.5px}
.card .two table:not(.sides) th,.card .two table:not(.sides) td{padding-right:8px}
"""

_TIGHT = """
.rest td:not(:last-child),.rest th:not(:last-child){padding-right:12px}
.rest thead th{white-space:normal;overflow-wrap:normal}
.rest td.draw{width:26%;min-width:180px}
.rest td.n small{white-space:normal}
.rest thead .axis span:nth-child(3){display:none}
"""

_MIDDLE = """
.two{grid-template-columns:minmax(0,1fr)}
"""

_WIDE = """
.sheet{max-width:1640px}
.tiles{grid-template-columns:repeat(auto-fill,minmax(164px,1fr))}
.cards.long{grid-template-columns:repeat(2,minmax(0,1fr))}
"""

_PRINT = """
&{font-size:9pt;line-height:1.42;-webkit-print-color-adjust:exact;print-color-adjust:exact}
&.page{padding:0}
.sheet{max-width:none}
h1{font-size:22pt}
h2{font-size:13pt}
h3{font-size:10.5pt}
.verdict{font-size:13pt;margin-top:12pt}
.counts{margin-top:14pt}
.counts dd{font-size:15pt}
section{margin-top:20pt}
section>h2 a,.no-print{display:none}
section>p{orphans:3;widows:3;margin-bottom:8pt}
h1,h2,h3,h4,section>p,section>.legend,.card>header,.why{break-after:avoid}
tr,.card,.counts,.tiles li,.row,.finding,figure{break-inside:avoid}
.cards{display:block;columns:2;column-gap:22pt}
.cards.long{columns:1}
.tiles{grid-template-columns:repeat(5,minmax(0,1fr));gap:0 14pt}
.card{padding:8pt 0 12pt}
.two{grid-template-columns:minmax(0,1.25fr) minmax(0,1fr);gap:0 20pt}
thead{display:table-header-group}
footer{margin-top:14pt;break-before:avoid}
.scroll{overflow:visible}
a{text-decoration:none!important}
details>summary{display:none}
details::details-content{content-visibility:visible!important;display:block!important;
height:auto!important}
.plot,.tall{height:58pt}
.gap{height:34pt}
.fan{height:56pt}
.heat{height:58pt}
.card h4{margin:8pt 0 2pt}
dl.facts{margin-top:6pt;gap:4pt 8pt;grid-template-columns:repeat(auto-fill,minmax(62pt,1fr))}
dl.facts.row{gap:3pt 4pt}
dl.facts.row div{flex-basis:22pt;max-width:50pt}
dl.facts.times div{flex-basis:42pt}
dl.facts dt{font-size:7.5pt}
dl.facts dd{font-size:8pt}
dl.facts.row dt,dl.facts.row dd{font-size:7pt}
table{font-size:8.5pt}
th,td{padding:4pt 10pt 4pt 0}
.card table{font-size:8pt}
.card table th,.card table td{padding:2.5pt 7pt 2.5pt 0}
.card .sides td,.card .sides th{font-size:7.5pt;padding-right:0}
.card table.turned{font-size:7.5pt}
.card td.draw{min-width:70pt}
td.draw{min-width:110pt}
.cut{max-width:80pt}
.card .sides tbody th{min-width:0}
.framed{grid-template-columns:68pt minmax(0,1fr)}
.framed .row,.framed .side{margin-bottom:6pt}
.framed .tight{margin-bottom:2pt}
"""


def style_sheet() -> str:
    """Return the style element of a report or a fragment.

    Example:
        >>> style_sheet().count("<style>")
        1
    """
    light, dark = variables(dark=False), variables(dark=True)
    steps = "".join(f".s{n}{{stroke:var(--s{n})}}i.s{n}{{background:var(--s{n})}}" for n in range(SEA_STEPS))
    for n in range(EMBER_STEPS):
        steps += f".e{n}{{stroke:var(--e{n})}}.e{n}.cell-day{{fill:var(--e{n});stroke:none}}"
        steps += f"i.e{n}{{background:var(--e{n})}}"
    for sign, name, places in (("p", "s", POSITIVE), ("m", "e", NEGATIVE)):
        for deep, place in enumerate(places, 1):
            steps += f".{sign}{deep}{{fill:var(--{name}{place});background:var(--{name}{place})}}"
    return (
        f"<style>{SCOPE}{{color-scheme:light dark;{light}}}"
        f"@media(prefers-color-scheme:dark){{{SCOPE}{{{dark}}}}}"
        f"{','.join(_DARK_PAGES)}{{{dark}}}{','.join(_LIGHT_PAGES)}{{{light}}}"
        f"{scoped(_TYPE + _BLOCKS + _TABLES + _DRAWN + steps)}"
        f"{scoped(_TURNED.replace('@', '.turned'))}"
        f"@container(max-width:800px){{{scoped(_MIDDLE)}}}"
        f"@container(max-width:430px){{{scoped(_TURNED.replace('@', '.sides'))}}}"
        f"@media screen and (max-width:920px){{{scoped(_TIGHT)}}}"
        f"@media screen and (max-width:760px){{{scoped(_NARROW)}}}"
        f"@media screen and (min-width:1500px){{{scoped(_WIDE, '.page')}}}"
        f"@media print{{{SCOPE}{{{light}}}{scoped(_PRINT)}}}"
        "@page{margin:15mm 14mm 17mm;@bottom-right{content:counter(page) ' / ' counter(pages);"
        "font:8pt system-ui,sans-serif;color:#506169}}</style>"
    )


def scoped(rules: str, state: str = "") -> str:
    """Put the scope in front of every selector; ``&`` stands for the scope itself.

    Args:
        rules: Plain rules, without rules inside of rules.
        state: Added to the scope: ``.page`` for what holds on pages of its own only.

    Example:
        >>> scoped("b,&.page i{color:red}")
        '.tgr b,.tgr.page i{color:red}'
    """
    scope = SCOPE + state
    written = ""
    for rule in rules.replace("\n", "").split("}")[:-1]:
        selectors, body = rule.split("{")
        placed = (
            selector.replace("&", scope) if "&" in selector else f"{scope} {selector}"
            for selector in selectors.split(",")
        )
        written += f"{','.join(placed)}{{{body}}}"
    return written

"""The notebook's look: colours, type and spacing, scoped to `.tidegauge`, for light and for dark pages.

Ink and paper come from the notebook's own theme where it tells them (JupyterLab's and VS Code's
variables), so that we look at home in any of them; elsewhere from ``prefers-color-scheme``.
"""

_LIGHT = "--p:#fff;--i:#14242e;--m:#5b6d78;--r:#e3e9ec;--b:#1f7f95;--s:#c7e0e6;--w:#b4530f;--h:#f4f8f9"
_DARK = "--p:#10181d;--i:#e2eaee;--m:#93a5af;--r:#27343b;--b:#4fb6cc;--s:#1e4450;--w:#f0a35e;--h:#172227"

_DARK_PAGES = (
    '[data-jp-theme-light="false"] .tidegauge',
    ".vscode-dark .tidegauge",
    ".vscode-high-contrast .tidegauge",
    'html[theme="dark"] .tidegauge',
    'html[data-theme="dark"] .tidegauge',
    'body[data-md-color-scheme="slate"] .tidegauge',
)
_LIGHT_PAGES = (
    '[data-jp-theme-light="true"] .tidegauge',
    ".vscode-light .tidegauge",
    'html[theme="light"] .tidegauge',
    'html[data-theme="light"] .tidegauge',
    'body[data-md-color-scheme="default"] .tidegauge',
)

_RULES = """
.tidegauge{background:var(--vscode-editor-background,var(--jp-layout-color0,var(--p)));
color:var(--vscode-editor-foreground,var(--jp-content-font-color1,var(--i)));
font:13px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
font-variant-numeric:tabular-nums;padding:14px 16px;border-radius:6px;max-width:1080px;overflow-x:auto;
box-sizing:border-box;text-align:left}
.tidegauge header{margin:0 0 10px;display:block}
.tidegauge header b{font-size:17px;font-weight:650;letter-spacing:-.01em;margin-right:10px;
overflow-wrap:anywhere}
.tidegauge header span{color:var(--m);white-space:nowrap}
.tidegauge header span+span:before{content:"·";margin:0 6px}
.tidegauge table{border-collapse:collapse;table-layout:auto;border:0;
margin:0;width:auto;min-width:min(100%,820px);
font-size:inherit;color:inherit}
.tidegauge tr{background:none!important;border:0}
.tidegauge tbody tr:hover{background:var(--h)!important}
.tidegauge th,.tidegauge td{padding:6px 26px 6px 0;border:0;border-bottom:1px solid var(--r);
text-align:left;
vertical-align:middle;font-weight:400;max-width:none;white-space:nowrap}
.tidegauge th:last-child,.tidegauge td:last-child{padding-right:4px}
.tidegauge thead th{color:var(--m);font-size:11px;letter-spacing:.02em;padding-bottom:4px;background:none}
.tidegauge .n{text-align:right}
.tidegauge tbody th b{font-weight:600;display:block;max-width:240px;overflow:hidden;text-overflow:ellipsis}
.tidegauge small{color:var(--m);font-size:11px}
.tidegauge .role{border:1px solid var(--r);border-radius:3px;padding:0 4px;margin-left:5px}
.tidegauge .w{color:var(--w);font-weight:600}
.tidegauge .meter{display:block;height:3px;margin-top:3px;border-radius:2px;background:var(--r);
min-width:44px}
.tidegauge .meter i{display:block;height:3px;border-radius:2px;background:var(--w)}
.tidegauge svg{display:block;overflow:visible}
.tidegauge .bar{fill:var(--b)}.tidegauge .axis{stroke:var(--r);fill:none}
.tidegauge .line{stroke:var(--b);fill:none;stroke-width:1.4;stroke-linejoin:round}
.tidegauge .area{fill:var(--w)}.tidegauge .dot{fill:var(--b)}.tidegauge .dot.area{fill:var(--w)}
.tidegauge .ends{display:flex;min-width:max-content;justify-content:space-between;gap:10px;
font-size:10.5px;line-height:1.3;color:var(--m)}
.tidegauge .top{display:grid;width:190px;grid-template-columns:minmax(46px,max-content) 1fr max-content;
gap:1px 8px;
font-size:11.5px;line-height:1.35;align-items:center}
.tidegauge .top span{overflow:hidden;text-overflow:ellipsis;max-width:112px}
.tidegauge .top i{height:7px;border-radius:1px;background:var(--b);min-width:1px}
.tidegauge .top em{font-style:normal;color:var(--m);text-align:right}
.tidegauge .wide .top{width:auto}.tidegauge .wide .top span{max-width:300px}
.tidegauge .wide .top i{height:9px}
.tidegauge dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(112px,1fr));gap:10px 16px;
margin:0 0 14px;max-width:700px}
.tidegauge dl div{min-width:0}
.tidegauge dt,.tidegauge dd{float:none;padding:0}
.tidegauge dt{color:var(--m);font-size:11px;font-weight:400;margin:0}
.tidegauge dd{margin:0;font-size:14px;overflow:hidden;text-overflow:ellipsis}
.tidegauge .wide{max-width:560px;margin:0 0 14px}
.tidegauge h4{font-size:11px;font-weight:400;color:var(--m);margin:0 0 5px;letter-spacing:.02em}
.tidegauge p{margin:8px 0 12px;color:var(--m);font-size:12px}
"""


def style_sheet() -> str:
    """Return the style element that every fragment begins with.

    Example:
        >>> style_sheet().startswith("<style>.tidegauge{")
        True
    """
    dark, light = ",".join(_DARK_PAGES), ",".join(_LIGHT_PAGES)
    rules = _RULES.replace("\n", "")
    return (
        f"<style>.tidegauge{{{_LIGHT}}}@media(prefers-color-scheme:dark){{.tidegauge{{{_DARK}}}}}"
        f"{dark}{{{_DARK}}}{light}{{{_LIGHT}}}{rules}</style>"
    )

"""A Result as one page: a file that reads by itself, without a network, a script or a style sheet beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from dkcrm import __version__
from dkcrm.i18n import _, language
from dkcrm.render.svg import MOST, svg, text
from dkcrm.render.text import absolute, plain
from dkcrm.result import Chart, Column, Result

# What is forbidden here could not even be asked for by something that had slipped through: nothing is loaded.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root{color-scheme:light dark;--ink:#1c2330;--dim:#5b6675;--line:#d8dee6;--paper:#fff;--band:#f5f7fa;
--s0:#2460a7;--s1:#c05a00;--s2:#2c7a4b}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--dim:#9aa6b5;--line:#39424f;--paper:#15191f;--band:#1d232b;
--s0:#6cb0f5;--s1:#f2a154;--s2:#6fcf8f}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:64rem;margin:0 auto;padding:2rem 1.25rem 3rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .75rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:0 0 1.75rem;color:var(--dim)}
dd{margin:0;color:var(--ink);overflow-wrap:anywhere}
figure{margin:0 0 2rem}
figcaption{font-weight:600;margin-bottom:.35rem}
.key{font-weight:400;color:var(--dim);margin-left:1rem;white-space:nowrap}
.key i{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.35em;vertical-align:-.05em}
svg{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",sans-serif}
svg text{fill:var(--ink)}svg .mark,svg .value{fill:var(--dim)}svg .grid{stroke:var(--line)}
.s0{fill:var(--s0);background:var(--s0)}.s1{fill:var(--s1);background:var(--s1)}.s2{fill:var(--s2);background:var(--s2)}
path{fill:none;stroke-width:2;stroke-linejoin:round}.l0{stroke:var(--s0)}.l1{stroke:var(--s1)}.l2{stroke:var(--s2)}
.more{color:var(--dim);margin:.25rem 0 0}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line);max-width:22rem;
overflow-wrap:break-word}
th{white-space:nowrap;border-bottom:2px solid var(--line)}
tbody tr:nth-child(even){background:var(--band)}
.n{text-align:right}.n,.w{white-space:nowrap}
@media screen and (max-width:40rem){td:not([class]){min-width:10rem}}
footer{margin-top:2rem;color:var(--dim);font-size:.85rem}
@media print{:root{color-scheme:light;--ink:#000;--dim:#444;--line:#bbb;--paper:#fff;--band:#fff;--s0:#2460a7;
--s1:#c05a00;--s2:#2c7a4b}
@page{margin:14mm}body{font-size:9pt}main{max-width:none;padding:0}.wide{overflow:visible}
th,td{padding:.25rem .4rem;max-width:14rem}
figure,tr,h1,dl{break-inside:avoid}thead{display:table-header-group}
.s0,.s1,.s2{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""


def write_page(out: TextIO, result: Result, now: str) -> None:
    """Write a result as a page: its title, facts, charts and rows; ``now`` (ISO 8601 UTC) is when it was made."""
    for part in _page(result, now):
        out.write(part)


def _page(result: Result, now: str) -> Iterator[str]:
    yield (
        f'<!DOCTYPE html>\n<html lang="{text(language())}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="dkcrm {__version__}">\n'
        f"<title>{text(result.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{text(result.title)}</h1>\n<dl>\n"
    )
    for name, value in [*result.facts, (_("Made"), absolute(now))]:
        yield f"<dt>{text(name)}</dt><dd>{text(value)}</dd>\n"
    yield "</dl>\n"
    for nth, chart in enumerate(result.charts):
        yield _figure(chart, f"c{nth}")
    yield from _table(result)
    yield f"<footer>dkcrm {__version__}</footer>\n</main>\n</body>\n</html>\n"


def _figure(chart: Chart, name: str) -> str:
    keys = ""
    if len(chart.series) > 1:
        keys = "".join(
            f'<span class="key"><i class="s{nth}"></i>{text(one.title)}</span>' for nth, one in enumerate(chart.series)
        )
    more = ""
    if not chart.time and len(chart.rows) > MOST:
        told = _("The first {shown} of {count}; the table has all.").format(shown=MOST, count=len(chart.rows))
        more = f'<p class="more">{text(told)}</p>'
    return f"<figure>\n<figcaption>{text(chart.title)}{keys}</figcaption>\n{svg(chart, name)}{more}\n</figure>\n"


def _table(result: Result) -> Iterator[str]:
    columns = list(result.columns)
    count = 0
    for row in result.rows:
        if not count:
            yield '<div class="wide"><table>\n<thead><tr>'
            yield from (f'<th scope="col"{_side(column)}>{text(column.title)}</th>' for column in columns)
            yield "</tr></thead>\n<tbody>\n"
        count += 1
        cells = (f"<td{_side(column)}>{text(_shown(column, row.get(column.key)))}</td>" for column in columns)
        yield f"<tr>{''.join(cells)}</tr>\n"
    yield "</tbody>\n</table></div>\n" if count else f"<p>{text(_('There is nothing to show.'))}</p>\n"


def _side(column: Column) -> str:
    if column.look in ("number", "share"):
        return ' class="n"'
    return ' class="w"' if column.look in ("type", "state", "time") else ""


def _shown(column: Column, value: object) -> str:
    if column.look == "share" and isinstance(value, (int, float)):
        return f"{value:.1%}"
    if column.look == "time" and isinstance(value, str):
        return absolute(value)
    return plain(value)

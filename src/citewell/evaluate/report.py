"""A run, or two compared, as one page of HTML that needs nothing else: no network, no other file, no script either."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib import resources

from citewell.evaluate.comparison import Comparison
from citewell.evaluate.concern import pairs_of
from citewell.evaluate.figures import Summary
from citewell.evaluate.markup import escape
from citewell.evaluate.outcome import Run
from citewell.evaluate.report_cases import case_list
from citewell.evaluate.report_headline import headline, measures, verdict_words
from citewell.evaluate.report_plots import plots
from citewell.evaluate.report_provenance import provenance
from citewell.evaluate.report_slices import slices


def html_report(
    summary: Summary, run: Run, comparison: Comparison | None = None, documents: Mapping[str, str] | None = None
) -> str:
    """The whole page.

    :param run: The newer run where two are compared.
    :param documents: Id → text, for the passages around evidence and quotations; without it they are left out.
    """
    pairs = pairs_of(run, comparison)
    parts = [
        ("measures", "Measures", measures(summary, comparison)),
        ("failures", "Confidence and failures", plots(summary)),
        ("tags", "Tags", slices(run, comparison)),
        ("cases", f"Cases <small>{len(pairs):,}</small>", case_list(pairs, documents)),
        ("provenance", "Provenance", provenance(run, comparison)),
    ]
    sections = "".join(
        f'<section id="{name}" aria-labelledby="{name}-h"><h2 id="{name}-h">{title}</h2>{content}</section>'
        for name, title, content in parts
    )
    links = "".join(f'<a href="#{name}">{name.capitalize()}</a>' for name, _, _ in parts)
    verdict = verdict_words(comparison.verdict if comparison else None, summary)[1]
    page = f"{top(run, comparison, links)}<main>{headline(summary, comparison)}{sections}</main>"
    # Half a pair of surrogates, which JSON can smuggle in, can't be written to a file.
    return document(f"{verdict} · Citewell evaluation", page).encode("utf-8", "replace").decode("utf-8")


def top(run: Run, comparison: Comparison | None, links: str) -> str:
    """The page's head: what was run, when, and against what."""
    against = f"; before: <b>{moment(comparison.before)}</b>" if comparison else ""
    return (
        f'<a class="skip" href="#cases">Skip to the cases</a><header><h1>Citewell evaluation</h1>'
        f"<p><code>{escape(run.provenance.suite_path)}</code>, run <b>{moment(run)}</b>{against}</p>"
        f'<nav aria-label="Parts of the report">{links}</nav></header>'
    )


def moment(run: Run) -> str:
    """When a run was made and with which code, in a few words."""
    code = f" at {escape(run.provenance.code[:12])}" if run.provenance.code else ""
    return f"{escape(run.started[:16].replace('T', ' '))}{code}"


def document(title: str, page: str) -> str:
    """A page with its style and its script inside; its policy lets nothing else run and nothing be loaded."""
    style, script = asset("report.css"), asset("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'<meta name="referrer" content="no-referrer"><title>{escape(title)}</title><style>{style}</style></head>'
        f"<body>{page}<script>{script}</script></body></html>\n"
    )


def asset(name: str) -> str:
    """A file that belongs to the page."""
    return resources.files("citewell").joinpath("evaluate/assets", name).read_text(encoding="utf-8")

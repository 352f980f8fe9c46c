"""What the runs of a report depend on, with what differs between them marked."""

from __future__ import annotations

from dataclasses import fields

from citewell.evaluate.comparison import Comparison
from citewell.evaluate.markup import escape, heads, table
from citewell.evaluate.outcome import Provenance, Run

TITLES = {
    "corpus": "Documents",
    "index": "Index",
    "encoder": "Encoder",
    "weights": "Weights",
    "settings": "Settings",
    "suite": "Suite",
    "suite_path": "Suite’s file",
    "version": "Citewell",
    "code": "Revision of the code",
    "python": "Python",
    "seed": "Seed",
    "threshold": "Least confidence of an answer",
    "passages": "Passages",
    "index_bytes": "Bytes of the index",
}


def provenance(run: Run, comparison: Comparison | None) -> str:
    """A table of everything that the results depend on."""
    if not comparison:
        rows = "".join(row(name, (value,)) for name, value in facts(run).items())
        return table(heads("", "This run"), rows, caption="What the run depends on", kind="facts") + notes(run, "Notes")
    old, new = facts(comparison.before), facts(comparison.after)
    names = dict.fromkeys([*old, *new])
    rows = "".join(row(name, (old.get(name, ""), new.get(name, ""))) for name in names)
    shown = table(heads("", "Before", "Now", "Differs"), rows, caption="What the runs depend on", kind="facts")
    return shown + notes(comparison.before, "Notes of the run before") + notes(comparison.after, "Notes of the run now")


def facts(run: Run) -> dict[str, str]:
    """Title → value, for each thing that a run depends on."""
    found = {"Started": run.started, "Seconds": f"{run.seconds:,.1f}"}
    for each in fields(Provenance):
        value = getattr(run.provenance, each.name)
        if each.name == "libraries":
            found |= {f"Library {name}": version for name, version in sorted(value.items())}
        else:
            found[TITLES[each.name]] = f"{value:,}" if each.name in ("passages", "index_bytes") else str(value)
    return found


def row(title: str, values: tuple[str, ...]) -> str:
    """One fact of one run or of two; when the runs were made is no difference."""
    differs = len(set(values)) > 1 and title not in ("Started", "Seconds")
    shown = values if len(set(values)) > 1 else values[:1]
    wide = f' colspan="{len(values)}"' if len(shown) < len(values) else ""
    cells = "".join(f"<td{wide}><code>{escape(value) or '–'}</code></td>" for value in shown)
    if len(values) > 1:
        cells += f"<td>{'≠ differs' if differs else '' if len(shown) > 1 else 'same'}</td>"
    return f'<tr{" class=differs" if differs else ""}><th scope="row">{escape(title)}</th>{cells}</tr>'


def notes(run: Run, title: str) -> str:
    """What a run noted about itself."""
    items = "".join(f"<li>{escape(each)}</li>" for each in run.notes)
    return f"<h3>{title}</h3><ul>{items}</ul>" if items else ""


def differing(comparison: Comparison) -> tuple[str, ...]:
    """The titles of what differs between two runs."""
    old, new = facts(comparison.before), facts(comparison.after)
    return tuple(
        name
        for name in dict.fromkeys([*old, *new])
        if name not in ("Started", "Seconds") and old.get(name) != new.get(name)
    )

"""What `citewell eval` accepts: its own commands with their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

EXCHANGED = ("beir", "squad", "trec")
Add = Callable[..., argparse.ArgumentParser]


def add_eval_commands(
    evaluation: argparse.ArgumentParser, common: argparse.ArgumentParser, path: Callable[[str], Path]
) -> None:
    """The commands below `citewell eval`; the command's name is kept in `eval_command`.

    :param common: Holds --index.
    :param path: Reads a path.
    """
    commands = evaluation.add_subparsers(title="commands", metavar="COMMAND", dest="eval_command", required=True)
    add_judging(commands.add_parser, common, path)
    add_making(commands.add_parser, common, path)


def add_judging(add: Add, common: argparse.ArgumentParser, path: Callable[[str], Path]) -> None:
    """Run a suite, compare runs, bless one."""
    run = add("run", parents=[common], help="ask every question of a suite and judge the answers")
    run.add_argument("suite", type=path, metavar="SUITE.jsonl")
    run.add_argument("--out", type=path, metavar="RUN.json", help="keep the run here")
    run.add_argument(
        "--baseline", type=path, metavar="FILE", help="compare with this blessed baseline, or an earlier run"
    )
    compare = add("compare", help="tell what got better and what got worse between two runs")
    compare.add_argument("before", type=path, metavar="A")
    compare.add_argument("after", type=path, metavar="B")
    for each in (run, compare):
        each.add_argument("--html", type=path, metavar="FILE", help="write a report for a browser")
        each.add_argument("--markdown", type=path, metavar="FILE", help="write a report for a pull request")
        each.add_argument("--json", action="store_true", help="print JSON and nothing else")
    compare.add_argument("--index", type=path, metavar="DIR", help="the index, to show sources in the report")
    bless = add("bless", help="make a run the baseline that later runs are judged by")
    bless.add_argument("run", type=path, metavar="RUN.json")
    bless.add_argument("--reason", required=True, metavar="TEXT", help="why these answers are right now")
    bless.add_argument("--baseline", type=path, metavar="FILE", help="where it goes (beside the suite)")
    matrix = add("matrix", parents=[common], help="measure several configurations on one suite")
    matrix.add_argument("suite", type=path, metavar="SUITE.jsonl")
    matrix.add_argument("configurations", type=path, metavar="CONFIGURATIONS.json")
    matrix.add_argument("--out", type=path, metavar="FOLDER", help="keep each configuration's run here")
    power = add("power", help="tell which drops a suite can see")
    power.add_argument("cases", metavar="SUITE|RUN|NUMBER", help="a suite, a run, or a number of cases")
    power.add_argument("--drop", type=share, default=0.05, metavar="SHARE", help="the drop that should be seen (0.05)")
    power.add_argument(
        "--flip", type=share, default=0.04, metavar="SHARE", help="cases that flip either way by chance (0.04)"
    )


def add_making(add: Add, common: argparse.ArgumentParser, path: Callable[[str], Path]) -> None:
    """Check suites, and make cases."""
    lint = add("lint", parents=[common], help="check a suite against the documents")
    lint.add_argument("suite", type=path, metavar="SUITE.jsonl")
    triage = add("triage", parents=[common], help="review candidates, e.g. from the chat's feedback, into cases")
    triage.add_argument("candidates", nargs="?", type=path, metavar="CANDIDATES.jsonl", help="none: the chat's")
    triage.add_argument("--suite", type=path, required=True, metavar="SUITE.jsonl", help="where accepted cases go")
    synth = add("synth", parents=[common], help="make cases from the documents by rules")
    synth.add_argument("--out", type=path, required=True, metavar="SUITE.jsonl")
    synth.add_argument(
        "--withhold",
        action="store_true",
        help="only questions that nothing answers once the documents named are removed",
    )
    synth.add_argument("--seed", type=int, default=1, metavar="N", help="of what is drawn (1)")
    take = add("import", help="take cases over from BEIR or SQuAD 2.0")
    take.add_argument("kind", choices=EXCHANGED[:2])
    take.add_argument("source", type=path, metavar="PATH", help="BEIR's folder, or SQuAD's JSON file")
    take.add_argument("--out", type=path, required=True, metavar="SUITE.jsonl")
    give = add("export", parents=[common], help="write a suite for other tools")
    give.add_argument("kind", choices=EXCHANGED)
    give.add_argument("suite", type=path, metavar="SUITE.jsonl")
    give.add_argument("--out", type=path, required=True, metavar="PATH")


def share(text: str) -> float:
    """A share between 0 and 1."""
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 < found < 1:
        raise argparse.ArgumentTypeError(f"expected a share between 0 and 1, found {text!r}")
    return found

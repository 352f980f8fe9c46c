"""A suite under pytest: `pytest --citewell SUITE.jsonl` makes every question a test of its own.

Each worker of pytest-xdist opens the index for itself; the controller puts the run together from the workers' reports.
Nothing heavy is imported before a suite is named: the plugin is loaded by every pytest in the environment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from citewell.evaluate.outcome import CaseResult, Run
    from citewell.evaluate.run import Asked
    from citewell.index import Index

SHOWN = 3  # excerpts in a failure's message
PLUGIN = "citewell-suite"
RESULT = "citewell_result"  # the attribute of a report that carries a result from a worker


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; paths are relative to where pytest is started."""
    group = parser.getgroup("citewell", "quality of answers")
    group.addoption("--citewell", type=Path, metavar="SUITE.jsonl", help="make each question of this suite a test")
    group.addoption("--citewell-index", type=Path, metavar="DIR", help="the index that is asked (as citewell --index)")
    group.addoption(
        "--citewell-baseline",
        type=Path,
        metavar="FILE",
        help="cases that fail in this baseline are expected to fail, and its gates hold",
    )
    group.addoption("--citewell-out", type=Path, metavar="RUN.json", help="keep the run here")


def pytest_configure(config: pytest.Config) -> None:
    """Take the suite for what is to be tested, unless other tests are named too."""
    config.addinivalue_line("markers", "citewell: a question of a suite, with its severity, tags and source")
    suite = config.getoption("--citewell")
    if suite is None:
        return
    if not suite.is_file():
        raise pytest.UsageError(f"--citewell: expected a suite of cases, found nothing at {suite}")
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        config.args.append(str(suite))
    else:
        config.args[:] = [str(suite)]
    config.pluginmanager.register(SuitePlugin(config), PLUGIN)


class SuitePlugin:
    """What is shared by all questions of a session: the index, the baseline, and the results so far."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.suite: Path = config.getoption("--citewell").resolve()
        self.results: dict[str, CaseResult] = {}
        self.lines: dict[str, int] = {}
        self._index: Index | None = None
        self._before: Run | None = None

    @property
    def index(self) -> Index:
        """The index, opened when the first question is asked."""
        if self._index is None:
            from citewell.evaluate.run import warm
            from citewell.index import open_index
            from citewell.places import index_folder

            self._index = open_index(index_folder(self.config.getoption("--citewell-index")))
            warm(self._index)
        return self._index

    @property
    def before(self) -> Run | None:
        """The baseline, where one is named."""
        path = self.config.getoption("--citewell-baseline")
        if path and self._before is None:
            from citewell.evaluate.baseline import load_baseline

            self._before = load_baseline(path)
        return self._before

    def failed_before(self, identifier: str) -> bool:
        """Whether a question failed in the baseline."""
        return self.before is not None and any(
            each.id == identifier and not each.passed for each in self.before.results
        )

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Collect the suite."""
        return SuiteFile.from_parent(parent, path=file_path, plugin=self) if file_path.resolve() == self.suite else None

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
        """Put a question's result into its report, which travels from a worker to the controller."""
        outcome: Any = yield
        if isinstance(item, QuestionItem) and call.when == "call" and item.result:
            setattr(outcome.get_result(), RESULT, asdict(item.result))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a result from a report."""
        if found := getattr(report, RESULT, None):
            from citewell.evaluate.outcome import result_from

            result = result_from(found)
            self.results[result.id] = result

    def run(self) -> Run:
        """All results so far as a run, in the order of the suite."""
        from datetime import UTC, datetime

        from citewell.evaluate.cases import read_suite
        from citewell.evaluate.outcome import Run
        from citewell.evaluate.plan import Plan
        from citewell.evaluate.provenance import provenance_of
        from citewell.evaluate.run import questions_of
        from citewell.settings import Settings

        cases = read_suite(self.suite)
        self.lines = {case.id: case.line for case in cases}
        provenance = provenance_of(self.index, cases, self.suite.as_posix(), Settings(), Plan())
        results = tuple(self.results[each.id] for each in questions_of(cases) if each.id in self.results)
        seconds = round(sum(result.milliseconds for result in results) / 1000, 3)
        return Run(datetime.now(UTC).isoformat(timespec="seconds"), seconds, provenance, results)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Write the run, the figures and what the gates say; on the controller alone."""
        if hasattr(self.config, "workerinput") or not self.results:
            return
        from citewell.evaluate.commands import outcome_of
        from citewell.evaluate.outcome import save

        found = self.run()
        if out := self.config.getoption("--citewell-out"):
            save(out, found)
        said = outcome_of(found, self.before, self.lines)
        terminalreporter.section("citewell")
        for line in said.lines:
            terminalreporter.write_line(line)
        if said.code and terminalreporter._session is not None:
            terminalreporter._session.exitstatus = max(int(terminalreporter._session.exitstatus), said.code)


class SuiteFile(pytest.File):
    """A suite as pytest collects it."""

    def __init__(self, *, plugin: SuitePlugin, **rest: Any) -> None:
        super().__init__(**rest)
        self.plugin = plugin

    def collect(self) -> Iterator[pytest.Item]:
        """Yield one test a question."""
        from citewell.errors import UsageError
        from citewell.evaluate.cases import read_suite
        from citewell.evaluate.run import questions_of

        try:
            cases = read_suite(self.path)
        except UsageError as error:
            raise pytest.UsageError(str(error)) from error
        for asked in questions_of(cases):
            yield QuestionItem.from_parent(self, name=asked.id, asked=asked)


class QuestionItem(pytest.Item):
    """One question as a test."""

    def __init__(self, *, asked: Asked, **rest: Any) -> None:
        super().__init__(**rest)
        self.asked = asked
        self.result: CaseResult | None = None
        case = asked.case
        self.add_marker(pytest.mark.citewell(severity=case.severity, tags=case.tags, source=case.source))
        self.extra_keyword_matches.update({case.severity, case.source, *case.tags})
        if reason := case.xfail or ("it fails in the baseline" if self.plugin.failed_before(asked.id) else None):
            self.add_marker(pytest.mark.xfail(reason=reason, strict=False, raises=QuestionFailed))

    @property
    def plugin(self) -> SuitePlugin:
        """The session's plugin."""
        assert isinstance(self.parent, SuiteFile)
        return self.parent.plugin

    def runtest(self) -> None:
        """Ask, judge, and fail where the case fails."""
        from citewell.evaluate.plan import Plan
        from citewell.evaluate.run import judge
        from citewell.settings import Settings

        self.result = judge(self.asked, self.plugin.index, Settings(), Plan())
        self.user_properties += [(name, value) for name, value in self.result.scores.items()]
        self.user_properties += [("stage", self.result.stage or "passed"), ("confidence", self.result.confidence)]
        if self.result.stage:
            raise QuestionFailed(failure(self.result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A failed question's own words; anything else as pytest shows it."""
        return str(excinfo.value) if isinstance(excinfo.value, QuestionFailed) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        """The line of the case in its suite."""
        return self.path, self.asked.case.line - 1, self.name


class QuestionFailed(Exception):
    """A question was not answered as its case asks."""


def failure(result: CaseResult) -> str:
    """What was asked, what should have been shown, and what was."""
    lines = [f"{result.id}: {result.stage}", f"  question: {result.question}"]
    lines += [f"  should show: “{gold.text}” ({gold.doc})" for gold in result.gold[:SHOWN] if gold.grade > 1]
    lines += [f"  shows: “{shown.text}” ({shown.doc})" for shown in result.excerpts[:SHOWN]]
    return "\n".join([*lines, f"  says: {result.reason}"] if result.reason else lines)

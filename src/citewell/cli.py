"""The command line: the only place that prints. Commands import what they need, so that `--help` is instant."""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from citewell.errors import CitewellError, IndexDamaged, UsageError
from citewell.options import parser
from citewell.places import has_index, index_folder, starter_corpus
from citewell.terminal import ProgressBar, Style, answer_text, hit_text, line, status_text, visible
from citewell.types import Audience, SourceClass, fold

if TYPE_CHECKING:
    from citewell.index import Report

DONE, NO, REFUSED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141  # exit codes; the last two as shells count signals
Item = TypeVar("Item")
WIDEST = 100  # columns; longer lines are hard to read


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when done, 1 for the work's own "no", 2 when it could not be carried out."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no locale makes an answer fail
    try:
        options = parser().parse_args(arguments)
        code = COMMANDS[options.command](options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python complains when it flushes at its end
        return PIPE_CLOSED
    except CitewellError as error:
        return refuse(str(error))
    except sqlite3.Error as error:
        return refuse(f"expected to read and write the index, found: {error}. See: citewell verify")
    except OSError as error:
        return refuse(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
    return code


def refuse(message: str) -> int:
    """Say why a command could not be carried out."""
    tell(message)
    return REFUSED


def tell(message: str) -> None:
    """Write a message for people, which may quote a file's name or text, to stderr."""
    print(f"citewell: {visible(message)}", file=sys.stderr)


def print_json(value: dict[str, Any]) -> None:
    """Print one object on one line, readable where the output's encoding allows it."""
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    print(json.dumps(value, ensure_ascii=encoding != "utf8"), flush=True)


def style() -> Style:
    """Colour and width of a terminal; neither elsewhere, nor colour where NO_COLOR is set."""
    if not sys.stdout.isatty():
        return Style()
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Style(colour=colour, width=min(shutil.get_terminal_size().columns, WIDEST))


def index_command(options: argparse.Namespace) -> int:
    """Index files and folders; with no path, those of last time, or the starter corpus the first time."""
    folder = index_folder(options.index)
    for path in [*options.paths, *filter(None, [options.manifest])]:
        if not path.exists():
            raise UsageError(f"expected files or folders that exist, found nothing at {path}.")
    paths = options.paths
    if not paths and not options.remove and not has_index(folder):
        paths = [starter_corpus()]
        tell(f"no index in {folder} yet: indexing the starter corpus")
    how = {name: getattr(options, name) for name in ("encoder", "manifest", "remove", "repair")}
    return watch_index(folder, paths, **how) if options.watch else build_index(folder, paths, **how)


def build_index(folder: Path, paths: Sequence[Path], **how: Any) -> int:
    """Build, say what changed, and return 1 if a file failed."""
    from citewell.index import build

    with ProgressBar(sys.stderr) as progress:
        report = build(paths, index=folder, progress=progress, **how)
    return say_report(report)


def watch_index(folder: Path, paths: Sequence[Path], **how: Any) -> int:
    """Build, and follow the changes of the documents until Ctrl-C."""
    from citewell.watch import keep_current

    tell("following the changes of the documents (Ctrl-C ends it)")
    for result in keep_current(paths, index=folder, **how):
        if isinstance(result, CitewellError):
            tell(str(result))
        else:
            say_report(result)
            sys.stdout.flush()
    return DONE


def say_report(report: Report) -> int:
    """Say what a run did; 1 if a file failed."""
    for failure in report.failed:
        tell(f"{failure.document_id}: {failure.reason.removeprefix(failure.document_id + ': ')}")
    counts = f"{report.new} new, {report.changed} changed, {report.unchanged} unchanged, {report.removed} removed"
    print(f"{counts}, {len(report.failed)} failed")
    return NO if report.failed else DONE


def ask_command(options: argparse.Namespace) -> int:
    """Answer one question, or all questions of a file in their order."""
    if (options.question is None) == (options.questions is None):
        raise UsageError('expected one question, or --questions FILE. Ask: citewell ask "What is …?"')
    if options.questions and not options.json:
        raise UsageError("expected --json with --questions, found it missing. Add it: one answer is printed a line.")
    from citewell.batch import Row, read_rows
    from citewell.conversation import ask
    from citewell.index import open_index
    from citewell.present import answer_as_dict
    from citewell.search import check_question

    rows = read_rows(options.questions) if options.questions else [Row(None, check_question(options.question), ())]
    index = open_index(index_folder(options.index))
    limits = {"classes": [SourceClass(name) for name in options.classes], "documents": options.documents,
              "audience": Audience(options.audience) if options.audience else None}  # fmt: skip
    for row in with_progress(rows, "answering", shown=not sys.stdout.isatty()):
        answer = ask(index, row.question, history=row.history, **limits)
        if options.json:
            print_json(answer_as_dict(answer))
        else:
            print(answer_text(answer, style()))
    return DONE


def with_progress(rows: Sequence[Item], stage: str, *, shown: bool = True) -> Iterator[Item]:
    """Go through rows; show how far it has come, where that does not mix with what is printed."""
    with ProgressBar(sys.stderr) as progress:
        for done, row in enumerate(rows, start=1):
            yield row
            if shown and len(rows) > 1:
                progress(stage, done, len(rows))


def search_command(options: argparse.Namespace) -> int:
    """Rank passages for one query, or documents for all queries of a file."""
    if (options.query is None) == (options.queries is None):
        raise UsageError('expected one query, or --queries FILE. Search: citewell search "…"')
    if (options.queries is None) != (options.run is None):
        raise UsageError("expected --queries and --run together, found one alone.")
    if options.queries:
        return search_all(options)
    from citewell.index import open_index
    from citewell.search import check_question, search

    query = check_question(options.query)
    index = open_index(index_folder(options.index))
    found = []
    for hit in search(index, query, top=options.top):
        document = index.document(hit.document_id)
        text = fold(document.text[hit.start : hit.end])
        found.append(asdict(hit) | {"title": document.metadata.title, "text": text})
    if options.json:
        print_json({"query": query, "hits": found})
        return DONE
    for each in found:
        print(hit_text(each, style()), end="\n\n")
    return DONE


def search_all(options: argparse.Namespace) -> int:
    """Rank documents for all queries of a file, into a TREC run that is written whole or not at all."""
    from citewell.batch import check_ids, read_rows, run_lines, write_whole
    from citewell.index import open_index
    from citewell.search import rank_documents

    pairs = check_ids(read_rows(options.queries), options.queries)
    index = open_index(index_folder(options.index))
    lines: list[str] = []
    for question_id, query in with_progress(pairs, "searching"):
        lines += run_lines(question_id, rank_documents(index, query, depth=options.depth))
    write_whole(options.run, lines)
    return DONE


def fetch_command(options: argparse.Namespace) -> int:
    """Get public documents into a folder, with a manifest."""
    from citewell.fetch.client import Client
    from citewell.fetch.run import SETTINGS, fetch

    how = {name: getattr(options, name) for name in ("source", "term", "to", "limit", "update")}
    with ProgressBar(sys.stderr) as progress, Client(SETTINGS, options.email) as client:
        report = fetch(**how, client=client, progress=progress)
    for problem in (*report.failed, *report.not_offered, *report.kept):
        tell(f"{problem.name}: {problem.reason}")
    print_json(asdict(report)) if options.json else print(*map(visible, report.lines()), sep="\n")
    return NO if report.failed else DONE


def chat_command(options: argparse.Namespace) -> int:
    """Open the chat; the first time, index the starter corpus for it."""
    folder = index_folder(options.index)
    try:
        family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
        socket.create_server((options.host, options.port), family=family).close()  # before anything slow is loaded
        if not has_index(folder):
            tell(f"no index in {folder} yet: indexing the starter corpus")
            build_index(folder, [starter_corpus()])
        from app.chat import launch

        launch(folder, host=options.host, port=options.port, ready=announce, takes_feedback=not options.no_feedback)
    except OSError as error:
        if error.filename:
            raise
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or error
        other = f"Choose another: citewell chat --port {options.port % 65535 + 1}"
        raise UsageError(
            f"expected to listen on port {options.port} of {options.host}, found: {reason}. {other}"
        ) from error
    return DONE


def announce(address: str) -> None:
    """Tell where the chat can be opened."""
    print(f"The chat is open at {address} (Ctrl-C ends it)", flush=True)


def verify_command(options: argparse.Namespace) -> int:
    """Check the index's parts, then every document against its file's bytes."""
    from citewell.index import open_index

    try:
        index = open_index(index_folder(options.index))
        problems = index.verify()
    except IndexDamaged as error:
        tell(str(error))
        return NO
    for problem in problems:
        print(f"{line(problem.document_id)}: {line(problem.what)}")
    print(f"problems: {len(problems)}" if problems else f"documents verified: {index.status().documents}")
    return NO if problems else DONE


def status_command(options: argparse.Namespace) -> int:
    """Show what an index holds, file by file."""
    from citewell.index import open_index

    folder = index_folder(options.index)
    status = open_index(folder).status()
    if options.json:
        print_json({"index": folder.absolute().as_posix()} | asdict(status))
        return DONE
    print(*status_text(folder, status), sep="\n")
    return DONE


def eval_command(options: argparse.Namespace) -> int:
    """Run one of the commands that test the quality of answers."""
    from citewell.evaluate.commands import COMMANDS as JUDGING
    from citewell.evaluate.desk import Desk

    def write(text: str) -> None:
        print(text if getattr(options, "json", False) else visible(text), flush=True)

    with ProgressBar(sys.stderr) as progress:
        folder = index_folder(getattr(options, "index", None))
        said = JUDGING[options.eval_command](options, Desk(folder, progress, write))
    for each in said.lines:
        write(each)
    return said.code


COMMANDS = {
    "index": index_command,
    "ask": ask_command,
    "fetch": fetch_command,
    "search": search_command,
    "chat": chat_command,
    "verify": verify_command,
    "status": status_command,
    "eval": eval_command,
}

if __name__ == "__main__":
    sys.exit(main())

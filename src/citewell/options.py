"""What the command line accepts: commands, options, and the checks of their values."""

from __future__ import annotations

import argparse
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

from citewell.errors import UsageError
from citewell.evaluate.options import add_eval_commands
from citewell.types import Audience, SourceClass

CLASSES = [each.value for each in SourceClass]
FETCHED = ["openfda", "dailymed", "pubmed", "bookshelf"]
AUDIENCES = [each.value for each in Audience]


class Parser(argparse.ArgumentParser):
    """Reports a wrong call as every other error is reported."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where to look."""
        raise UsageError(f"{message}. See: {self.prog} --help")


def parser() -> argparse.ArgumentParser:
    """All commands with their options; the command's name is kept in `command`."""
    top = Parser(prog="citewell", description="Answers about drugs and diseases, in quotations from your documents.")
    top.add_argument("--version", action="version", version=f"citewell {version('citewell')}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    common = Parser(add_help=False)
    common.add_argument("--index", type=file_path, metavar="DIR", help="the index's folder")
    as_json = Parser(add_help=False)
    as_json.add_argument("--json", action="store_true", help="print JSON and nothing else")

    help_index = "index documents, or bring an index up to date"
    add_index_options(commands.add_parser("index", parents=[common], help=help_index))
    add_ask_options(commands.add_parser("ask", parents=[common, as_json], help="answer a question in quotations"))
    help_fetch = "get public documents into a folder: the only command that goes out to the network"
    add_fetch_options(commands.add_parser("fetch", parents=[as_json], help=help_fetch))
    add_search_options(commands.add_parser("search", parents=[common, as_json], help="rank passages"))
    add_chat_options(commands.add_parser("chat", parents=[common], help="serve the chat to a browser"))
    help_eval = "test the quality of answers: run, compare, bless, lint, power, triage, …"
    add_eval_commands(commands.add_parser("eval", help=help_eval), common, file_path)
    commands.add_parser("verify", parents=[common], help="check the index, and every document against its file")
    commands.add_parser("status", parents=[common, as_json], help="show what is indexed")
    return top


def add_index_options(index: argparse.ArgumentParser) -> None:
    """The options of `citewell index`."""
    index.add_argument("paths", nargs="*", type=file_path, metavar="PATH", help="files and folders; none: as last time")
    index.add_argument("--manifest", type=file_path, metavar="FILE", help="CSV or JSON with the documents' metadata")
    index.add_argument(
        "--encoder", metavar="NAME", help='a model\'s name or folder, or "none" to search by words alone'
    )
    index.add_argument("--repair", action="store_true", help="write a damaged index anew from its documents")
    index.add_argument("--watch", action="store_true", help="stay, and follow every change of the documents")
    index.add_argument("--remove", nargs="+", action="extend", default=[], metavar="ID", help="documents to take out")


def add_ask_options(ask: argparse.ArgumentParser) -> None:
    """The options of `citewell ask`."""
    names = ", ".join(CLASSES)
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument("--questions", type=file_path, metavar="FILE.jsonl", help="many questions; needs --json")
    ask.add_argument("--class", dest="classes", nargs="+", action="extend", default=[], choices=CLASSES, metavar="CLASS",
                     help=f"only sources of these classes: {names}")  # fmt: skip
    ask.add_argument("--document", dest="documents", nargs="+", action="extend", default=[], metavar="ID",
                     help="only these documents")  # fmt: skip
    ask.add_argument(
        "--audience", choices=AUDIENCES, help="for whom sources should be written, where there is a choice"
    )


def add_fetch_options(fetch: argparse.ArgumentParser) -> None:
    """The options of `citewell fetch`."""
    fetch.add_argument("source", choices=FETCHED, help="where to look: " + ", ".join(FETCHED))
    fetch.add_argument("term", metavar="TERM", help='a drug or a disease: denosumab, "heart failure"')
    fetch.add_argument("--to", type=file_path, metavar="DIR", help="the folder (./SOURCE-TERM)")
    fetch.add_argument("--limit", type=fetch_limit, default=25, metavar="N", help="documents at most (25)")
    fetch.add_argument("--update", action="store_true", help="get those again that are here; what you changed stays")
    fetch.add_argument("--email", type=email_address, metavar="ADDRESS", help="told to NCBI, which asks for it")


def add_search_options(search: argparse.ArgumentParser) -> None:
    """The options of `citewell search`."""
    search.add_argument("query", nargs="?", metavar="QUERY")
    search.add_argument("--top", type=positive, default=10, metavar="N", help="passages to show (10)")
    search.add_argument("--queries", type=file_path, metavar="FILE.jsonl", help="many queries; needs --run")
    search.add_argument("--run", type=file_path, metavar="OUT.trec", help="write a TREC run here")
    search.add_argument("--depth", type=positive, default=100, metavar="N", help="documents a query in the run (100)")


def add_chat_options(chat: argparse.ArgumentParser) -> None:
    """The options of `citewell chat`."""
    chat.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1: this machine alone)")
    chat.add_argument("--port", type=port_number, default=7860, help="the port to listen on (7860)")
    chat.add_argument("--no-feedback", action="store_true", help="take no feedback: nothing of a question is kept")


def file_path(text: str) -> Path:
    """A path as typed; the empty one would mean the current folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("expected a path, found an empty one")
    return Path(text)


def positive(text: str) -> int:
    """A whole number from 1 on."""
    return whole_number(text, "a whole number", 1, 1_000_000)


def port_number(text: str) -> int:
    """A port that can be listened on."""
    return whole_number(text, "a port", 1, 65_535)


def fetch_limit(text: str) -> int:
    """How many documents may be fetched at once; there are bulk downloads for more."""
    return whole_number(text, "a number of documents", 1, 500)


def email_address(text: str) -> str:
    """What looks like an address to write to."""
    if len(text) < 255 and all(text.rpartition("@")[::2]) and text.isprintable() and not any(map(str.isspace, text)):
        return text
    raise argparse.ArgumentTypeError(f"expected an e-mail address, found {text!r}")


def whole_number(text: str, what: str, lowest: int, highest: int) -> int:
    """A number within bounds, in plain digits."""
    if text.isascii() and text.isdigit() and len(text) < 10 and lowest <= int(text) <= highest:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected {what} from {lowest} to {highest}, found {text!r}")

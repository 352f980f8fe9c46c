"""The chat's wiring: widgets, events and the launch. What they show comes from render, export and source."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Gradio reads it on import: no version check, no telemetry
import gradio as gr
from starlette.middleware import Middleware

from app import feedback, links, render, source
from app.export import answer_markdown, answer_text
from app.library import IndexLibrary, Library
from app.markup import CLASS_NAMES, REMINDER, counted, escape
from app.originals import Originals
from app.security import SecurityHeaders
from app.talk import Talk, Turn, assistant, user
from citewell import CitewellError, candidates_file
from citewell.types import Audience, SourceClass

ASSETS = Path(__file__).parent / "assets"
LONGEST_QUESTION = 2000  # characters, as the command line has it
EXAMPLES = 4  # questions offered before the first one
EVERYONE = "everyone"
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True, slots=True)
class Desk:
    """The handlers of the chat over one library.

    :param candidates: The file that readers' feedback is added to; None where no feedback is kept.
    """

    library: Library
    held: tuple[SourceClass, ...] = ()
    candidates: Path | None = None

    def respond(self, text: str, classes: Sequence[str], audience: str, talk: Talk) -> Iterator[tuple[Any, ...]]:
        """Answer a question; one that can't be asked stays in its box with the reason in the chat."""
        if problem := question_problem(text):
            yield self._refused(text, problem, talk)
            return
        yield "", [*talk.messages(), user(text)], gr.skip(), gr.skip()
        try:
            talk = self._asked(text, classes, audience, talk)
        except CitewellError as error:
            yield self._refused(text, str(error), talk)
            return
        yield "", talk.messages(), self.ledger(talk), talk

    def _refused(self, text: str, problem: str, talk: Talk) -> tuple[Any, ...]:
        return text, [*talk.messages(), assistant(render.problem_html(problem))], gr.skip(), gr.skip()

    def _asked(self, text: str, classes: Sequence[str], audience: str, talk: Talk) -> Talk:
        wanted = tuple(source_class for source_class in self.held if source_class.value in classes)
        reader = None if audience == EVERYONE else Audience(audience)
        answer = self.library.ask(text, history=talk.history(), classes=wanted, audience=reader)
        cited = {excerpt.document_id for excerpt in (*answer.excerpts, *answer.nearest)}
        stale = frozenset(document_id for document_id in cited if not self.library.is_current(document_id))
        view = render.View(
            len(talk.turns) + 1,
            date.today(),
            stale,
            wanted,
            reader,
            self.held,
            takes_feedback=self.candidates is not None,
        )
        return Talk((*talk.turns, Turn(text, answer, view, talk.history())))

    def respond_alone(
        self, classes: Sequence[str], audience: str, talk: Talk, event: gr.EventData
    ) -> Iterator[tuple[Any, ...]]:
        """Answer a question of the conversation again, by its own words; later ones go on from there."""
        number = getattr(event, "number", None)
        if isinstance(number, int) and 1 <= number <= len(talk.turns):
            yield from self.respond(talk.turns[number - 1].question, classes, audience, replace(talk, begins_anew=True))
        else:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()

    def ledger(self, talk: Talk) -> str:
        """Every answer as text, Markdown and JSON, for the script to copy or save at a click."""
        entries = []
        for turn in talk.turns:
            forms = {
                "text": answer_text(turn.answer, turn.view.today),
                "markdown": answer_markdown(turn.answer, turn.view.today),
                "json": json.dumps(self.library.as_dict(turn.answer), ensure_ascii=False, indent=2) + "\n",
            }
            data = " ".join(f'data-{form}="{html.escape(content)}"' for form, content in forms.items())
            entries.append(f'<i data-answer="{turn.view.number}" {data}></i>')
        return "".join(entries)

    def open_source(self, event: gr.EventData) -> tuple[Any, str]:
        """Open a citation in the source panel; what the browser sends is checked against the index first."""
        span = links.decode(getattr(event, "cid", None))
        panel = source.missing_html()
        if span:
            try:
                document, units = self.library.document(span.document_id), self.library.units(span.document_id)
                if links.is_quotable(span, document, units):
                    reach = source.Reach(steps(getattr(event, "above", 1)), steps(getattr(event, "below", 1)))
                    is_current = self.library.is_current(span.document_id)
                    panel = source.panel_html(
                        document, units, span, today=date.today(), is_current=is_current, reach=reach
                    )
            except CitewellError:
                panel = source.missing_html()
        nonce = html.escape(str(getattr(event, "turn", ""))[:40])  # an unchanged value would not wake the script
        return gr.Sidebar(open=True), f'{panel}<i hidden data-turn="{nonce}"></i>'

    def note(self, talk: Talk, event: gr.EventData) -> str:
        """Keep what a reader says of an answer."""
        word, nonce = getattr(event, "word", None), getattr(event, "turn", "")
        if self.candidates is None:
            return feedback.noted_html(word, "Not noted: feedback is switched off.", done=False, nonce=nonce)
        asked = [turn.questions() for turn in talk.turns]
        said, done = feedback.note(self.candidates, word, asked, [turn.answer for turn in talk.turns])
        return feedback.noted_html(word, said, done=done, nonce=nonce)

    def api_ask(
        self,
        question: str,
        history: list[str] | None = None,
        classes: list[str] | None = None,
        documents: list[str] | None = None,
        audience: str | None = None,
    ) -> dict[str, Any]:
        """Answer a question with verbatim, cited quotations: the object that `citewell ask --json` prints."""
        if problem := question_problem(question):
            raise gr.Error(problem)
        try:
            wanted = [SourceClass(name) for name in classes or ()]
            reader = Audience(audience) if audience else None
            answer = self.library.ask(
                question, history=history or (), classes=wanted, documents=documents or (), audience=reader
            )
        except (CitewellError, ValueError) as error:
            raise gr.Error(str(error)) from error
        return self.library.as_dict(answer)


def question_problem(text: str) -> str | None:
    """Why a text can't be asked; None if it can."""
    if not text.strip():
        return "Type a question first, for example one of those below."
    if len(text) > LONGEST_QUESTION:
        return f"A question has at most {LONGEST_QUESTION:,} characters; this one has {len(text):,}. Shorten it and ask again."
    if found := next((sign for sign in text if not sign.isprintable() and not sign.isspace()), None):
        return f"The question holds a character that can't be read (U+{ord(found):04X}). Remove it and ask again."
    return None


def steps(value: object) -> int:
    """A number of steps that a browser sent, within bounds; 1 for anything else."""
    return value if isinstance(value, int) and 1 <= value <= source.LARGEST_STEPS else 1


def header_html(documents: int) -> str:
    """The page's heading, and how much there is to ask."""
    return (
        '<header class="cw-header"><h1>Citewell</h1><p class="cw-tagline">Answers only in quotations from your documents</p>'
        f'<p class="cw-held">{counted(documents, "document")}</p></header>'
    )


def welcome_html(documents: int) -> str:
    """The empty chat."""
    return (
        '<div class="cw-welcome"><p class="cw-lead">Ask about a drug or a disease.</p><p>Every sentence you get is quoted from '
        f"{counted(documents, 'document')}, word for word. Choose a citation to see it in its source.</p></div>"
    )


def compose(library: Library, candidates: Path | None = None) -> gr.Blocks:
    """The page over a library.

    :param candidates: The file that readers' feedback is added to; None keeps none.
    """
    documents = library.documents()
    present = {metadata.source_class for _, metadata in documents}
    held = tuple(source_class for source_class in SourceClass if source_class in present)
    desk = Desk(library, held, candidates)
    with gr.Blocks(title="Citewell", fill_height=True, analytics_enabled=False) as page:
        with gr.Sidebar(label="Source", position="right", open=False, width=480, elem_id="source") as side:
            panel = gr.HTML(source.empty_html(), js_on_load=(ASSETS / "script.js").read_text("utf-8"), elem_id="panel")
        with gr.Row(elem_id="top"):
            gr.HTML(header_html(len(documents)))
            anew = gr.Button("New conversation", elem_id="anew", size="sm", scale=0)
        filters = filter_row(desk.held)
        chat, box = conversation(welcome_html(len(documents)), library.example_questions(EXAMPLES))
        ledger, noted = (gr.HTML("", elem_id=name, visible="hidden") for name in ("ledger", "noted"))
        talk, chosen = gr.State(Talk()), gr.State("")
        outputs = [box, chat, ledger, talk]
        box.submit(desk.respond, [box, *filters, talk], outputs, **PRIVATE)
        for event in (chat.example_select, chat.option_select):
            picked = event(chosen_question, None, chosen, queue=False, **PRIVATE)
            picked.then(desk.respond, [chosen, *filters, talk], outputs, **PRIVATE)
        anew.click(lambda: ("", [], "", Talk()), None, outputs, queue=False, **PRIVATE)
        panel.cite(desk.open_source, None, [side, panel], queue=False, **PRIVATE)
        panel.alone(desk.respond_alone, [*filters, talk], outputs, **PRIVATE)
        panel.note(desk.note, talk, noted, queue=False, **PRIVATE)
        page.load(asked_by_address, None, box, queue=False, **PRIVATE)
        gr.api(desk.api_ask, api_name="ask")
    return page


def filter_row(held: Sequence[SourceClass]) -> tuple[gr.CheckboxGroup, gr.Radio]:
    """Which classes to quote from, and whom for."""
    with gr.Row(elem_id="filters"):
        choices = [(CLASS_NAMES[source_class], source_class.value) for source_class in held]
        classes = gr.CheckboxGroup(choices, label="Only quote from", elem_id="classes")
        readers = [
            ("Everyone", EVERYONE),
            ("Clinicians", Audience.CLINICIAN.value),
            ("Patients", Audience.PATIENT.value),
        ]
        audience = gr.Radio(readers, value=EVERYONE, label="Written for", elem_id="audience")
    return classes, audience


def conversation(welcome: str, examples: Sequence[str]) -> tuple[gr.Chatbot, gr.Textbox]:
    """The answers, the question's box and the reminder under it."""
    chat = gr.Chatbot(
        elem_id="chat", label="Questions and answers", show_label=False, layout="panel", height="100%", scale=1, autoscroll=False,
        buttons=[], feedback_options=[], allow_tags=False, latex_delimiters=[], placeholder=welcome,
        examples=[{"text": question} for question in examples],
    )  # fmt: skip
    box = gr.Textbox(
        elem_id="question", label="Question", show_label=False, placeholder="Ask about your documents", submit_btn="Ask",
        autofocus=True, lines=1, max_lines=6,
    )  # fmt: skip
    gr.HTML(f'<p class="cw-disclaimer">{escape(REMINDER)}</p>')
    return chat, box


def chosen_question(event: gr.SelectData) -> str:
    """The question of an example or of a follow-up button."""
    value = event.value
    return str(value["text"] if isinstance(value, dict) else value)


def asked_by_address(request: gr.Request) -> Any:
    """The question in the page's address, ?q=…, for the box; it's not asked by itself."""
    question = str(request.query_params.get("q", ""))[:LONGEST_QUESTION]
    return question or gr.skip()  # what was typed meanwhile stays


def serve(page: gr.Blocks, library: Library, *, host: str, port: int) -> str:
    """Serve a page from a thread of its own and return its address; OSError when the port is in use."""
    _, address, _ = page.queue(max_size=64, default_concurrency_limit=4).launch(
        server_name=host, server_port=port, share=False, run_history=False, footer_links=[], show_error=False, ssr_mode=False, quiet=True,
        max_file_size="1mb", enable_monitoring=False, mcp_server=False, strict_cors=True, prevent_thread_lock=True, theme=theme(),
        css=(ASSETS / "style.css").read_text("utf-8"),
        app_kwargs={"middleware": [Middleware(SecurityHeaders), Middleware(Originals, library=library)]},
    )  # fmt: skip
    return str(address)


def theme() -> gr.themes.Base:
    """Fonts that come with Gradio, in the weights that hold the Latin letters: the page asks no font service."""
    text, code = gr.themes.LocalFont("IBM Plex Sans", (400, 700)), gr.themes.LocalFont("IBM Plex Mono", (400, 700))
    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="slate",
        font=(text, "system-ui", "sans-serif"),
        font_mono=(code, "ui-monospace", "monospace"),
    )


def launch(
    index_path: Path, *, host: str, port: int, ready: Callable[[str], None] | None = None, takes_feedback: bool = True
) -> None:
    """Open the chat over an index and serve it until interrupted; OSError when the port is in use.

    :param ready: Told the chat's address once it can be opened.
    :param takes_feedback: Offer buttons under the answers, and keep what they say beside the index.
    """
    library = IndexLibrary(index_path)
    for question in library.example_questions(1):
        library.ask(question)  # loads the model now, so that no reader waits for it and a missing one is told at once
    page = compose(library, candidates_file(index_path) if takes_feedback else None)
    address = serve(page, library, host=host, port=port)
    if ready:
        ready(address)
    page.block_thread()

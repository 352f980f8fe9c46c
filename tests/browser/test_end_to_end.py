"""The whole path, as a newcomer goes it: `citewell chat` on the starter corpus, one question, one click, the mark."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.model]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat on a new index of the starter corpus, with the real model."""
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        pytest.skip("skipped: no Chromium")
    index = tmp_path_factory.mktemp("starter") / "index"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    run = [sys.executable, "-m", "citewell.cli"]
    subprocess.run([*run, "index", str(ROOT / "corpus"), "--index", str(index)], check=True, env=environment)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    call = [*run, "chat", "--index", str(index), "--port", str(port)]
    with subprocess.Popen(call, text=True, stdout=subprocess.PIPE, env=environment) as server:
        assert server.stdout
        assert f"127.0.0.1:{port}" in server.stdout.readline()
        yield f"http://127.0.0.1:{port}/"
        server.terminate()


def test_a_newcomer_asks_clicks_and_sees_the_sentence_marked(chat: str, browser: Any) -> None:
    page = browser.new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(chat)
    page.fill("textarea", "What are the rare side effects of denosumab?")
    page.keyboard.press("Enter")
    page.locator('#chat a[href^="#cite="]').first.click()
    page.wait_for_selector("#panel mark")
    marked = " ".join(page.locator("#panel mark").all_inner_texts())
    assert marked.startswith("Rare side effects of denosumab are osteonecrosis of the jaw")
    assert marked in " ".join((ROOT / "corpus" / "denosumab-monograph.md").read_text(encoding="utf-8").split())
    assert hosts == {chat.split("/")[2]}
    page.close()

"""Nothing leaves the machine: a folder is indexed and asked with the real model while every way out is blocked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fakes import DRUGS

ROOT = Path(__file__).resolve().parents[1]

PROGRAM = """
import json, os, socket, sys

for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
    os.environ.pop(name, None)

calls = []

def refuse(*arguments, **options):
    calls.append(repr(arguments[:2]))
    raise OSError("a test blocks the network")

class Refused(socket.socket):
    connect = connect_ex = sendto = refuse

socket.socket = Refused
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse

from pathlib import Path
from citewell import answer_as_dict, ask, build_index, open_index
from citewell.search import search

folder, index = map(Path, sys.argv[1:])
report = build_index([folder], index=index)
opened = open_index(index)
question = "How much alphamab is given for brittle bones?"
answer = answer_as_dict(ask(opened, question))
silence = answer_as_dict(ask(opened, "What is the dose of gammamab?"))
first = search(opened, question)[0].document_id
print(json.dumps({"new": report.new, "answer": answer, "silence": silence, "first": first, "calls": calls}))
"""


@pytest.mark.model
def test_a_folder_is_indexed_and_asked_without_a_network(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in DRUGS.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM, str(folder), str(tmp_path / "index")]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT / "src", timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert (found["new"], found["calls"], found["silence"]["answered"]) == (3, [], False)
    assert found["first"] in ("alphamab.md", "leaflet.md")
    assert found["answer"]["provenance"]["encoder"] == "all-MiniLM-L6-v2"
    texts = {excerpt["text"] for excerpt in found["answer"]["excerpts"]}
    assert "For brittle bones, the dose of alphamab is 60 mg under the skin once every 6 months." in texts

"""Serve the chat over the invented library until stopped: python tests/serve_invented.py PORT [CANDIDATES]. Prints its address first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def start_server(port: int, *candidates: str) -> subprocess.Popen[str]:
    """The chat as a process: Gradio's threads and leaks stay out of the tests.

    :param candidates: The file that feedback is kept in; none keeps none.
    """
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, __file__, str(port), *candidates]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def main(port: int, candidates: Path | None) -> None:
    from invented import invented_library

    from app import chat

    library = invented_library()
    page = chat.compose(library, candidates)
    sys.stdout.write(chat.serve(page, library, host="127.0.0.1", port=port).rstrip("/") + "\n")
    sys.stdout.flush()
    page.block_thread()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)

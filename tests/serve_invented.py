"""Serve the chat over the invented library until stopped: python tests/serve_invented.py PORT. Prints its address first."""

from __future__ import annotations

import os
import subprocess
import sys


def start_server(port: int) -> subprocess.Popen[str]:
    """The chat as a process: Gradio's threads and leaks stay out of the tests."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, __file__, str(port)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def main(port: int) -> None:
    from invented import invented_library

    from app import chat

    page = chat.compose(invented_library())
    sys.stdout.write(chat.serve(page, host="127.0.0.1", port=port).rstrip("/") + "\n")
    sys.stdout.flush()
    page.block_thread()


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""Serve the chat over the invented library until stopped: python tests/serve_invented.py PORT. Prints its address first."""

from __future__ import annotations

import sys

from invented import invented_library

from app import chat

if __name__ == "__main__":
    page = chat.compose(invented_library())
    sys.stdout.write(chat.serve(page, host="127.0.0.1", port=int(sys.argv[1])).rstrip("/") + "\n")
    sys.stdout.flush()
    page.block_thread()

"""Take the screenshots of a running chat: python docs/screenshots/take.py http://127.0.0.1:7860 "QUESTION"."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent
SCREENS = {"light": (1280, 800), "dark": (1280, 800), "phone": (390, 844)}


def take(browser: Any, address: str, question: str, name: str) -> None:
    """Ask, open the first citation, and save what is seen; on a phone the answer, which the source would cover."""
    width, height = SCREENS[name]
    scheme = "dark" if name == "dark" else "light"
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(f"{address}/?__theme={scheme}")
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.wait_for_selector(".cw-footer", timeout=60_000)
    if name != "phone":
        page.locator(".cw-chip").first.click()
        page.wait_for_selector("#panel mark")
    page.wait_for_timeout(1000)  # the panel slides in
    page.screenshot(path=FOLDER / f"chat-{name}.png")
    page.close()


def main(address: str, question: str) -> None:
    """Take all screenshots."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for name in SCREENS:
            take(browser, address, question, name)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""OpenVINO without its converter, which tells its maker's web service of every import and leaves a mark in the home folder.

Citewell makes its graphs itself and never needs the converter; nothing may leave the machine.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING

REPORTING = ("openvino.tools.ovc", "openvino_telemetry")


def import_quietly() -> ModuleType:
    """Import OpenVINO while its reporting parts can't be found; it goes on without them."""
    hidden = {name for name in REPORTING if name not in sys.modules}
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # Python's own sign for "there is no such module"
    try:
        return importlib.import_module("openvino")
    finally:
        for name in hidden:
            del sys.modules[name]


if TYPE_CHECKING:
    import openvino as ov
else:
    ov = import_quietly()

__all__ = ["ov"]

"""What tables and figures are called in the line that names them."""

from __future__ import annotations

import re

CAPTION = re.compile(r"(?:table|figure|fig\.|tab\.|tabelle|abbildung|abb\.|tableau|box|exhibit)\s*[A-Z]?\d+", re.I)

"""PDFs as printing programs make them, built from places and texts; for the tests of the reader."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

FONTS = {"": "Helvetica", "b": "Helvetica-Bold", "i": "Helvetica-Oblique", "bi": "Helvetica-BoldOblique"}
NAMES = {"": "F1", "b": "F2", "i": "F3", "bi": "F4"}
PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
IDENTITY = b"0123456789abcdef"


@dataclass
class Sheet:
    """A page; points from the lower left corner."""

    width: float = 612
    height: float = 792
    drawn: list[str] = field(default_factory=list)
    image: tuple[int, int, bytes] | None = None  # width, height, grey values, over the whole page
    rotate: int = 0

    def text(self, x: float, y: float, text: str, size: float = 10, style: str = "") -> Sheet:
        """Print one stretch of text."""
        self.drawn.append(f"BT /{NAMES[style]} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped(text)}) Tj ET")
        return self

    def lines(self, x: float, y: float, lines: list[str], size: float = 10, style: str = "", step: float = 12) -> float:
        """Print lines one below the other; the height below the last."""
        for line in lines:
            self.text(x, y, line, size, style)
            y -= step
        return y

    def scripted(self, x: float, y: float, parts: list[tuple[str, float]], size: float = 10) -> Sheet:
        """Print texts one after the other, each so many points above the line; what is raised is set smaller."""
        shown = "".join(
            f"/F1 {size if not rise else 0.65 * size} Tf {rise} Ts ({escaped(text)}) Tj " for text, rise in parts
        )
        self.drawn.append(f"BT 1 0 0 1 {x} {y} Tm {shown}ET")
        return self

    def turned(self, x: float, y: float, text: str, size: float = 10) -> Sheet:
        """Print a text that runs upwards."""
        self.drawn.append(f"BT /F1 {size} Tf 0 1 -1 0 {x} {y} Tm ({escaped(text)}) Tj ET")
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> Sheet:
        """Draw a line."""
        self.drawn.append(f"0.6 w {x0} {y0} m {x1} {y1} l S")
        return self

    def grid(self, xs: list[float], ys: list[float]) -> Sheet:
        """Draw the rules of a table."""
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        return self


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def pdf(sheets: list[Sheet], title: str = "", language: str = "", password: str | None = None) -> bytes:
    """A PDF of some pages; with a password, even an empty one, it is encrypted (RC4, 40 bits)."""
    objects: list[bytes] = [b"", b""]
    objects += [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
        for name in FONTS.values()
    ]
    fonts = " ".join(f"/{name} {number} 0 R" for number, name in enumerate(NAMES.values(), start=3))
    kids = []
    for sheet in sheets:
        pictures, shown = "", "\n".join(sheet.drawn)
        if sheet.image:
            wide, high, grey = sheet.image
            head = f"<< /Type /XObject /Subtype /Image /Width {wide} /Height {high} /ColorSpace /DeviceGray /BitsPerComponent 8"
            objects.append(f"{head} /Length {len(grey)} >>\nstream\n".encode() + grey + b"\nendstream")
            pictures = f"/XObject << /I1 {len(objects)} 0 R >>"
            shown = f"q {sheet.width} 0 0 {sheet.height} 0 0 cm /I1 Do Q\n{shown}"
        data = shown.encode("cp1252")
        objects.append(f"<< /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {sheet.width} {sheet.height}] /Rotate {sheet.rotate} "
            f"/Contents {len(objects)} 0 R /Resources << /Font << {fonts} >> {pictures} >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    named = f" /Lang ({language})" if language else ""
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R{named} >>".encode()
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    extra = ""
    if title:
        objects.append(f"<< /Title ({escaped(title)}) >>".encode("cp1252"))
        extra += f" /Info {len(objects)} 0 R"
    if password is not None:
        key, owner, user = keys(password)
        objects = [encrypted(key, number, content) for number, content in enumerate(objects, start=1)]
        extra += (
            f" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{owner.hex()}> /U <{user.hex()}> >>"
            f" /ID [<{IDENTITY.hex()}> <{IDENTITY.hex()}>]"
        )
    return written(objects, extra)


def written(objects: list[bytes], extra: str) -> bytes:
    """Objects with their table of offsets."""
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R{extra} >>\nstartxref\n"
    return body + tail.encode() + f"{len(body)}\n%%EOF".encode()


def keys(password: str) -> tuple[bytes, bytes, bytes]:
    """(key of the file, owner entry, user entry), revision 2 of the standard security handler."""
    padded = (password.encode() + PADDING)[:32]
    owner = rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + (0xFFFFFFFC).to_bytes(4, "little") + IDENTITY).digest()[:5]
    return key, owner, rc4(key, PADDING)


def encrypted(key: bytes, number: int, content: bytes) -> bytes:
    """An object with its stream encrypted; the objects of these PDFs hold no strings that matter but the title."""
    head, mark, rest = content.partition(b"\nstream\n")
    if not mark:
        return content
    own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
    return head + mark + rc4(own, rest.removesuffix(b"\nendstream")) + b"\nendstream"


def rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)

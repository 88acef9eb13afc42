"""Files of papers as bytes: their digest, their beginning, their text."""

from __future__ import annotations

import codecs
import hashlib
import re
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

__all__ = ["BOM", "digest", "head", "opened", "text"]

BOM: Final = "\ufeff"
_HEAD: Final = 1 << 18
_FOREIGN: Final = {
    b"\x1f\x8b": "is compressed: unpack it first (gunzip)",
    b"PK\x03\x04": "is a ZIP archive: unpack it first",
    b"%PDF-": "is a PDF: save its text first",
    b"\xff\xfe\0\0": "is not UTF-8 but UTF-32: save it as UTF-8",
    b"\0\0\xfe\xff": "is not UTF-8 but UTF-32: save it as UTF-8",
    b"\xff\xfe": "is not UTF-8 but UTF-16: save it as UTF-8",
    b"\xfe\xff": "is not UTF-8 but UTF-16: save it as UTF-8",
}
_ZEROS: Final = 0.1
"""The share of zero bytes from which on a file is no text with one byte a letter."""
_WIDE: Final = re.compile(rb"(?:[\t\n\r -~]\0|\0[\t\n\r -~]){4}", re.DOTALL)


def digest(path: Path) -> str:
    """The SHA-256 of a file, read in one pass that keeps nothing of it.

    Raises `SourceError` where the file is missing, a directory, empty, or cannot be read.
    """
    try:
        if path.is_fifo():
            raise SourceError(f"{path}: is a pipe, and sources are read twice: save it to a file first")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except IsADirectoryError as error:
        raise SourceError(f"{path}: is a directory: name the files in it") from error
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such file: check the name") from error
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise SourceError(f"{path}: cannot be read ({why}): check the name and its permissions") from error
    if not size:
        raise SourceError(f"{path}: is empty: check how it was saved")
    return found


def head(path: Path) -> str:
    """The beginning of a file as text, bytes that are not UTF-8 replaced: enough to tell its format.

    Raises `SourceError` where the file is packed or in an encoding with two bytes a letter.
    """
    with path.open("rb") as file:
        start = file.read(_HEAD)
    for magic, why in _FOREIGN.items():
        if start.startswith(magic):
            raise SourceError(f"{path}: {why}")
    if start.count(0) > len(start) * _ZEROS:
        wide = _WIDE.match(start) is not None
        why = "is not UTF-8 but UTF-16: save it as UTF-8" if wide else "is not text: name a file of papers"
        raise SourceError(f"{path}: {why}")
    found = start.decode("utf-8", "replace").removeprefix(BOM)
    if not found.strip():
        raise SourceError(f"{path}: holds only blanks: check how it was saved")
    return found


def opened(path: Path) -> BinaryIO:
    """The bytes of a file, to be read from its beginning to its end."""
    return path.open("rb")


def text(path: Path) -> str:
    """A whole file as text, a byte order mark left out, and the character that its end cuts in two.

    Raises `SourceError` that names the byte that is not UTF-8.
    """
    content = path.read_bytes()
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(content).removeprefix(BOM)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        why = f"line {line}: byte 0x{content[error.start]:02x} is not UTF-8"
        raise SourceError(f"{path}: {why}: save it as UTF-8") from error

"""What a ZIP archive would unpack to, judged from its directory alone: nothing is unpacked before it is known (X9)."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812

BEGINNING = b"PK\x03\x04"
MOST_PARTS = 3_000
MOST_UNPACKED = 50 * 1024 * 1024
MOST_UNPACKED_TIMES = 20
"""An archive may unpack to the greater of the two: so much, or so many times its own size."""
LARGE_PART = 5 * 1024 * 1024
MOST_PART_TIMES = 300
"""So many times smaller a large part may be packed: office files reach some tens, a bomb a thousand."""
DEEPEST = 2
"""A document holds a spreadsheet; nobody's spreadsheet holds a third archive in a second."""
ENCRYPTED = 0x1

BROKEN = (BadZipFile, NotImplementedError, RuntimeError, ZlibError, EOFError, OSError, ValueError, LookupError)
"""What the reader of archives raises for what is no whole archive."""


class BadArchive(Exception):
    """The archive is not opened. Each kind of reason is a class of its own."""


class BrokenArchive(BadArchive):
    """It is no whole archive, or says one thing of itself in two ways."""


class LockedArchive(BadArchive):
    """Its parts are encrypted."""


class OversizedArchive(BadArchive):
    """It would unpack to more than there is room for."""


def check(content: bytes) -> list[str]:
    """The names of the archive's parts, when it is safe to unpack. Raises BadArchive."""
    return _checked(content, room=max(MOST_UNPACKED, MOST_UNPACKED_TIMES * len(content)), depth=0)


def beginning(content: bytes, name: str, most: int) -> bytes:
    """At most the first ``most`` bytes of a part, however long it says that it is; nothing when there is none."""
    try:
        with ZipFile(BytesIO(content)) as archive, archive.open(name) as part:
            return part.read(most)
    except BROKEN:
        return b""


def _checked(content: bytes, *, room: int, depth: int) -> list[str]:
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_directory(parts, room=room, size=len(content))
            room -= sum(part.file_size for part in parts)
            for part in parts:
                with archive.open(part) as opened:
                    is_archive = opened.read(len(BEGINNING)) == BEGINNING
                if is_archive:
                    _check_inner(archive, part, room=room, depth=depth + 1)
    except BROKEN as error:
        raise BrokenArchive from error
    return [part.filename for part in parts]


def _check_directory(parts: list[ZipInfo], *, room: int, size: int) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > room:
        raise OversizedArchive
    if any(part.file_size > max(LARGE_PART, MOST_PART_TIMES * part.compress_size) for part in parts):
        raise OversizedArchive
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise LockedArchive
    names = {part.filename.casefold() for part in parts}
    if len(names) < len(parts) or sum(part.compress_size for part in parts) > size:  # parts that share their bytes
        raise BrokenArchive


def _check_inner(archive: ZipFile, part: ZipInfo, *, room: int, depth: int) -> None:
    """An archive within: what it unpacks to counts with the rest. It is read in memory, and no longer than it says."""
    if depth >= DEEPEST:
        raise OversizedArchive
    with archive.open(part) as opened:
        inner = opened.read(part.file_size)
    _checked(inner, room=room, depth=depth)

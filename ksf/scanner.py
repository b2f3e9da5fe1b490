"""The virus scanner that ``CLAMD_ADDRESS`` names, asked in clamd's own protocol (INSTREAM); unset, nothing is asked."""

import socket
import struct
from contextlib import closing

from django.conf import settings

CHUNK = 64 * 1024
SECONDS = 20.0
LONGEST_ANSWER = 4_096


class VirusFound(Exception):
    """The scanner knows what is in the file; the text is its name for it."""


class ScannerSilent(Exception):
    """The scanner could not be reached, or did not say whether the file is clean."""


def scan(content: bytes) -> None:
    """Return when the content is clean, or no scanner is configured. Raises VirusFound or ScannerSilent."""
    if not settings.CLAMD_ADDRESS:
        return
    try:
        with closing(_connection(settings.CLAMD_ADDRESS)) as connection:
            answer = _asked(connection, content)
    except OSError as error:
        raise ScannerSilent(str(error)) from error
    if answer.endswith(" FOUND"):
        raise VirusFound(answer.removeprefix("stream: ").removesuffix(" FOUND"))
    if answer != "stream: OK":
        raise ScannerSilent(answer)


def _connection(address: str) -> socket.socket:
    """A connection to ``/run/clamav/clamd.ctl`` or ``clamd.example:3310``."""
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(SECONDS)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)


def _asked(connection: socket.socket, content: bytes) -> str:
    """Send the content in chunks, each after its length, an empty one last; return the answer up to its null byte."""
    try:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # past its own limit clamd says so and hangs up: the answer is read all the same
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        if not (more := connection.recv(LONGEST_ANSWER)):
            break
        answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")

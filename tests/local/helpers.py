"""What tests of processes do. Processes without settings import it, so it imports nothing of the portal."""

from pathlib import Path


def is_alive(pid):
    """Whether the process runs; one that has ended but is not collected yet does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False

"""Says what the machine lacks, before anything fails for the lack of it. Run by the Makefile."""

import ctypes
import sys
from ctypes.util import find_library

# What WeasyPrint loads, and the Debian package that brings it.
LIBRARIES = {
    "libpango-1.0.so.0": ("pango-1.0", "libpango-1.0-0"),
    "libpangoft2-1.0.so.0": ("pangoft2-1.0", "libpangoft2-1.0-0"),
    "libharfbuzz-subset.so.0": ("harfbuzz-subset", "libharfbuzz-subset0"),
}


def is_loadable(file: str, name: str) -> bool:
    try:
        ctypes.CDLL(find_library(name) or file)
    except OSError:
        return False
    return True


def missing_packages() -> list[str]:
    """Debian packages to install before letters and reports can be made."""
    return [package for file, (name, package) in LIBRARIES.items() if not is_loadable(file, name)]


def main() -> int:
    packages = missing_packages()
    if packages:
        sys.stderr.write(
            "Letters and reports are made with Pango, which this machine lacks. On Debian or Ubuntu:\n\n"
            f"    apt-get install {' '.join(packages)}\n\n"
        )
    return 1 if packages else 0


if __name__ == "__main__":
    sys.exit(main())

"""Says what the machine lacks, before anything fails for the lack of it. Run by the Makefile."""

import ctypes
import os
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

# What WeasyPrint loads, and the Debian package that brings it.
NEEDED = {
    "libpango-1.0.so.0": ("pango-1.0", "libpango-1.0-0"),
    "libpangoft2-1.0.so.0": ("pangoft2-1.0", "libpangoft2-1.0-0"),
}
ADVISED = {"libharfbuzz-subset.so.0": ("harfbuzz-subset", "libharfbuzz-subset0")}


def is_loadable(file: str, name: str) -> bool:
    try:
        ctypes.CDLL(find_library(name) or file)
    except OSError:
        return False
    return True


def missing_packages(libraries: dict[str, tuple[str, str]]) -> list[str]:
    """Debian packages that bring those of the libraries that cannot be loaded."""
    return [package for file, (name, package) in libraries.items() if not is_loadable(file, name)]


def may_install() -> bool:
    """Whether this is root on Debian or Ubuntu, where one line installs what lacks."""
    return os.geteuid() == 0 and Path("/usr/bin/apt-get").exists()


def install(packages: list[str]) -> None:
    """Install Debian packages. Raises CalledProcessError."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["/usr/bin/apt-get", "-qq", *command], check=True, env=environment, stdout=subprocess.DEVNULL)


def main() -> int:
    packages = missing_packages(NEEDED)
    if packages and may_install():
        sys.stderr.write(f"Letters and reports are made with Pango: installing {' '.join(packages)}.\n")
        try:
            install(packages)
        except (OSError, subprocess.CalledProcessError) as error:
            sys.stderr.write(f"{error}\n")
        packages = missing_packages(NEEDED)
    if packages:
        sys.stderr.write(
            "Letters and reports are made with Pango, which this machine lacks. On Debian or Ubuntu:\n\n"
            f"    apt-get install {' '.join(packages)}\n\n"
        )
        return 1
    if advised := missing_packages(ADVISED):
        sys.stderr.write(f"PDFs are made faster with one package more: apt-get install {' '.join(advised)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

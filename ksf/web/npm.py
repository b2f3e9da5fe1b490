"""Static files that npm installed or built: a fixed list, copied nowhere by hand.

``make setup`` (``npm ci && npm run build``) puts the sources in ``node_modules/`` and ``build/``.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, Storage

WEB = "node_modules/@digdir/designsystemet-web/dist/umd"
INTER = "node_modules/@fontsource-variable/inter/files"
FILES = {
    "css/ksf.css": "build/ksf.css",  # bundled from css/
    "vendor/designsystemet.css": "node_modules/@digdir/designsystemet-css/dist/src/index.css",
    "vendor/ksf-theme.css": "build/theme/ksf.css",
    "vendor/designsystemet-web.js": f"{WEB}/index.js",
    "vendor/index.js.map": f"{WEB}/index.js.map",  # the script names it; the manifest storage insists on it
    "vendor/inter-latin.woff2": f"{INTER}/inter-latin-wght-normal.woff2",
    "vendor/inter-latin-ext.woff2": f"{INTER}/inter-latin-ext-wght-normal.woff2",
}
Messages = list[CheckMessage]  # the class below has a method of the name ``list``
HINT = "Run `make setup`, or `npm ci && npm run build`."


class NpmStorage(FileSystemStorage):
    """Reads the names in ``FILES`` from where npm put the files."""

    def path(self, name: str) -> str:
        return str(source(name))


class NpmFinder(BaseFinder):
    """Finds the files in ``FILES`` and nothing else of ``node_modules``."""

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Return the file behind a name; an empty list for a name not in ``FILES``."""
        if path not in FILES:
            return []
        found = str(source(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None = None) -> Iterator[tuple[str, Storage]]:  # noqa: ARG002
        """Yield every name with its storage, for ``collectstatic``."""
        storage = NpmStorage(location=settings.BASE_DIR)
        for name in FILES:
            source(name)
            yield name, storage

    def check(self, **_kwargs: Any) -> Messages:
        """Report what is not installed, so that ``manage.py check`` says it before a page does."""
        missing = [name for name, path in FILES.items() if not (settings.BASE_DIR / path).is_file()]
        if not missing:
            return []
        return [Error(f"Static files are not installed: {', '.join(missing)}.", hint=HINT, id="ksf.E001")]


def source(name: str) -> Path:
    """Return where the file behind a name lies; ``ImproperlyConfigured`` says how to install it."""
    path = Path(settings.BASE_DIR) / FILES[name]
    if not path.is_file():
        raise ImproperlyConfigured(f"{path} is missing. {HINT}")
    return path

"""Files on their way in that are too large for the memory."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class TemporaryUploadHandler(TemporaryFileUploadHandler):
    """Django's, but what found no room on the disk is gone at once: Django leaves it there until memory is tidied."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with self._nothing_half_kept():
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        with self._nothing_half_kept():
            return super().file_complete(file_size)

    @contextmanager
    def _nothing_half_kept(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            with suppress(OSError):  # closing it writes what is left, which finds no room either
                self.file.close()
            raise

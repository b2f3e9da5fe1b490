"""Files made to fill the memory, to hide what they are, or to carry a virus: each is refused in words (X9)."""

import io
import resource
import struct
import subprocess
import sys
import warnings
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from ksf import archives, files, scanner
from tests.attacks.clamd import EICAR, FakeClamd

MEGABYTE = 1024 * 1024
OFFICE = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}


def packed(parts, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def bomb(name, *, unpacked, says=None):
    """An archive with one part that unpacks to ``unpacked`` bytes of nothing and says it is ``says``."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    megabyte = deflate.compress(bytes(MEGABYTE)) + deflate.flush(zlib.Z_FULL_FLUSH)  # a full flush may be repeated
    data = megabyte * (unpacked // MEGABYTE) + deflate.flush()
    says = unpacked if says is None else says
    facts = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, 0, len(data), says, len(name), 0)
    directory = b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name.encode()
    start = b"PK\x03\x04" + facts + name.encode() + data
    return start + directory + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(directory), len(start), 0)


def twice(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, warnings.catch_warnings(action="ignore"):
        for name, content in [*parts.items(), *parts.items()]:
            archive.writestr(name, content)
    return file.getvalue()


def locked():
    content = bytearray(packed(OFFICE))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(mark, place + 4)
    return bytes(content)


def nested(times):
    content = packed(OFFICE)
    for _time in range(times):
        content = packed({**OFFICE, "word/embeddings/inner.docx": content})
    return content


def receive(content, kinds=("docx", "pdf", "ods"), name="vedlegg.docx"):
    upload = SimpleUploadedFile(name, content)
    return files.receive(upload, kinds=kinds, most=10 * MEGABYTE, other_kind="En annen type fil.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bomb("mimetype", unpacked=300 * MEGABYTE), "for stor"),
        (bomb("mimetype", unpacked=40 * MEGABYTE), "for stor"),
        (bomb("word/document.xml", unpacked=1024 * MEGABYTE), "for stor"),
        (packed({**OFFICE, **{f"{number}": b"" for number in range(archives.MOST_PARTS)}}), "for stor"),
        (nested(3), "for stor"),
        (packed({**OFFICE, "word/embeddings/x.zip": bomb("x", unpacked=200 * MEGABYTE)}), "for stor"),
        (twice(OFFICE), "ødelagt"),
        (locked(), "passord"),
        (packed(OFFICE)[:-30], "ødelagt"),
        (b"PK\x03\x04" + b"\xff" * 500, "ødelagt"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text"}), "annen type"),
        (b"MZ\x90\0 %PDF-1.7", "annen type"),
        (b"<html><script>1</script> %PDF-1.7", "annen type"),
        (b" " * 1_020 + b"%PDF-1.7", "annen type"),
        (b"%PDF-1.7" + bytes(10 * MEGABYTE), "større enn 10 MB"),
    ],
)
def test_what_is_not_to_be_opened_is_refused_in_words(content, said):
    with pytest.raises(ValidationError, match=said):
        receive(content)


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        b"\xef\xbb\xbf%PDF-1.4",
        b"\n" * 1_000 + b"%PDF-1.7",
        packed(OFFICE),
        packed({**OFFICE, "word/document.xml": b"<w>Behovet er stort.</w>" * 100_000}),
        nested(1),
    ],
)
def test_ordinary_files_come_in(content):
    assert receive(content).content == content


def test_a_part_that_says_it_is_small_is_read_no_further_than_it_says():
    """The directory is what the bomb's maker wrote; reading stops at what was asked for, whatever is packed."""
    content = bomb("mimetype", unpacked=600 * MEGABYTE, says=100)
    script = (
        "import sys, resource; from ksf import archives\n"
        "content = sys.stdin.buffer.read(); before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: archives.check(content)\n"
        "except archives.BadArchive: pass\n"
        "archives.beginning(content, 'mimetype', 50)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=content, capture_output=True, check=True)
    assert int(done.stdout) < 20 * 1024  # kilobytes


def test_judging_a_bomb_of_ten_gigabytes_takes_no_memory():
    content = bomb("mimetype", unpacked=64 * MEGABYTE, says=2**32 - 2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert files.kind_of(content) is None
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


@pytest.fixture
def clamd(settings):
    fake = FakeClamd()
    settings.CLAMD_ADDRESS = fake.address
    yield fake
    fake.close()
    assert fake.faults == []


class TestScanner:
    def test_a_virus_is_named_and_the_file_not_kept(self, clamd):
        with pytest.raises(ValidationError, match="Eicar-Test-Signature"):
            receive(b"%PDF-1.7 " + EICAR)

    @pytest.mark.parametrize("size", [0, 1, scanner.CHUNK, scanner.CHUNK + 1, 5 * MEGABYTE])
    def test_every_byte_is_scanned_in_the_protocol_s_own_chunks(self, clamd, size):
        content = b"%PDF-1.7" + bytes(size)
        assert receive(content).kind == "pdf"
        assert clamd.scanned == [content]

    @pytest.mark.parametrize("answer", [b"", b"INSTREAM: Can't open. ERROR\0", b"stream: OK?\0", b"\xff"])
    def test_only_a_clear_yes_counts(self, settings, answer):
        fake = FakeClamd(answer)
        settings.CLAMD_ADDRESS = fake.address
        with pytest.raises(ValidationError, match="kunne ikke kontrolleres for virus"):
            receive(b"%PDF-1.7")
        fake.close()

    def test_a_file_past_the_scanner_s_own_limit_is_refused(self, settings):
        fake = FakeClamd(most=MEGABYTE)
        settings.CLAMD_ADDRESS = fake.address
        with pytest.raises(ValidationError, match="kunne ikke kontrolleres for virus"):
            receive(b"%PDF-1.7" + bytes(5 * MEGABYTE))
        fake.close()

    @pytest.mark.parametrize("address", ["127.0.0.1:1", "/finnes/ikke/clamd.ctl"])
    def test_without_its_scanner_nothing_comes_in(self, settings, address):
        settings.CLAMD_ADDRESS = address
        with pytest.raises(ValidationError, match="kunne ikke kontrolleres for virus"):
            receive(b"%PDF-1.7")

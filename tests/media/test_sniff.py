"""A file is what its bytes say."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.media import UnsupportedFileError, inspect_file
from pendopo.media.sniff import HEAD_BYTES, PAGE, PROGRAM, UNKNOWN, is_polyglot, is_program_name, sniff_type
from pendopo.testing.pictures import make_jpeg
from PIL.PngImagePlugin import PngInfo

from .files import find_refusal, inspect_bytes, make_picture, make_zip


@pytest.mark.parametrize(
    "behind", [make_zip(), b"<script>alert(1)</script>", b"<?php system(1);"], ids=["archive", "script", "php"]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_a_picture_that_is_something_else_too_is_refused(tmp_path: Path, behind: bytes, kind: str) -> None:
    assert find_refusal(tmp_path, make_picture(kind) + behind) == "two_faced"


def test_a_page_hidden_before_the_pixels_is_refused(tmp_path: Path) -> None:
    assert find_refusal(tmp_path, make_picture("JPEG", comment=b"<script>alert(1)</script>")) == "two_faced"


def test_a_paper_with_an_archive_behind_it_is_refused(tmp_path: Path) -> None:
    assert find_refusal(tmp_path, b"%PDF-1.7\n%%EOF\n" + make_zip(), photo=False) == "two_faced"


def test_the_film_that_phones_put_behind_a_photo_is_left_in_peace(tmp_path: Path) -> None:
    film = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 4000 + b"PK\x05\x06 by chance" + b"\x01" * 90_000
    assert inspect_bytes(tmp_path, make_jpeg() + film).picture is not None


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (make_zip(), "application/zip"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 30, "video/mp4"),
        (b"OggS" + b"\x00" * 30, "audio/ogg"),
        ("Catatan: débit air naik".encode(), "text/plain"),
        (b"\x00\x01\x02\x03", "application/octet-stream"),
    ],
)
def test_other_files_are_called_what_they_are(tmp_path: Path, data: bytes, mime: str) -> None:
    assert inspect_bytes(tmp_path, data, photo=False).mime == mime


BEGINNINGS = (
    b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"RIFF\0\0\0\0WEBP",
    b"\0\0\0\x18ftypheic",
    b"<html", b"<?xml <svg", b"MZ", b"#!/", b"\xef\xbb\xbf", b"\x1f\x8b", b" \n<!doctype html",
)  # fmt: skip


@given(
    head=st.binary(max_size=200) | st.builds(bytes.__add__, st.sampled_from(BEGINNINGS), st.binary(max_size=60)),
    tail=st.binary(max_size=60),
)
def test_any_bytes_have_a_type_and_are_of_two_minds_or_not(head: bytes, tail: bytes) -> None:
    mime = sniff_type(head)
    assert "/" in mime
    assert sniff_type(head + b"\xff" * HEAD_BYTES) != "text/plain"
    assert isinstance(is_polyglot(mime, head, tail), bool)


@pytest.mark.parametrize(
    "words",
    [
        "ID3 Kelurahan,nama\nDago,Rina\n",
        "Beliftyp adalah nama orang",
        "GIF89a adalah jenis gambar",
        "BM Setiabudi, daftar barang milik daerah",
        "RIFF1234WEBP bukan gambar",
        "OggS dan kawan-kawan",
        "fLaC, jenis suara",
        "#!AMR\nCatatan rapat",
        "#!/ catatan penting",
        "MZ Arifin, Camat Coblong, hadir pada rapat hari Senin tanggal sepuluh Agustus dua ribu dua puluh enam",
        "%PDF-1.7 adalah jenis berkas",
        "Tag <html> dan <script> ditulis di awal halaman.",
        "7z, RAR dan ZIP diterima",
    ],
)
def test_words_are_no_file_of_another_kind(tmp_path: Path, words: str) -> None:
    assert inspect_bytes(tmp_path, words.encode(), photo=False).mime == "text/plain"
    assert inspect_bytes(tmp_path, b"\xff\xfe" + words.encode("utf-16-le"), photo=False).mime == "text/plain"


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (b"ID3\x04\x00\x00\x00\x00\x0f\x76TSSE", "audio/mpeg"),
        (b"\xff\xfb\x90\x64\x00", "audio/mpeg"),
        (b"\xff\xfb\xff\x64\x00", UNKNOWN),
        (b"#!AMR\n\x3c\x91\x17\x16", "audio/amr"),
        (b"fLaC\x00\x00\x00\x22\x10\x00", "audio/flac"),
        (b"\x1f\x8b\x08\x00\x00\x00", "application/gzip"),
        (b"\x1f\x8b\xc3\xa9", UNKNOWN),
        (b"RIFF\x24\x08\x00\x00WAVEfmt ", "audio/wav"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x20ftypqt  ", "video/quicktime"),
        (b"%PDF-1.4 \n%\xe2\xe3\xcf\xd3", "application/pdf"),
        (b"MZ\x41\x41" + b"\x00" * 60 + b"PE", PROGRAM),
    ],
)
def test_a_type_has_fields_that_fit(head: bytes, mime: str) -> None:
    assert sniff_type(head) == mime


@pytest.mark.parametrize(
    "data",
    [
        b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46",
        b"@echo off\r\ndel *.*",
        b"#! /usr/bin/env python3\n",
        b"<!-- logo --><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?>\n<!-- a --><!-- b -->\n<svg:svg/>",
        b"\x0c<html><body>",
        b"halo <html><script>alert(1)</script></html>",
        b"halo\n<!DOCTYPE html><p>",
        b"dan <script>alert(1)</script>",
        "<svg onload='alert(1)'>".encode("utf-16"),
        "<svg onload='alert(1)'>".encode("utf-16-be"),
        "<html>é".encode("latin-1"),
    ],
)
def test_programs_and_pages_are_known_by_their_structure(tmp_path: Path, data: bytes) -> None:
    assert sniff_type(data) in (PROGRAM, PAGE)
    assert find_refusal(tmp_path, data, photo=False) == "forbidden"


def test_comments_without_end_take_no_time() -> None:
    assert sniff_type(b"<!-- --> " * 400 + b"<!--" * 100) == "text/plain"


@pytest.mark.parametrize(
    "name",
    [
        *("hapus.bat", "laporan.HTA", "a.js", "surat.pdf.lnk", "x.ps1", "logo.svg", "logo.SVGZ", "undangan.apk", "a.exe. "),
        *("a.bat::$DATA", "10:00.bat", "a.ｂａｔ", "a.b\u200bat", "a.\u202etab.bat", "surat.html", "a.vbs", ".js"),
    ],
)
def test_a_name_that_a_device_runs_is_refused(tmp_path: Path, name: str) -> None:
    assert is_program_name(name)
    (tmp_path / "file").write_bytes(b"hanya kata-kata")
    with pytest.raises(UnsupportedFileError, match="forbidden"):
        inspect_file(tmp_path / "file", name=name)


@pytest.mark.parametrize(
    "name", ["laporan.pdf", "bat", "js", "a.bat.pdf", "daftar.csv", "foto.jpeg", "", "nota.docx", "a.exe_"]
)
def test_a_name_that_no_device_runs_is_taken(name: str) -> None:
    assert not is_program_name(name)


@pytest.mark.parametrize(
    "words", ["exported from laporan.pdf, %PDF-1.7", "dibuat dengan <?php dan <html>", "tag <script", "PK\x05\x06"]
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_words_in_a_pictures_metadata_are_no_second_face(tmp_path: Path, words: str, kind: str) -> None:
    notes = PngInfo()
    notes.add_text("Comment", words)
    more = {"pnginfo": notes} if kind == "PNG" else {"comment": words.encode()}
    assert inspect_bytes(tmp_path, make_picture(kind, **more)).picture is not None


def test_a_paper_in_a_pictures_metadata_is_a_second_face(tmp_path: Path) -> None:
    paper = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF"
    assert find_refusal(tmp_path, make_picture("JPEG", comment=paper)) == "two_faced"

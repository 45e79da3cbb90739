"""PDF papers of an office: letterhead, headings, paragraphs, tables, pictures and signatures, in a Unicode font."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
"""DejaVu is shipped along: the PDF standard fonts lack letters beyond Latin-1."""
FAMILY = "DejaVu"
MARGIN, LINE = 20.0, 6.0
"""Millimetres, the unit of the PDF library."""
GREY = 90


class Paper:
    """An A4 paper. `head` are the lines at its top (the office), `title` its name; `made_at` is its creation date."""

    MIME = "application/pdf"

    def __init__(self, title: str, head: Sequence[str] = (), made_at: datetime | None = None) -> None:
        from fpdf import FPDF

        self._pdf: Any = FPDF(format="A4")
        self._pdf.set_margins(MARGIN, MARGIN, MARGIN)
        self._pdf.set_auto_page_break(True, margin=MARGIN)
        self._pdf.add_font(FAMILY, "", FONTS / "DejaVuSans.ttf")
        self._pdf.add_font(FAMILY, "B", FONTS / "DejaVuSans-Bold.ttf")
        self._pdf.set_title(title)
        if made_at is not None:
            self._pdf.set_creation_date(made_at)
        self._pdf.add_page()
        for number, line in enumerate(head):
            self._write_text(line.upper() if not number else line, 12 if not number else 10, bold=not number, align="C")
        if head:
            self._pdf.line(MARGIN, self._pdf.get_y() + 2, self._pdf.w - MARGIN, self._pdf.get_y() + 2)
            self._pdf.ln(LINE + 2)
        self._write_text(title, 14, bold=True, align="C")
        self._pdf.ln(LINE)

    def add_heading(self, text: str) -> None:
        """Adds a heading."""
        self._pdf.ln(LINE / 2)
        self._write_text(text, 11, bold=True)

    def add_paragraph(self, text: str) -> None:
        """Adds a paragraph."""
        self._write_text(text, 10)
        self._pdf.ln(LINE / 3)

    def add_facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Adds names and values side by side."""
        self.add_table((), rows, widths=(30, 70), borders=False)

    def add_table(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int] = (), borders: bool = True
    ) -> None:
        """Adds a table; its head is repeated on every page."""
        self._pdf.set_font(FAMILY, "", 9)
        style = {
            "first_row_as_headings": bool(head),
            "borders_layout": "ALL" if borders else "NONE",
            "line_height": LINE - 1,
            "padding": 1,
        }
        lines = [head, *rows] if head else rows
        with self._pdf.table(col_widths=tuple(widths) or None, **style) as table:
            for line in lines:
                row = table.row()
                for cell in line:
                    row.cell(_strip_undrawable(str(cell)))
        self._pdf.ln(LINE / 2)

    def add_pictures(self, files: Sequence[Path], columns: int = 2) -> None:
        """Adds pictures in rows, upright and without the metadata of their files, such as the place."""
        width = (self._pdf.w - 2 * MARGIN - (columns - 1) * 4) / columns
        for at in range(0, len(files), columns):
            top, height = self._pdf.get_y(), width * 0.75
            if top + height > self._pdf.h - MARGIN:
                self._pdf.add_page()
                top = self._pdf.get_y()
            for number, file in enumerate(files[at : at + columns]):
                left = MARGIN + number * (width + 4)
                self._pdf.image(_read_upright(file), x=left, y=top, w=width, h=height, keep_aspect_ratio=True)
            self._pdf.set_y(top + height + 4)

    def add_signatures(self, blocks: Sequence[Sequence[str]]) -> None:
        """Adds signature blocks side by side: the lines above and below the space for each."""
        self._pdf.ln(LINE)
        if self._pdf.get_y() > self._pdf.h - 60:
            self._pdf.add_page()
        width, top = (self._pdf.w - 2 * MARGIN) / max(1, len(blocks)), self._pdf.get_y()
        for number, lines in enumerate(blocks):
            self._pdf.set_font(FAMILY, "", 10)
            for step, line in enumerate(lines):
                gap = 20 if step == len(lines) - 1 else 0
                self._pdf.set_xy(MARGIN + number * width, top + step * LINE + gap)
                self._pdf.cell(width, LINE, _strip_undrawable(line), align="C")
        self._pdf.set_y(top + (max(map(len, blocks), default=0) + 1) * LINE + 20)

    def add_note(self, text: str) -> None:
        """Adds small print, such as the proof of the paper."""
        self._pdf.set_text_color(GREY)
        self._write_text(text, 7)
        self._pdf.set_text_color(0)

    def to_bytes(self) -> bytes:
        """Returns the finished file."""
        return bytes(self._pdf.output())

    def _write_text(self, text: str, size: int, bold: bool = False, align: str = "L") -> None:
        self._pdf.set_font(FAMILY, "B" if bold else "", size)
        self._pdf.multi_cell(0, LINE, _strip_undrawable(text), align=align, new_x="LMARGIN", new_y="NEXT")


def _strip_undrawable(text: str) -> str:
    """Removes what the fonts cannot draw: emoji and control characters."""
    return "".join(letter for letter in text if letter == "\n" or (letter.isprintable() and ord(letter) < 0x10000))


def _read_upright(file: Path) -> Any:
    """Reads a picture turned upright, as pixels only."""
    from PIL import Image, ImageOps

    with Image.open(file) as picture:
        return ImageOps.exif_transpose(picture).convert("RGB")

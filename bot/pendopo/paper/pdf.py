"""PDF papers of an office: letterhead, headings, paragraphs, tables, pictures and signatures, in a Unicode font."""

from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pendopo.paper.letters import MISSING, needs_shaping, spell_drawable

FONTS = Path(__file__).parent / "fonts"
"""DejaVu is shipped along: the PDF standard fonts lack letters beyond Latin-1."""
FAMILY = "DejaVu"
REGIONAL = ("NotoSansJavanese", "NotoSansSundanese")
"""Fonts of the region's own scripts, opened by a paper that has letters of them; Arabic and Hebrew are in DejaVu."""
LIGATURES = {"liga": False, "clig": False, "dlig": False}
"""Shaping leaves the optional ligatures away, so that readers of the file find the letters that were typed."""
MARGIN, LINE = 20.0, 6.0
"""Millimetres, the unit of the PDF library."""
GREY = 90
ROW_LINES = 24
"""Lines of one row of a table; a longer cell goes on in the next row. With its head such a row fits onto a page."""
HEAD_LINES = 8
"""Lines of the head of a table, which is repeated on every page; a longer one is written once, as a row."""
NARROWEST = 11.0
"""Millimetres of a column; a table with more columns than that is written as paragraphs."""
SIGNATURE_LINES = 12
"""Lines of a signature block; longer ones are written as paragraphs."""


class Paper:
    """An A4 paper. `head` are the lines at its top (the office), `title` its name; `made_at` is its creation date."""

    MIME = "application/pdf"

    def __init__(self, title: str, head: Sequence[str] = (), made_at: datetime | None = None) -> None:
        from pendopo.paper.fallback_fonts import FallbackPdf

        self._pdf: Any = FallbackPdf(format="A4")
        self._shaping = False
        self._pdf.set_margins(MARGIN, MARGIN, MARGIN)
        self._pdf.set_auto_page_break(True, margin=MARGIN)
        self._pdf.add_font(FAMILY, "", FONTS / "DejaVuSans.ttf")
        self._pdf.add_font(FAMILY, "B", FONTS / "DejaVuSans-Bold.ttf")
        self._common = self._prepare_letters()
        self._drawable = frozenset(each for each in self._common if not needs_shaping(chr(each)))
        self._pdf.set_title(self._spell(title))
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
        """Adds a table; its head is repeated on every page. Cells may be of any length: they run over rows and pages."""
        self._pdf.set_font(FAMILY, "", 9)
        columns = max(map(len, (head, *rows)), default=0)
        shares = [*widths[:columns], *[max(1, sum(widths) // max(1, len(widths)))] * (columns - len(widths))]
        wide = [self._pdf.epw * share / sum(shares) for share in shares]
        if not columns or min(wide) < NARROWEST:
            self._write_plain_rows(head, rows)
            return
        heading = self._split_row(head, wide, bold=True) if head else []
        repeated = len(heading) == 1 and max(cell.count("\n") for cell in heading[0]) < HEAD_LINES
        lines = [part for row in rows for part in self._split_row(row, wide)]
        style = {
            "first_row_as_headings": repeated,
            "borders_layout": "ALL" if borders else "NONE",
            "line_height": LINE - 1,
            "padding": 1,
        }
        with self._pdf.table(col_widths=tuple(shares), **style) as table:
            for line in (*heading, *lines):
                table.row(line)
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
                self._place_picture(file, left, top, width, height)
            self._pdf.set_y(top + height + 4)

    def add_signatures(self, blocks: Sequence[Sequence[str]]) -> None:
        """Adds signature blocks side by side: the lines above and below the space for each."""
        self._pdf.ln(LINE)
        self._pdf.set_font(FAMILY, "", 10)
        width = self._pdf.epw / max(1, len(blocks))
        wrapped = [[self._wrap(line, width) for line in lines] for lines in blocks]
        tallest = max((sum(map(len, lines)) for lines in wrapped), default=0)
        if width < 3 * NARROWEST or tallest > SIGNATURE_LINES:
            self._write_plain_rows((), blocks)
            return
        if self._pdf.get_y() + (tallest + 1) * LINE + 20 > self._pdf.h - MARGIN:
            self._pdf.add_page()
        top = self._pdf.get_y()
        for number, lines in enumerate(wrapped):
            self._write_signature(lines, MARGIN + number * width, top, width)
        self._pdf.set_y(top + (tallest + 1) * LINE + 20)

    def add_note(self, text: str) -> None:
        """Adds small print, such as the proof of the paper."""
        self._pdf.set_text_color(GREY)
        self._write_text(text, 7)
        self._pdf.set_text_color(0)

    def to_bytes(self) -> bytes:
        """Returns the finished file."""
        return bytes(self._pdf.output())

    def _prepare_letters(self) -> frozenset[int]:
        """Returns the code points that both fonts have."""
        self._pdf.alias_nb_pages(None)  # or "{nb}" in somebody's words would become the number of pages
        plain, bold = (frozenset(self._pdf.fonts[f"{FAMILY.lower()}{style}"].cmap) for style in ("", "B"))
        return plain & bold

    def _write_text(self, text: str, size: int, bold: bool = False, align: str = "L") -> None:
        self._pdf.set_font(FAMILY, "B" if bold else "", size)
        self._pdf.multi_cell(0, LINE, self._spell(text), align=align, new_x="LMARGIN", new_y="NEXT")

    def _place_picture(self, file: Path, left: float, top: float, width: float, height: float) -> None:
        """Draws a picture, or marks the place of one that cannot be read."""
        try:
            self._pdf.image(_read_upright(file), x=left, y=top, w=width, h=height, keep_aspect_ratio=True)
        except (OSError, ValueError, SyntaxError, MemoryError):  # what Pillow raises for files that are gone, broken or huge
            self._pdf.set_font(FAMILY, "", 10)
            self._pdf.set_xy(left, top)
            self._pdf.cell(width, height, MISSING, border=1, align="C")

    def _write_signature(self, lines: Sequence[Sequence[str]], left: float, top: float, width: float) -> None:
        for step, parts in enumerate(lines):
            top += 20 if step == len(lines) - 1 else 0
            for part in parts:
                self._pdf.set_xy(left, top)
                self._pdf.cell(width, LINE, part, align="C")
                top += LINE

    def _write_plain_rows(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Writes each row as a paragraph, its cells under each other behind their names."""
        for row in rows or [head]:
            names = zip_longest(head, row, fillvalue="") if rows else ((cell, "") for cell in row)
            self.add_paragraph("\n".join(f"{name}: {cell}" if name and cell else f"{name}{cell}" for name, cell in names))

    def _split_row(self, row: Sequence[str], wide: Sequence[float], bold: bool = False) -> list[list[str]]:
        """Splits a row into rows of at most `ROW_LINES` lines each."""
        padded = [*map(str, row), *[""] * (len(wide) - len(row))]
        cells = [self._wrap(cell, width - 2, bold) for cell, width in zip(padded, wide, strict=True)]
        tallest = max(map(len, cells))
        return [["\n".join(cell[at : at + ROW_LINES]) for cell in cells] for at in range(0, max(1, tallest), ROW_LINES)]

    def _wrap(self, text: str, width: float, bold: bool = False) -> list[str]:
        """Returns the lines that a text takes in a cell of this width in millimetres."""
        if not (drawable := self._spell(text)):
            return []
        self._pdf.set_font(style="B" if bold else "")
        # A little narrower than the cell, so that each line is one line there too.
        found = self._pdf.multi_cell(width - 0.2, LINE, drawable, align="L", dry_run=True, output="LINES")
        self._pdf.set_font(style="")
        return [str(line) for line in found]

    def _spell(self, text: str) -> str:
        if not self._shaping and needs_shaping(text):
            self._start_shaping()
        return spell_drawable(text, self._drawable)

    def _start_shaping(self) -> None:
        """Opens the fonts for scripts that are shaped; without HarfBuzz their letters count as missing."""
        self._shaping = True
        if find_spec("uharfbuzz") is None:
            return
        for name in REGIONAL:
            self._pdf.add_font(name, "", FONTS / f"{name}-Regular.ttf")
        self._pdf.set_fallback_fonts(REGIONAL, exact_match=False)
        self._pdf.set_text_shaping(True, features=LIGATURES)
        self._drawable = self._common.union(*(self._pdf.fonts[name.lower()].cmap for name in REGIONAL))


def _read_upright(file: Path) -> Any:
    """Reads a picture turned upright, as pixels only."""
    from PIL import Image, ImageOps

    with Image.open(file) as picture:
        return ImageOps.exif_transpose(picture).convert("RGB")

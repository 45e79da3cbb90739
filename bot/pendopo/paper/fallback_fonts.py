"""The PDF library, with its font set anew wherever it would forget it.

fpdf2 2.8 sets a page's font within the graphics state of the first line that begins with a fallback font, and that state ends
with the line: what follows in the page's own font has none, and readers show nothing.
"""

from typing import Any

from fpdf import FPDF


class FallbackPdf(FPDF):
    """An FPDF whose lines after one in a fallback font are seen."""

    def _perform_page_break(self) -> None:
        super()._perform_page_break()
        self._establish_font()

    def _render_styled_text_line(self, *args: Any, **options: Any) -> Any:
        self._establish_font()
        return super()._render_styled_text_line(*args, **options)

    def _establish_font(self) -> None:
        if self._fallback_font_ids and self.current_font is not None and not self.current_font_is_set_on_page:
            self._out(self._set_font_for_page(self.current_font, self.font_size_pt))

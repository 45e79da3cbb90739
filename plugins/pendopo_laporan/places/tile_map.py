"""Where the 30 kecamatan lie, as tiles: row and column, north above, roughly as on a map. Drawn by hand for this plugin."""

from collections.abc import Mapping

TILES: Mapping[str, tuple[int, int]] = {
    "Sukasari": (0, 1),
    "Cidadap": (0, 2),
    "Sukajadi": (1, 1),
    "Coblong": (1, 2),
    "Cibeunying Kaler": (1, 3),
    "Mandalajati": (1, 5),
    "Ujungberung": (1, 6),
    "Cibiru": (1, 7),
    "Andir": (2, 0),
    "Cicendo": (2, 1),
    "Bandung Wetan": (2, 2),
    "Cibeunying Kidul": (2, 3),
    "Antapani": (2, 4),
    "Arcamanik": (2, 5),
    "Cinambo": (2, 6),
    "Panyileukan": (2, 7),
    "Bandung Kulon": (3, 0),
    "Bojongloa Kaler": (3, 1),
    "Sumur Bandung": (3, 2),
    "Batununggal": (3, 3),
    "Kiaracondong": (3, 4),
    "Rancasari": (3, 5),
    "Gedebage": (3, 6),
    "Babakan Ciparay": (4, 0),
    "Astanaanyar": (4, 1),
    "Regol": (4, 2),
    "Lengkong": (4, 3),
    "Buahbatu": (4, 4),
    "Bojongloa Kidul": (5, 1),
    "Bandung Kidul": (5, 3),
}

__all__ = ["TILES"]

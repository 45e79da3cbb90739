"""The plugin, and the personal data it keeps."""

from pendopo import Plugin

from pendopo_laporan.models import Foto, Harap, Harian, Jejak, Laporan, Lepas, Siaga, Table
from pendopo_laporan.settings import LaporanOptions

plugin = Plugin("laporan", summary="Laporan wilayah", policy="known", tables=Table, options=LaporanOptions)
plugin.declare_personal_data(
    Laporan,
    subject="pelapor",
    text_fields=["isi", "tempat", "dampak", "kebutuhan", "lintang", "bujur", "sumber"],
    file_fields=["kolase", "grup"],
    since="dibuat",
)
plugin.declare_personal_data(
    Foto,
    subject="pengirim",
    text_fields=["nama", "ref", "catatan", "lintang", "bujur", "rupa"],
    file_fields=["asli", "bagikan", "mini"],
    since="diterima",
)
plugin.declare_personal_data(Lepas, subject="pengirim", text_fields=["berkas", "lintang", "bujur"], since="pada")
plugin.declare_personal_data(Harap, subject="siapa", text_fields=["catatan"])
plugin.declare_personal_data(Jejak, subject="oleh", text_fields=["catatan"])
plugin.declare_personal_data(Siaga, subject="siapa")
plugin.declare_personal_data(Harian, subject="pelapor")

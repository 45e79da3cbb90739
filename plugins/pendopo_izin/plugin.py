"""The plugin, and the personal data it keeps."""

from pendopo import Plugin

from pendopo_izin.models import Izin, Putusan, Table, Tanya
from pendopo_izin.settings import IzinOptions

plugin = Plugin("izin", summary="Permohonan izin", policy="known", tables=Table, options=IzinOptions)
plugin.declare_personal_data(
    Izin, subject="pemohon", text_fields=["keperluan", "alasan", "hasil"], file_fields=["lampiran"], since="selesai"
)
plugin.declare_personal_data(Putusan, subject="oleh", text_fields=["alasan"])
plugin.declare_personal_data(Tanya, subject="dari", text_fields=["isi", "jawaban"])

"""The plugin's value, and what it keeps of people."""

from pendopo import Plugin

from pendopo_disposisi.models import Disposisi, Surat, Table
from pendopo_disposisi.settings import DisposisiOptions

plugin = Plugin("disposisi", summary="Disposisi", policy="known", tables=Table, options=DisposisiOptions)
plugin.declare_personal_data(Disposisi, subject="dari", text_fields=["isi"])
plugin.declare_personal_data(Disposisi, subject="kepada", text_fields=["jawaban"], file_fields=["lampiran"])
plugin.declare_personal_data(Surat, subject="dari", text_fields=["perihal"], file_fields=["berkas"])

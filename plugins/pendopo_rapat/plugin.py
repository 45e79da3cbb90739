"""The plugin, and the personal data it keeps."""

from pendopo import Plugin

from pendopo_rapat.models.followups import Mundur, TindakLanjut
from pendopo_rapat.models.meetings import Jawaban, Peserta, Rapat, Table
from pendopo_rapat.models.minutes import Bahan, Butir, Langganan, Notulen, Seri
from pendopo_rapat.models.proposals import Keputusan, Suara, Usul
from pendopo_rapat.settings import RapatOptions

plugin = Plugin("rapat", summary="Rapat, keputusan dan tindak lanjut", policy="known", tables=Table, options=RapatOptions)
plugin.declare_personal_data(Rapat, subject="pembuat")
plugin.declare_personal_data(Peserta, subject="orang", text_fields=["alasan", "keterangan"], since="pada")
plugin.declare_personal_data(Jawaban, subject="orang")
plugin.declare_personal_data(Bahan, subject="orang", text_fields=["isi"], file_fields=["berkas"], since="pada")
plugin.declare_personal_data(Butir, subject="oleh")
plugin.declare_personal_data(Usul, subject="oleh")
plugin.declare_personal_data(Suara, subject="orang", text_fields=["alasan"], since="pada")
plugin.declare_personal_data(Keputusan, subject="oleh")
plugin.declare_personal_data(TindakLanjut, subject="siapa", text_fields=["catatan"], file_fields=["bukti"], since="selesai")
plugin.declare_personal_data(Mundur, subject="oleh", text_fields=["alasan"], since="pada")
plugin.declare_personal_data(Notulen, subject="oleh")
plugin.declare_personal_data(Seri, subject="pembuat")
plugin.declare_personal_data(Langganan, subject="orang")

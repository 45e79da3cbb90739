"""Words that say of what stands beside them that it is no time, or what it is counted from."""


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


PLACES = word_set(
    "jl jln jalan stadion gedung lapangan universitas univ taman tugu monumen kampus perum komplek kompleks sma smp gang gor"
    " masjid rs terminal untag pt cv street"
)
TITLES = word_set(
    "bu ibu pak bapak mas mbak teh teteh kang neng dik sdr sdri dr mr mrs ms bpk om tante aa a mang ceu nama jeng ceuceu kak"
    " bang"
)
MEASURES = word_set("nilai angka skor ipk harga suhu kurs versi usd rp rasio ukuran luas berat score")
UNITS = word_set(
    "kg meter ton liter km m cm mm ha hektar derajat gram orang x lembar unit buah paket peserta people persons poin kk bagian"
    " dus kursi eksemplar kali"
)
STATES = word_set("usia umur berumur berusia pengalaman age aged masa sudah garansi jabatan vonis telah")
DESCRIBING = word_set(
    "terakhir berjalan lalu silam pertama kedua ketiga berturut berturut-turut old yang sekali pelajaran terbang"
)
"""Words after a length that tells of something else: "evaluasi 3 bulan terakhir"."""
EVENTS = word_set(
    "rapat acara kegiatan meeting event upacara apel rakor pertemuan undangan sidang pelatihan deadline tenggat musrenbang"
    " berangkat tayang pelantikan webinar zoom briefing sosialisasi rapim seminar workshop hearing keberangkatan lebaran"
)
NO_ANCHOR = word_set("mulai dimulai acaranya rapatnya itu nya ini hari pelaksanaan start it waktunya")
FORMERLY = word_set("semula semulanya sedianya tadinya awalnya sebelumnya asalnya originally formerly")
"""Words before a time that no longer holds."""
CHANGED = word_set(
    "diganti digantikan ganti menjadi jadi diundur dimundurkan mundur dimajukan maju dipindah dipindahkan pindah digeser"
    " ditunda dialihkan diubah dirubah berubah rescheduled moved postponed changed dijadwalkan"
)
"""Words between a time that no longer holds and the one that does."""
BACKWARD = word_set("sejak semenjak sjk since saprak")
"""Words from which one looks back."""
DAYS_OFF = word_set("merah libur libur2 liburan holidays holiday nasional raya besar bersama")
"""Words of the days nobody works, whose exception is the caller's business: "kecuali tanggal merah"."""

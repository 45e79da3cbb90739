"""What people of a city hall write to each other in their groups, and not to a bot."""

CHATTER = [
    line
    for line in """
Assalamualaikum wr wb, selamat pagi Bapak/Ibu
Waalaikumsalam wr wb
Selamat pagi, izin menyampaikan agenda Bapak hari ini
Siap
Siap pak
Siap bu, laksanakan
Siap 86
86 ndan
Monggo
Mangga pak
Hatur nuhun
Nuhun kang
Sami-sami
Terima kasih infonya pak
Tks
🙏
🙏🙏🙏
👍
👍👍
✅
Ok
Oke pak
oke bu noted
Noted
Noted dgn hormat
Baik pak
Baik, segera ditindaklanjuti
Setuju
setuju pak sekda
saya setuju dengan usul pak camat
kurang setuju kalau dipindah
tidak setuju
tolak saja
tolak aja proposalnya
acc
acc pak?
sudah acc belum ya
Izin bertanya, rapat besok jadi?
izin share undangan dari provinsi
Izin info, jalan Dago macet total
Mohon izin menambahkan
mohon izin besok saya tidak di kantor
Izin pak besok saya terlambat
ijin tidak ikut apel pak, anak sakit
izin mendahului
izin pamit bapak ibu
Saya izin dulu ya, ada rapat di provinsi
cuti bersama jadinya tanggal berapa
cuti saya sudah habis
sakit apa pak?
semoga lekas sembuh pak Kadis
Pak Camat sedang sakit
banjir lagi di Gedebage
Banjir di Pasar Gedebage sudah surut pak
genangan 20 cm di Jl. Soekarno-Hatta
pohon tumbang di Cihampelas, tolong Kadis LH
sudah ditangani tim
tim sudah di lokasi
otw
otw lokasi
menyusul pak
merapat
merapat komandan
besok jam 9 ya di Balai Kota
besok jam 10 pindah ke Aula Timur
Jumat jam 13.30 kumpul di lapangan
Senin apel jam 7
Rapat dimundurkan ke jam 2
rapat batal
rapatnya di mana ya
rapat 12 jadi?
rapat jam berapa
undangan menyusul
undangan sudah dikirim ke email
mohon kehadirannya
mohon hadir tepat waktu
hadir
hadir pak
siap hadir
Hadir bu, terlambat 10 menit
hadir via zoom
diwakili sekdis
diwakilkan ke kabid
berhalangan pak, dinas luar
tidak bisa hadir mohon maaf
mohon maaf baru respon
mohon arahan pak
mohon petunjuk
tolong ingatkan saya nanti
ingatkan Pak Camat soal data kemiskinan
jangan lupa laporan bulanan
laporan sudah dikirim
laporan nihil
laporan kegiatan hari ini terlampir
Laporan giat Jumat bersih RW 05
lapor pak, wilayah aman
lapor ndan situasi kondusif
izin melaporkan situasi aman terkendali
1. Dinkes: dr. Rina
1. Dinkes: dr. Rina 2. Dishub: Pak Agus
1
2
3
12
1.
no 2
nomor 3
yang pertama saja
yang kedua
dua
ya
iya
ya pak
iya betul
tidak
tidak pak
belum
belum pak masih proses
sudah
sudah pak
sudah dikirim
selesai
selesai pak
beres
proses
masih proses pak
lanjut
lanjutkan
kirim
kirim saja
kirim ke saya ya
batal
batal ya
batalkan saja
kembali
kembali ke kantor jam 2
tutup saja jalannya
buka jam berapa
usul: apel dipindah ke lapangan
usul saya dibahas minggu depan
putusannya bagaimana
agenda besok apa saja
tindak lanjut rapat kemarin mana
tl nya sudah?
notulen kapan keluar
disposisi sudah turun
disposisi ke siapa pak
dispo sekda sudah ada
surat tugas sudah ditandatangani
surat izin usaha sudah terbit
izin usaha mikro 300 berkas
peta lokasi menyusul
galeri foto kegiatan ada di drive
foto menyusul
fotonya bagus pak
video sudah diupload
mantap
mantap pak camat
luar biasa
keren
alhamdulillah
Alhamdulillah lancar
innalillahi wa inna ilaihi rojiun
turut berduka cita
selamat ulang tahun pak
selamat bertugas
semangat
hati-hati di jalan
aamiin
aamiin yra
wkwk
hehe
😂
🤲
❤️
ini datanya pak
data per kelurahan terlampir
anggaran sudah masuk
anggaran perubahan 2,5 M
realisasi 87%
target 100%
40 cm pak
3 rumah terdampak
korban nihil
0812-3456-7890
nomor saya 081234567890
https://bit.ly/undangan-rakor
@Kadis PU tolong dicek
@Camat Coblong bagaimana?
cc Pak Sekda
mohon dibantu teruskan
diteruskan ke dinas terkait
kami tindak lanjuti
kami koordinasikan dengan PLN
sudah koordinasi dengan polsek
petugas piket siapa malam ini
piket malam: Budi, Asep
siapa yang piket
siapa di kantor?
pak kadis di kantor?
Bapak sedang rapat
Bapak Wali Kota tiba jam 9
rombongan sudah berangkat
parkir di belakang
pakai batik hari Jumat
seragam PDH
zoom link menyusul
link zoom: https://zoom.us/j/123
passcode 2026
sinyal jelek
suara putus-putus
mic nya mati
tes
test
tes 1 2 3
p
halo
min tolong
ada yang tahu nomor damkar?
113
hujan deras di utara
cuaca cerah
macet total di Pasteur
lampu merah mati di Simpang Dago
lampu jalan mati 3 titik
sampah menumpuk di TPS Ciroyom
besok libur?
tanggal merah ya besok
libur tanggal 17
17 Agustus upacara jam 7
Kamis dan Jumat bimtek
tgl 20 ke Jakarta
tgl 20-22 saya di Bali
demikian disampaikan, terima kasih
mohon maklum
wassalamualaikum
""".splitlines()
    if line
]
"""One message a line."""

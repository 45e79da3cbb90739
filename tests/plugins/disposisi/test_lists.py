"""What waits, what was handed on, and the tree of an item."""

from pendopo.testing import Story

from .steps import hand_down


async def test_each_person_lists_what_they_received_and_what_they_handed_on(story: Story) -> None:
    await story.camat.says("/disposisi saya")
    story.camat.sees("Tidak ada disposisi yang menunggu Anda")
    await hand_down(story)
    await hand_down(story, "/disposisi Camat Coblong rapikan berkas")
    await story.camat.says("/disposisi saya")
    assert story.camat.last.text.index("Cek pompa") < story.camat.last.text.index("Rapikan berkas"), "deadlines first"
    await story.sekda.says("/disposisi keluar")
    story.sekda.sees("Disposisi dari Anda yang belum selesai", "Cek pompa", "Rapikan berkas")
    await story.camat.says("/disposisi lihat 1")
    story.camat.sees("Disposisi #1", "Keadaan: belum diterima")
    await story.kadis.says("/disposisi lihat 1")
    story.kadis.sees("Disposisi #1 hanya dapat dilihat yang bersangkutan")

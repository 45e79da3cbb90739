"""Several izin decided at once: "/setuju 4, 5, 6" is read back once, and then decides each."""

import re
from typing import Annotated

from pendopo import Button, Context, Person, Phrase, Prompt, RestOfText, Typed, UserError, parse_row_number, phrase
from pendopo.pages import cut_words
from sqlmodel import select

from pendopo_izin import decisions
from pendopo_izin.models import OPEN, Izin, Status
from pendopo_izin.plugin import plugin
from pendopo_izin.policies import find_my_decision

MOST = 20
"""Most izin decided at once."""
LOOKED_AT = 500
"""Characters in which a list of numbers is looked for."""
_TOKEN = re.compile(r"\d+|[^\W\d]+|[^\w\s]")
_LED = frozenset(("izin", "no", "nomor", "nomer", "#", "."))
"""What may stand before a number."""
_JOINING = frozenset((",", ";", "&", "+", "/", "dan", "sareng", "jeung", "and"))
_COURTESY = frozenset(["ya", "pak", "bu", "bapak", "ibu", "semua", "semuanya", "saja", "aja", "!", "🙏", "👍"])


def read_numbers(text: str) -> list[int]:
    """Returns the numbers that a text is nothing but a list of ("4, 5 dan 6"); none for any other text."""
    words = [token[0].casefold() for token in _TOKEN.finditer(text[: LOOKED_AT + 1])]
    while words and words[-1] in _COURTESY:
        words.pop()
    numbers = [parse_row_number(word) for word in words if word.isdecimal()]
    other = any(word not in _LED | _JOINING for word in words if not word.isdecimal())
    if other or len(numbers) < 2 or len(text) > LOOKED_AT:
        return []
    return list(dict.fromkeys(number for number in numbers if number is not None))


def _begins_list(text: str) -> bool:
    """Whether a text begins with two numbers that something joins: "1 dan 2 kalau hujan"."""
    words = [token[0].casefold() for token in _TOKEN.finditer(text[:LOOKED_AT])]
    said = [word for word in words if word not in _LED]
    second = next((at for at, word in enumerate(said[1:], 1) if word not in _JOINING), 0)
    return second > 1 and said[0].isdecimal() and said[second].isdecimal()


def _split_first(text: str) -> tuple[str, str]:
    """Returns the number that a text begins with, and what follows; the whole text, and nothing, where it begins otherwise."""
    for token in _TOKEN.finditer(text[:LOOKED_AT]):
        if token[0].isdecimal() and (token.end() == len(text) or not text[token.end()].isalnum()):
            return token[0], text[token.end() :].lstrip(" \t\n,.;:").rstrip()
        if token[0].casefold() not in _LED:
            break
    return text, ""


@plugin.command("setuju", aliases=["acc"], examples=["/setuju 27", "/setuju 4, 5, 6"])
async def setuju(ctx: Context, nomor: Annotated[RestOfText, Prompt("izin.tanya.nomor")]) -> None:
    """Approve an izin that waits for me, with a note if need be, or several at once."""
    numbers = read_numbers(nomor)
    if len(numbers) > 1:
        await _read_back(ctx, numbers)
    elif _begins_list(nomor) and not numbers:
        raise UserError("izin.satu_per_satu")
    else:
        first, note = _split_first(nomor)
        known = {"catatan": note} if note and not numbers else {}
        await ctx.prompt_for(decisions.setujui, izin_id=Typed(first), **known)


async def _read_back(ctx: Context, numbers: list[int]) -> None:
    """Shows what would be approved, and what would not and why; decides nothing."""
    if len(numbers) > MOST:
        raise UserError("izin.terlalu_banyak", paling=MOST)
    lines: list[Phrase] = []
    fit: list[int] = []
    for number in numbers:
        izin = await ctx.first(select(Izin).where(Izin.id == number, Izin.status != Status.DRAFT))
        why = phrase("umum.tidak_ada", nomor=number) if izin is None else await _find_obstacle(ctx, izin)
        if izin is None or why is not None:
            lines.append(phrase("izin.tidak_ikut", nomor=number, sebab=why))
        else:
            fit.append(number)
            who = ctx.people.get_name(izin.pemohon)
            lines.append(
                phrase("izin.akan_disetujui", nomor=number, siapa=who, keperluan=cut_words(izin.keperluan, 80), waktu=izin.time)
            )
    if not fit:
        await ctx.reply(*lines)
        return
    label = phrase("izin.tombol.setujui_beberapa", jumlah=len(fit))
    yes = Button(label, setujui_beberapa, _encode_numbers(fit), allowed=ctx.person)
    no = Button("izin.tombol.belum", belum, allowed=ctx.person)
    await ctx.reply(phrase("izin.setujui_ini"), *lines, buttons=[yes, no])


async def _find_obstacle(ctx: Context, izin: Izin) -> Phrase | None:
    putusan, answer = await find_my_decision(ctx, izin)
    if putusan is None or izin.status not in OPEN:
        return answer.reason or phrase("izin.tidak_menunggu", nomor=izin.id)
    return None


def make_button(who: Person, numbers: list[int]) -> Button:
    """The button that reads several izin back, to be approved at once."""
    return Button("izin.tombol.baca_semua", baca_semua, _encode_numbers(numbers[:MOST]), allowed=who, reusable=True)


def _encode_numbers(numbers: list[int]) -> str:
    return " ".join(map(str, numbers))


@plugin.action()
async def baca_semua(ctx: Context, nomor: str) -> None:
    """Read several izin back before they are approved."""
    await _read_back(ctx, [int(each) for each in nomor.split()])


@plugin.action()
async def setujui_beberapa(ctx: Context, nomor: str) -> None:
    """Approve several izin that were read back; what was decided meanwhile is said."""
    lines: list[Phrase] = []
    done: list[str] = []
    for number in map(int, nomor.split()):
        izin = await ctx.get(Izin, number)
        why = await _find_obstacle(ctx, izin)
        if why is not None:
            lines.append(phrase("izin.tidak_ikut", nomor=number, sebab=why))
            continue
        ctx.acting_as = (await find_my_decision(ctx, izin))[1].capacity
        await decisions.setujui(ctx, number)
        done.append(f"#{number}")
    said = phrase("izin.beberapa_disetujui", daftar=", ".join(done)) if done else phrase("izin.tak_ada_disetujui")
    await ctx.update(said, *lines)


@plugin.action()
async def belum(ctx: Context) -> None:
    """Leave undecided what was read back."""
    await ctx.update("izin.belum_diputus")

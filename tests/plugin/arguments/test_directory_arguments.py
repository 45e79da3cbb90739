"""People, posts and units are named in words."""

from datetime import date
from typing import Annotated

from pendopo import After, Context, DateRange, Day, Message, Person, RestOfText
from pendopo.model import Chat, Mention, Post, Unit
from pendopo.plugin.arguments.signature import BoundArguments, ParseContext, dump_arguments, load_arguments, read_signature

from .handlers import NOW, PEOPLE, RINA, ZONE, bind_line, who


def test_a_name_nearly_right_offers_who_may_be_meant() -> None:
    assert ("Kadis PU", RINA) in bind_line(who, "Rima Hidayat").trouble["n"].options


def test_a_post_and_a_unit_are_named_in_words() -> None:
    async def handler(ctx: Context, jabatan: Post, siapa: Person, unit: Unit) -> None: ...

    bound = bind_line(handler, "Kadis Lama Kadis PU Dinas PU")
    assert bound.values == {"jabatan": PEOPLE.posts["lama"], "siapa": RINA, "unit": PEOPLE.units["pu"]}
    assert ("Kadis Lama", PEOPLE.posts["lama"]) in bind_line(handler, "Kadis Lame").trouble["jabatan"].options
    params = read_signature(handler)
    assert load_arguments(params, dump_arguments(params, bound.values), PEOPLE) == bound.values


def test_a_post_somebody_left_no_longer_names_them() -> None:
    assert "n" not in bind_line(who, "Kadis Lama").values


def test_a_mention_is_who_the_messenger_says_it_is() -> None:
    message = Message(key="1", chat=Chat("telegram", "1"), at=NOW, text="@rin", mentions=(Mention("@rin", "telegram:1"),))
    assert bind_line(who, "@rin", ParseContext(NOW, ZONE, PEOPLE, message)).values == {"n": RINA}


def bind_post(text: str) -> BoundArguments:
    async def handler(
        ctx: Context, orang: Person, jabatan: Annotated[Post | None, After("untuk", "sebagai")] = None, sisa: RestOfText = ""
    ) -> None: ...

    return bind_line(handler, text)


def test_a_post_behind_its_word_is_the_post_and_not_its_holder() -> None:
    bound = bind_post("Rina Hidayat untuk Kadis Lama no SP/7")
    assert bound.values == {"orang": RINA, "jabatan": PEOPLE.posts["lama"], "sisa": "no SP/7"}
    assert bind_post("untuk Kadis PU Rina Hidayat").values["jabatan"] == PEOPLE.posts["pu"]
    assert bind_post("Kadis PU sebagai Plh. Kadis Lama").values["jabatan"] == PEOPLE.posts["lama"]


def test_without_a_post_behind_it_the_word_stays() -> None:
    bound = bind_post("Rina Hidayat untuk sementara")
    assert (bound.values["jabatan"], bound.values["sisa"]) == (None, "untuk sementara")


def test_a_name_that_is_not_clear_leaves_the_rest_as_it_was() -> None:
    bound = bind_post("27 Rima Hidayat pasang karung")
    assert bound.trouble["orang"].args == {"tertulis": "Rima Hidayat"}
    assert bound.trouble["orang"].guessed
    assert bound.values["sisa"] == "27 pasang karung"


def test_a_person_is_named_beyond_doubt_by_reference() -> None:
    assert bind_line(who, f"@#{RINA.id}").values == {"n": RINA}
    assert "n" not in bind_line(who, "@#999999").values


def test_the_number_of_a_letter_is_no_time() -> None:
    async def handler(ctx: Context, waktu: Day | DateRange, sisa: RestOfText) -> None: ...

    bound = bind_line(handler, "no SP/7 sampai 20 Agustus")
    assert bound.values == {"waktu": DateRange(NOW.astimezone(ZONE).date(), date(2026, 8, 20)), "sisa": "no SP/7"}

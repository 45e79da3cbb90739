"""One family of errors: what speaks to people is not what speaks to operators, and each says what it means."""

import inspect

import pytest
from pendopo import errors

FAMILY = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.PendopoError)]


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_every_error_has_a_sentence_of_its_own(kind: type[errors.PendopoError]) -> None:
    assert (kind.__doc__ or "").strip()
    assert kind.__doc__ != errors.PendopoError.__doc__ or kind is errors.PendopoError


@pytest.mark.parametrize("kind", [errors.ConfigError, errors.StaleError, errors.PermanentSendError, errors.TemporarySendError])
def test_an_error_raised_without_words_says_its_sentence(kind: type[errors.PendopoError]) -> None:
    assert str(kind()) == (kind.__doc__ or "").strip()
    assert str(kind("other")) == "other"


def test_errors_for_people_operators_and_messengers_are_three_branches() -> None:
    branches = (errors.UserError, errors.OperatorError, errors.SendError)
    assert all(sum(issubclass(kind, branch) for branch in branches) <= 1 for kind in FAMILY)


def test_an_error_for_people_carries_its_sentence_and_its_words() -> None:
    error = errors.UserError("izin.waktu_lewat", param="waktu", waktu=7)
    assert (error.key, error.param, error.words, str(error)) == ("izin.waktu_lewat", "waktu", {"waktu": 7}, "izin.waktu_lewat")

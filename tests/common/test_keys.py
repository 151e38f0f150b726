"""Keys for sealing: one for each purpose, and the former ones still open."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet, InvalidToken
from pytest_django import Settings

from mentornet.common.keys import keys_for


def test_what_is_sealed_for_one_purpose_opens_for_no_other() -> None:
    sealed = keys_for(b"letters").encrypt(b"words")
    assert keys_for(b"letters").decrypt(sealed) == b"words"
    with pytest.raises(InvalidToken):
        keys_for(b"second steps").decrypt(sealed)


def test_former_secret_key_opens_what_it_has_sealed(settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the former one", []
    sealed = keys_for(b"letters").encrypt(b"words")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the present one", ["the former one"]
    assert keys_for(b"letters").decrypt(sealed) == b"words"
    with pytest.raises(InvalidToken):
        keys_for(b"letters", former=False).decrypt(sealed)


def test_key_is_derived_as_it_always_was(settings: Settings) -> None:
    # Another derivation would lock out everybody whose second step is sealed.
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a secret key", []
    known = Fernet(b"CN9ofgrvnoN8B-oPwF34yqn8Y2jqnN_UbQo1VfxtutQ=")
    assert keys_for(b"mentornet second factor").decrypt(known.encrypt(b"seed")) == b"seed"

"""Nothing from a tree can steer a terminal or deceive the eye."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recanon.safe_text import holds_deceptive, is_deceptive, safe_text

CONTROLS = [chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)]]
HIDDEN = [chr(code) for code in [0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda text: f"{ord(text):02x}")
def test_a_control_character_is_spelled_out(control: str) -> None:
    assert safe_text(f"a{control}b") == f"a\\x{ord(control):02x}b"


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda text: f"{ord(text):04x}")
def test_a_hidden_character_is_spelled_out_and_known(hidden: str) -> None:
    assert safe_text(f"a{hidden}b") == f"a<U+{ord(hidden):04X}>b"
    assert is_deceptive(f"a{hidden}b")


def test_bytes_hold_a_hidden_character_whichever_it_is() -> None:
    every = [char for char in map(chr, range(0x110000)) if is_deceptive(char)]
    assert set(HIDDEN) < set(every)
    assert all(holds_deceptive(b"a" + char.encode() + b"\xff") for char in every)


def test_bytes_that_begin_as_a_hidden_character_does_are_none() -> None:
    assert not holds_deceptive("naïve — “quoted” …".encode() + b"\xe2\x80")


def test_undecodable_bytes_are_spelled_out() -> None:
    assert safe_text(b"a\xff\x80".decode("utf-8", "surrogateescape")) == "a\\xff\\x80"
    assert safe_text("\ud800") == "<U+D800>"


def test_plain_text_stays() -> None:
    text = "def naïve(): return 'Grüße, 世界 🙂'"
    assert safe_text(text) == text
    assert not is_deceptive(text)


@given(st.text(alphabet=st.characters(codec=None)))
def test_what_comes_out_is_safe_and_stays_so(text: str) -> None:
    shown = safe_text(text)
    assert safe_text(shown) == shown
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert shown.encode().decode() == shown

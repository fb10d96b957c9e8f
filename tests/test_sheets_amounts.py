"""Amounts in capital numerals, against the published examples and read back."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exports.ledgers.amounts import amount_in_words, yuan

DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        # The examples of 《支付结算办法》, annex 1.
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        # And where programs go wrong.
        ("1234.50", "壹仟贰佰叁拾肆元伍角整"),
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.55", "伍角伍分"),
        ("10.00", "壹拾元整"),
        ("15.00", "壹拾伍元整"),
        ("100.00", "壹佰元整"),
        ("101.01", "壹佰零壹元零壹分"),
        ("1001.10", "壹仟零壹元壹角整"),
        ("10000.00", "壹万元整"),
        ("10001.00", "壹万零壹元整"),
        ("100100.00", "壹拾万零壹佰元整"),
        ("1010000.00", "壹佰零壹万元整"),
        ("100000000.00", "壹亿元整"),
        ("100000001.00", "壹亿零壹元整"),
        ("100001000.00", "壹亿零壹仟元整"),
        ("1000010000.00", "壹拾亿零壹万元整"),
        ("2000300040.00", "贰拾亿零叁拾万零肆拾元整"),
    ],
)
def test_amounts_are_written_by_the_rules_for_bills(amount, words):
    fen = int(amount.replace(".", ""))
    assert amount_in_words(fen) == f"人民币{words}"


def number_of(words: str) -> int:
    """A whole number as it is read aloud."""
    total = part = digit = 0
    for character in words:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in PLACES:
            part, digit = part + digit * PLACES[character], 0
        elif character == "万":
            part, digit = (part + digit) * 10_000, 0
        elif character == "亿":
            total, part, digit = (total + part + digit) * 10**8, 0, 0
    return total + part + digit


def fen_of(words: str) -> int:
    found = re.fullmatch(
        r"人民币(?:(?P<yuan>.+)元)?零?(?:(?P<jiao>.)角)?(?:(?P<fen>.)分|整)", words
    )
    assert found is not None, words
    digits = [DIGITS[found[name]] if found[name] else 0 for name in ("jiao", "fen")]
    return number_of(found["yuan"] or "") * 100 + digits[0] * 10 + digits[1]


@given(st.integers(0, 10**14 - 1))
@example(10**13 + 10**10)
def test_every_amount_reads_back_as_what_it_was(fen):
    words = amount_in_words(fen)
    assert fen_of(words) == fen
    assert "零零" not in words and "零万" not in words and "零亿" not in words
    assert words.endswith("分") or words.endswith("整")
    assert "零元" not in words or fen == 0


@given(st.integers(0, 10**9))
def test_amounts_in_figures_read_back_too(fen):
    assert int(yuan(fen).replace(",", "").replace(".", "")) == fen


@pytest.mark.parametrize("fen", [-1, 10**18])
def test_what_no_form_can_say_is_a_fault(fen):
    with pytest.raises(ValueError):
        amount_in_words(fen)

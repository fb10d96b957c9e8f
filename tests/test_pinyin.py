"""Initials that people type to find a name."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.pinyin import MOST_VARIANTS, initials_of


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("曾国文", "zgw"),
        ("单晓", "sx"),
        ("仇英杰", "qyj"),
        ("查良", "zl"),
        ("解缙", "xj"),
        ("区文", "ow"),
        ("翟明", "zm"),
        ("覃勇", "qy"),
        ("覃勇", "ty"),
        ("朴正", "pz"),
        ("盖文", "gw"),
        ("尉迟恭", "ycg"),
        ("尉文", "ww"),
        ("万俟雪", "mqx"),
        ("长孙无", "zsw"),
        ("单于丹", "cyd"),
        ("召文", "sw"),
        ("种田", "ct"),
        ("乜文", "nw"),
        ("乐文", "yw"),
        ("冼星", "xx"),
        ("费文", "bw"),
        ("繁文", "pw"),
        ("吕绿", "ll"),
        ("重庆", "cq"),
    ],
)
def test_a_name_is_found_by_each_reading_of_its_characters(name: str, typed: str):
    assert typed in initials_of(name).split()


def test_the_usual_reading_comes_first():
    assert initials_of("张三") == "zs"
    assert initials_of("曾单").split()[0] == "cd"


def test_a_rare_character_outside_the_first_plane_has_initials():
    assert initials_of("𠮷田") == "jt"
    assert initials_of("刘䶮") == "ly"


def test_the_dot_of_a_minority_name_needs_no_key():
    assert "mmtabd" in initials_of("买买提·阿卜杜").split()


def test_letters_and_digits_are_typed_as_they_are():
    assert initials_of("John Smith 2") == "johnsmith2"
    assert initials_of("Анна") == "анна"
    assert initials_of("") == initials_of(" ·") == ""


def test_many_readings_stay_few_and_keep_every_surname():
    variants = initials_of("解乐澄繁种解乐澄").split()
    assert len(variants) == MOST_VARIANTS == len(set(variants))
    assert {text[0] for text in variants} == {"j", "x"}
    many = initials_of("单乐澄繁种乐澄繁种").split()
    assert {text[0] for text in many} == {"d", "c", "s"}


@given(st.text(max_size=60))
def test_any_text_has_few_lower_case_initials_without_blanks(name: str):
    variants = initials_of(name).split(" ")
    assert 1 <= len(variants) <= MOST_VARIANTS
    assert all(text == text.lower() and text.strip() == text for text in variants)


def test_the_dictionary_is_loaded_only_when_a_name_needs_it():
    code = "import sys, models.pinyin; sys.exit('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

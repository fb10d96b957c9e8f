"""What one cell of a roster says: student number, name, class, telephone.

Cells come as spreadsheets give them (str, float, int, bool, dates). Each reader
returns clean text, or raises `Unusable` with what the office has to correct.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST_NUMBER = 32
LONGEST_NAME = 50
LONGEST_TEXT = 80
# A spreadsheet number holds 15 decimal digits; longer ones were rounded on entry.
_EXACT_DIGITS = 15

_NUMBER = re.compile(r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*")
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+")
_SCIENTIFIC = re.compile(r"(\d(?:\.\d+)?)[eE]\+?(\d{1,2})")
_USUAL_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_GAP_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}·]) +| +(?=[{_HAN}·])")
# GB/T 2312 A1A4 is the dot of minority names; these are its look-alikes.
_DOTS = re.compile("[\u0387\u16eb\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\ua78f]")
_FULL_STOP = re.compile(rf"(?<=[{_HAN}])[ ]*\.[ ]*(?=[{_HAN}])")
# ="2023110001" and '2023110001: how exports keep a spreadsheet from rounding.
_KEPT_AS_TEXT = re.compile(r"=\"(.*)\"|['‘’`](.*)", re.DOTALL)


class Unusable(ValueError):
    """The cell cannot be used; the text says why, in Chinese."""


def plain_text(cell: object) -> str:
    """NFKC, invisible characters removed, every run of blanks one space."""
    if isinstance(cell, str):
        return _plain(cell)
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


@lru_cache(maxsize=100_000)
def _plain(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text
    text = unicodedata.normalize("NFKC", text)
    text = "".join(
        character
        for character in text
        if character.isspace() or unicodedata.category(character) not in ("Cf", "Cc")
    )
    return " ".join(text.split())


def student_number(cell: object) -> str:
    """Digits and letters; leading zeros stay when the cell held text."""
    if isinstance(cell, str):
        if cell.isascii() and cell.isalnum() and len(cell) <= LONGEST_NUMBER:
            return _without_exponent(cell)
        return _number_in(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise Unusable("学号不是数字或文字，请把学号一列设为“文本”格式后重新填写")
    if cell != cell or cell < 0 or cell >= 10**_EXACT_DIGITS:
        raise Unusable(
            f"学号超过 {_EXACT_DIGITS} 位却以数字存放，后几位已不可靠，"
            "请把学号一列设为“文本”格式后重新填写"
        )
    if not float(cell).is_integer():
        raise Unusable(f"学号“{cell}”不是整数，请核对")
    return str(int(cell))


def _number_in(cell: str) -> str:
    text = plain_text(cell).replace(" ", "")
    if kept := _KEPT_AS_TEXT.fullmatch(text):
        text = kept[1] or kept[2] or ""
    if not text:
        raise Unusable("缺少学号，请补上学号")
    if whole := _WHOLE_FLOAT.fullmatch(text):
        text = whole[1]
    text = _without_exponent(text)
    if len(text) > LONGEST_NUMBER:
        raise Unusable(f"学号超过 {LONGEST_NUMBER} 个字符，请核对")
    if not _NUMBER.fullmatch(text):
        raise Unusable(f"学号“{text}”里有字母和数字以外的字符，请核对")
    return text


def _without_exponent(text: str) -> str:
    """Undo 2.023110001E+09 when all its digits are there, refuse when not."""
    found = _SCIENTIFIC.fullmatch(text)
    if found is None:
        return text
    digits, exponent = found[1].replace(".", ""), int(found[2])
    if "." not in found[1]:
        return text  # 1E5 is as likely a number somebody gave out
    if len(digits) == exponent + 1:
        return digits
    raise Unusable(
        f"学号被写成了科学计数法“{text}”，后几位已丢失，"
        "请把学号一列设为“文本”格式后重新导出"
    )


def person_name(cell: object) -> str:
    """A name as it is printed: one kind of dot, no blanks between Han characters."""
    if isinstance(cell, str) and _USUAL_NAME.fullmatch(cell):
        return cell
    text = _DOTS.sub("·", plain_text(cell))
    text = _FULL_STOP.sub("·", text)
    text = _GAP_BESIDE_HAN.sub("", text).strip("·")
    if not text:
        raise Unusable("缺少姓名，请补上姓名")
    if len(text) > LONGEST_NAME:
        raise Unusable(f"姓名超过 {LONGEST_NAME} 个字，请核对是否有引号不成对或错列")
    if not any(unicodedata.category(character)[0] == "L" for character in text):
        raise Unusable(f"姓名“{text}”里没有文字，请核对是否错列")
    for position, character in enumerate(text, 1):
        lost = character in "?\ufffd\u25a1"
        if lost or unicodedata.category(character) in ("Co", "Cn", "Cs"):
            raise Unusable(
                f"姓名“{text}”第 {position} 个字不能识别（多半是生僻字丢失），"
                "请在表中改成正确的字"
            )
    return text


def class_or_college(cell: object) -> str:
    text = plain_text(cell)
    text = _GAP_BESIDE_HAN.sub("", text) if " " in text else text
    if len(text) > LONGEST_TEXT:
        raise Unusable(f"班级或学院超过 {LONGEST_TEXT} 个字，请核对是否错列")
    return text


def phone_number(cell: object) -> str:
    """As given, blanks removed; "" when the file has lost its digits."""
    if isinstance(cell, str) and cell.isascii() and cell.isdigit():
        text = cell
    else:
        text = plain_text(cell).replace(" ", "")
        if kept := _KEPT_AS_TEXT.fullmatch(text):
            text = kept[1] or kept[2] or ""
        if whole := _WHOLE_FLOAT.fullmatch(text):
            text = whole[1]
    if len(text) > LONGEST_TEXT:
        raise Unusable(f"电话超过 {LONGEST_TEXT} 个字符，请核对是否错列")
    if _SCIENTIFIC.fullmatch(text):
        raise Unusable(
            f"电话被写成了科学计数法“{text}”，后几位已丢失，"
            "请把电话一列设为“文本”格式后重新导出"
        )
    return text

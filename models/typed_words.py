"""What was typed into the wrong field: a number for a name, a day for a phone."""

import re

from models.errors import UserError

_DAY = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?"
    r"|\d{1,2}\s*月\s*\d{1,2}\s*[日号]?"
)


def check_name(text: str, what: str, field: str) -> None:
    """Refuse as a name what has no letter and no Chinese character in it."""
    if text.strip() and not any(char.isalpha() for char in text):
        raise _refusal(f"{what}请填写姓名，“{text.strip()}”不是姓名。", field)


def check_phone(text: str, field: str = "phone") -> None:
    """Refuse a day; beyond that a phone may be written as people write it."""
    if _DAY.fullmatch(text.strip()):
        raise _refusal(f"电话请填写号码，“{text.strip()}”是日期。", field)


def _refusal(text: str, field: str) -> UserError:
    error = UserError(text)
    error.field = field
    return error

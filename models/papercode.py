"""The code on paper (应急码): 24 signs with a check sign after every fourth.

Crockford's base 32: no I, L, O or U, and whoever types one of them, or small letters,
is understood.  Each group of five is a word of a code over GF(32), so that one wrong
sign and two swapped ones are always seen, and said of which group.  The place of a
group goes into its check sign: groups in another order are seen as well.
"""

import secrets

from models.errors import UserError

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, DATA = 6, 4  # 24 signs of 5 bits: 120 bits
MEANT = str.maketrans({"I": "1", "L": "1", "O": "0"})
PRIMITIVE = 0b100101  # x^5 + x^2 + 1


def new_code() -> str:
    """`7KQ2M-…`: six groups of five."""
    groups = [
        "".join(secrets.choice(SIGNS) for _ in range(DATA)) for _ in range(GROUPS)
    ]
    return "-".join(text + _check(at, text) for at, text in enumerate(groups))


def read(typed: str) -> str:
    """The code as it was made.  Raises `UserError` that names the wrong group."""
    plain = typed.upper().translate(MEANT)
    signs = "".join(sign for sign in plain if not sign.isspace() and sign not in "-－—")
    if strange := next((sign for sign in signs if sign not in SIGNS), ""):
        raise UserError(f"应急码里没有“{strange}”这个字符，请对照纸上核对。")
    if len(signs) != GROUPS * (DATA + 1):
        raise UserError(
            f"应急码有 {GROUPS} 组、每组 {DATA + 1} 个字符，现在是 {len(signs)} 个，"
            "请对照纸上补全。"
        )
    groups = [signs[at : at + DATA + 1] for at in range(0, len(signs), DATA + 1)]
    for at, group in enumerate(groups):
        if _check(at, group[:DATA]) != group[DATA]:
            raise UserError(f"应急码第 {at + 1} 组“{group}”有误，请对照纸上核对。")
    return "-".join(groups)


def _check(at: int, group: str) -> str:
    total = at + 1
    for sign in group:
        total = _doubled(total) ^ SIGNS.index(sign)
    return SIGNS[_doubled(total)]


def _doubled(value: int) -> int:
    """Times x, in GF(32)."""
    value <<= 1
    return value ^ PRIMITIVE if value & 32 else value

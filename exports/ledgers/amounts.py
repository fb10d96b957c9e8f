"""Amounts of money in capital numerals (大写金额).

By annex 1 of 《支付结算办法》 (正确填写票据和结算凭证的基本规定); where it leaves a
choice, the first of its forms.
"""

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
GROUPS = ("", "万", "亿", "万亿")
MOST = 10**16


def yuan(fen: int) -> str:
    """`1,234.50`."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def amount_in_words(fen: int) -> str:
    """`人民币壹仟贰佰叁拾肆元伍角整` for 123450 fen."""
    if not 0 <= fen < MOST * 100:
        raise ValueError(f"an amount of {fen} fen cannot be written on a form")
    whole, (jiao, rest) = fen // 100, divmod(fen % 100, 10)
    text = f"{_whole(whole)}元" if whole or not fen else ""
    if jiao or rest:
        # A zero at the place of the yuan, or of the jiao, is read before what follows.
        text += "零" * bool(whole and (whole % 10 == 0 or not jiao))
    text += f"{DIGITS[jiao]}角" if jiao else ""
    return f"人民币{text}" + (f"{DIGITS[rest]}分" if rest else "整")


def _whole(number: int) -> str:
    """Groups of four digits, the highest first.

    Between two of them stands one 零 if the lower has zeros in front or whole groups
    of zeros were left out.
    """
    text, gap = "", False
    for place in range(len(GROUPS) - 1, -1, -1):
        group = number // 10_000**place % 10_000
        if not group:
            gap = bool(text)
            continue
        text += "零" * bool(text and (gap or group < 1000))
        text += _group(group) + GROUPS[place]
        gap = False
    return text or "零"


def _group(number: int) -> str:
    """1 to 9999; any zeros between digits are one 零."""
    text, gap = "", False
    for digit, place in zip(map(int, f"{number:04d}"), PLACES, strict=True):
        if digit:
            text += "零" * (gap and bool(text)) + DIGITS[digit] + place
        gap = not digit
    return text

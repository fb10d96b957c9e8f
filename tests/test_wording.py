"""Texts that the window wraps keep together what is read together."""

from desk.wording import unbroken


def test_a_number_stays_with_its_unit():
    assert unbroken("第 2 次来访，共 12 份 材料") == (
        "第 2\N{NO-BREAK SPACE}次来访，共 12\N{NO-BREAK SPACE}份 材料"
    )
    assert unbroken("A 岗") == "A\N{NO-BREAK SPACE}岗"

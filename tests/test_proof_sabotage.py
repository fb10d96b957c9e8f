"""The list of defences is about the program as it is.

`python -m tests.proof sabotage` takes each away and shows which test turns red.
"""

from proof.sabotage import DEFENCES, ROOT, stands_once


def test_every_defence_on_the_list_stands_where_the_list_says():
    assert len(DEFENCES) >= 60
    assert [one.name for one in DEFENCES if not stands_once(one)] == []
    for one in DEFENCES:
        assert one.without != one.text
        assert [test for test in one.tests if not (ROOT / test).exists()] == []
    assert len({(one.file, one.text) for one in DEFENCES}) == len(DEFENCES)

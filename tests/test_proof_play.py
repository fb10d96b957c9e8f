"""A few centres with everything that can befall them, in any order.

`python -m tests.proof play` plays on for tens of thousands of steps.
"""

from proof.play import Play, play
from twodesks import centre_of_two_desks


def test_whatever_befalls_a_centre_nothing_confirmed_is_lost(
    small_centre, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    template = centre_of_two_desks(small_centre, tmp_path / "template")
    before = Play.total.total()
    play(template, tmp_path / "work", examples=4, steps=25, seed=7)
    assert Play.total.total() - before > 25

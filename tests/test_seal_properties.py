"""Whatever is done at several stations in whatever order, and whenever they sync: a
seal has one holder, and its numbers run without a gap (P16)."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sealdays import SealDays
from twodesks import centre_of_two_desks


@pytest.fixture(scope="module")
def two_desks(small_centre: Path, tmp_path_factory) -> Path:
    return centre_of_two_desks(small_centre, tmp_path_factory.mktemp("two") / "centre")


def test_one_holder_and_numbers_without_a_gap_whatever_is_done(two_desks):
    class Here(SealDays):
        template = two_desks

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=5,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )

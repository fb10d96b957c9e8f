"""Whatever is done to matters at two desks, and whenever they sync, all agree."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from matterplay import Matters
from twodesks import centre_of_two_desks


@pytest.fixture(scope="module")
def two_desks(small_centre: Path, tmp_path_factory) -> Path:
    return centre_of_two_desks(
        small_centre, tmp_path_factory.mktemp("matters") / "centre"
    )


def test_all_desks_and_the_office_come_to_the_same_cases(two_desks):
    class Here(Matters):
        template = two_desks

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=6,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )

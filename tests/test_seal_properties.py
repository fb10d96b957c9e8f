"""Whatever is done at several stations in whatever order, and whenever they sync: a
seal has one holder, and its numbers run without a gap (P16)."""

import shutil
from pathlib import Path

import pytest
from conftest import Centre
from exchange import add_station, exchange
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sealdays import SealDays
from sealing import add_teacher, person

import models


@pytest.fixture(scope="module")
def two_desks(small_centre: Path, tmp_path_factory) -> Path:
    """The small centre, with a second desk and a teacher of its department."""
    root = tmp_path_factory.mktemp("two") / "centre"
    shutil.copytree(small_centre, root)
    centre = Centre(root)
    for folder in (centre.office, centre.station):
        models.open_database(folder)
        models.set_share(str(centre.share))
    models.open_database(centre.office)
    add_teacher(person("B0001"), "T101", "白老师", "团委")
    add_station(centre, "dangtuan")
    exchange(centre.office, centre.station)
    models.close_database()
    return root


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

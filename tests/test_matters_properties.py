"""Whatever is done to matters at two desks, and whenever they sync, all agree."""

import shutil
from pathlib import Path

import pytest
from conftest import Centre
from exchange import add_station, exchange
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from matterplay import Matters
from sealing import add_teacher, person

import models


@pytest.fixture(scope="module")
def two_desks(small_centre: Path, tmp_path_factory) -> Path:
    """The small centre, with a second desk and a teacher of its department."""
    root = tmp_path_factory.mktemp("matters") / "centre"
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

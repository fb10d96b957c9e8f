"""A centre with two desks, for what is played at several stations at once."""

import shutil
from pathlib import Path

from exchange import add_station, exchange
from sealing import add_teacher, person
from smallcentre import Centre

import models


def centre_of_two_desks(small_centre: Path, root: Path) -> Path:
    """The small centre, with a second desk and a teacher of its department."""
    shutil.copytree(small_centre, root)
    centre = Centre(root)
    centre.find_share()
    models.open_database(centre.office)
    add_teacher(person("B0001"), "T101", "白老师", "团委")
    add_station(centre, "dangtuan")
    exchange(centre.office, centre.station)
    models.close_database()
    return root

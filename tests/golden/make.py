"""Make the golden batches of a program: what it publishes, and the keys to read it.

    PYTHONPATH=TREE:TREE/tests python tests/golden/make.py tests/golden/schemaN

TREE is the source of the released program (`git archive COMMIT | tar -x -C TREE`).
Once made they are never made again: they are what that program left on the shares.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from exchange import work
from smallcentre import Centre, found_small_centre

import models
from exports.sync import enrolment, sync
from models import migrations
from models.base import db


def make(out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        centre = Centre(Path(folder) / "centre")
        found_small_centre(centre.root)
        work(centre.station)
        sync()
        here = models.installation()
        told = {
            "station": here.station_uid,
            "station_epoch": here.epoch,
            "station_key": enrolment.my_request(here).sign_key,
            "station_identity": here.age_identity,
            "visits": [
                list(row)
                for row in db.execute_sql(
                    "SELECT uid, number, visitor_name, result FROM visit ORDER BY uid"
                ).fetchall()
            ],
        }
        models.open_database(centre.office)
        sync()  # with a receipt for what the station has sent
        here = models.installation()
        told |= {
            "schema": 1 + len(migrations.STEPS),
            "realm": here.realm,
            "office": here.station_uid,
            "office_epoch": here.epoch,
            "office_key": here.office_key,
            "office_identity": here.age_identity,
            "people": models.Person.select().count(),
        }
        models.close_database()
        out.mkdir(parents=True)
        for name in ("up", "down", "centre.marker"):
            taken = centre.share / name
            if taken.is_dir():
                shutil.copytree(taken, out / name)
            else:
                shutil.copy2(taken, out / name)
        keys = json.dumps(told, ensure_ascii=False, indent=1)
        (out / "keys.json").write_text(keys + "\n", encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))

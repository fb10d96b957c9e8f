"""The enquiry desk (咨询台, P10) takes any desk's matters outside ordinary hours."""

from datetime import date, datetime

from models import clock
from models.desks import Desk
from models.offhours import OrdinaryHours
from models.services import Service, all_services


def is_enquiry_time(desk: Desk, moment: datetime | None = None) -> bool:
    """Does *desk* take every desk's matters now, or at *moment*?"""
    if not desk.takes_enquiries:
        return False
    asked = (moment or clock.now()).isoformat(" ", "seconds")
    return not OrdinaryHours().holds(desk.uid, asked)


def other_services(desk: Desk, on: date | None = None) -> list[tuple[Service, Desk]]:
    """What the other desks offer on a day, for passing on to them."""
    return [
        (service, other) for service, other in all_services(on) if other.uid != desk.uid
    ]

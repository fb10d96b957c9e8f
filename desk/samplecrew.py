"""Who works at a desk of the sample college, and at what hours."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import models
from desk.sampleduty import Presence
from models import Desk, Person, PersonRole


@dataclass
class Crew:
    """Who works at one desk: assistants, and the teachers of its departments."""

    desk: Desk
    presence: Presence
    teachers: list[Person]

    def teacher_for(self, department_uid: str) -> Person:
        """Who answers at this desk for a department, or for one elsewhere."""
        own = [t for t in self.teachers if t.department_uid == department_uid]
        return (own or self.teachers)[0]


def crew_of(desk: Desk) -> Crew:
    served = {department.uid for department in models.departments_of(desk)}
    assistants, teachers = (
        [person for person in models.people(role) if person.department_uid in served]
        for role in (PersonRole.ASSISTANT, PersonRole.TEACHER)
    )
    return Crew(desk, Presence(assistants), teachers)


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second))


def some_time(day: date, chance: random.Random) -> datetime:
    """Some time in the opening hours, 8:35 to 11:55 or 13:35 to 16:45."""
    minutes = chance.randrange(200 + 190)
    begins = at(day, 8, 35) if minutes < 200 else at(day, 13, 35)
    return begins + timedelta(minutes=minutes % 200, seconds=chance.randrange(60))

"""Whom the demo network's banks lack: as the program itself would have computed it last night."""

from __future__ import annotations

from datetime import timedelta

from mentornet.common.computed import ComputedState
from mentornet.demo.world import DAY, World
from mentornet.divisions.queries import all_divisions
from mentornet.intake.queries import waiting_mentees
from mentornet.matching.bank import forget
from mentornet.matching.bank_lent import bank_with_lent
from mentornet.matching.models import ShortageMap
from mentornet.matching.shortage import shortages_of
from mentornet.matching.shortage_queries import waited_for
from mentornet.programmes.queries import current_version


class Shortages:
    """Computes the map of each division and programme in which somebody waits."""

    def __init__(self, world: World) -> None:
        self.world = world.aside("shortages")

    def compute(self) -> None:
        """Keep the maps as of last night, with the program's own rules."""
        world = self.world
        names = dict(all_divisions().values_list("pk", "name"))
        at = world.at(world.today - DAY, (3, 4))
        made = []
        for number, (division_id, programme_id) in enumerate(waited_for(list(names))):
            bank = bank_with_lent(version=current_version(programme_id), divisions=[division_id], today=world.today)
            waiting = waiting_mentees([division_id]).filter(programme_id=programme_id)
            content = shortages_of(
                bank, set(waiting.values_list("pk", flat=True)), names[division_id], lambda _read, _in_all: None
            )
            moment = at + number * timedelta(seconds=20)
            made.append(
                ShortageMap(
                    id=world.key(),
                    division_id=division_id,
                    programme_id=programme_id,
                    created_at=moment,
                    asked_by="system:matching.shortages",
                    state=ComputedState.DONE,
                    computed_at=moment,
                    content=content,
                )
            )
        ShortageMap.objects.bulk_create(made)
        # Rows of this network may be thrown away again: nothing of them stays in memory.
        forget()

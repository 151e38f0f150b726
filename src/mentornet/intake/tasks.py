"""What comes round by itself."""

from __future__ import annotations

from mentornet.common.jobs import every
from mentornet.intake.services.drafts import delete_expired_drafts
from mentornet.intake.services.hiding import hand_on_tasks
from mentornet.intake.services.interviews import remind_of_interviews
from mentornet.intake.services.protection import rename_again
from mentornet.intake.services.resting import ask_whether_back, call_those_who_do_not_answer

every(name="delete expired drafts", minutes=24 * 60)(delete_expired_drafts)
every(name="remind of interviews", minutes=30)(remind_of_interviews)
every(name="ask whether back", minutes=60)(ask_whether_back)
every(name="call who does not answer", minutes=60)(call_those_who_do_not_answer)
every(name="rename protected people", minutes=60)(rename_again)
every(name="hand on tasks", minutes=10)(hand_on_tasks)

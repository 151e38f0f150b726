"""What comes round by itself."""

from __future__ import annotations

from mentornet.common.jobs import every
from mentornet.intake.services.drafts import delete_expired_drafts
from mentornet.intake.services.hiding import hand_on_tasks
from mentornet.intake.services.interviews import remind_of_interviews
from mentornet.intake.services.limits import watch_limits
from mentornet.intake.services.protection import rename_again
from mentornet.intake.services.resting import ask_whether_back, call_those_who_do_not_answer
from mentornet.intake.services.waiting import keep_promises

every(name="delete expired drafts", minutes=24 * 60)(delete_expired_drafts)
every(name="remind of interviews", minutes=30)(remind_of_interviews)
every(name="ask whether back", minutes=60)(ask_whether_back)
every(name="call who does not answer", minutes=60)(call_those_who_do_not_answer)
every(name="rename protected people", minutes=60)(rename_again)
every(name="keep promises to those who wait", minutes=60)(keep_promises)
every(name="watch the limits of waiting lists", minutes=60)(watch_limits)
every(name="hand on tasks", minutes=10)(hand_on_tasks)

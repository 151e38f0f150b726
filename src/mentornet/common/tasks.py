"""What the queue of jobs needs done to itself."""

from __future__ import annotations

from mentornet.common.jobs import every, forget_finished_jobs, is_a_job_lost, recover_jobs

every(name="recover jobs", when=is_a_job_lost)(recover_jobs)
every(name="forget finished jobs", minutes=24 * 60)(forget_finished_jobs)

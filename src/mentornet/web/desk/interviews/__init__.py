"""The interview planner: a week of free and taken times, and who waits for one."""

"""The arguments of ``match`` and ``verify``; apart from the commands, so that asking for help loads no solver."""

from __future__ import annotations

import argparse
from pathlib import Path

from reference.translation import LANGUAGES


def match_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``match``."""
    parser.add_argument("mentors", type=Path, metavar="MENTORS", help="the mentor bank, CSV or XLSX")
    parser.add_argument("mentees", type=Path, metavar="MENTEES", help="the waiting list, CSV or XLSX")
    parser.add_argument("--out", type=Path, default=Path("matches"), metavar="DIR", help="where the tables go")
    parser.add_argument("--report", type=Path, metavar="FILE.html", help="a page to print for the matching meeting")
    parser.add_argument("--json", type=Path, metavar="FILE.json", help="everything, for another program")
    parser.add_argument("--scores", type=Path, metavar="FILE.npz", help="every score, for numpy")
    parser.add_argument("--rank", metavar="MENTEE", help="rank the whole bank for one mentee, and pair nobody")
    parser.add_argument("--weights", type=Path, metavar="FILE.toml", help="weights, neutral values, floor")
    parser.add_argument("--floor", metavar="NUMBER", help="the lowest score of a pair; wins over the weights file")
    parser.add_argument("--history", type=Path, metavar="FILE", help="pairs that are or have been: not again")
    parser.add_argument("--lock", action="append", default=[], metavar="MENTEE:MENTOR", help="keep this pair")
    parser.add_argument("--forbid", action="append", default=[], metavar="MENTEE:MENTOR", help="rule this pair out")
    parser.add_argument("--today", metavar="DATE", help="for resting and days waiting, as 2026-11-21")
    parser.add_argument("--language", choices=LANGUAGES, help="of reasons, report and messages")


def verify_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``verify``."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="what “mentornet match” wrote")
    for role in ("mentors", "mentees", "history"):
        parser.add_argument(f"--{role}", type=Path, metavar="FILE", help="where the file is now, if it was moved")
    parser.add_argument("--language", choices=LANGUAGES, help="of messages")

"""The demo network's set-up: divisions, staff, programmes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import NAMESPACE_DNS, uuid5

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, UNUSABLE_PASSWORD_SUFFIX_LENGTH, make_password

from mentornet.accounts.models import User
from mentornet.common.actors import user_key
from mentornet.common.ordering import folded
from mentornet.demo.own_answers import BEDTIME
from mentornet.demo.places import WORKERS, Place, Worker
from mentornet.demo.world import DAY, YEAR, Coworker, Offer, Office, World
from mentornet.divisions.models import Division, MeetingPlace, Organisation, Role, StaffRole
from mentornet.programmes.models import Programme, ProgrammeVersion
from mentornet.programmes.validators import CRITERIA

# As defined for spreadsheets; a test holds them to those of the mathematics, which this app may not import.
WEIGHTS: Final = dict(zip(CRITERIA, (0.25, 0.20, 0.12, 0.10, 0.10, 0.08, 0.05, 0.04, 0.03, 0.03), strict=True))
NEUTRAL: Final = dict(zip(CRITERIA, (0.3, 0.4, 0.5, 0.3, 0.6, 0.5, 0.5, 0.3, 0.5, 0.5), strict=True))

JOB: Final = "Job og sprog"
GRADUATES: Final = "Karrierespring for nyuddannede"
EVERYDAY: Final = "Hverdag og dansk"

_ELIGIBLE: Final[Mapping[str, Mapping[str, str]]] = {
    JOB: {
        "da": "Kvinder over 18 år med flygtninge- eller indvandrerbaggrund, som vil i arbejde eller i gang med en "
        "uddannelse, og som kan mødes mindst to gange om måneden.",
        "en": "Women over 18 with a refugee or immigrant background who want to find work or start an education, and "
        "who can meet at least twice a month.",
        "ar": "نساء فوق 18 عامًا، لاجئات أو مهاجرات، يرغبن في العثور على عمل أو بدء تعليم، ويستطعن اللقاء "
        "مرتين في الشهر على الأقل.",
        "fa": "زنان بالای ۱۸ سال با پیشینهٔ پناهندگی یا مهاجرت که می‌خواهند کار پیدا کنند یا تحصیل را شروع کنند و "
        "می‌توانند دست‌کم دو بار در ماه دیدار کنند.",
        "uk": "Жінки віком від 18 років, які є біженками або мігрантками, хочуть знайти роботу чи почати навчання і "
        "можуть зустрічатися щонайменше двічі на місяць.",
    },
    GRADUATES: {
        "da": "Nyuddannede kvinder og mænd med en videregående uddannelse, som har været uden relevant arbejde i "
        "mindst tre måneder.",
        "en": "Women and men with a recent higher education who have been without relevant work for at least three "
        "months.",
        "ar": "نساء ورجال تخرّجوا حديثًا من التعليم العالي، ولم يجدوا عملًا مناسبًا لتخصصهم منذ ثلاثة أشهر على الأقل.",
        "fa": "زنان و مردانی که به‌تازگی تحصیلات دانشگاهی را تمام کرده‌اند و دست‌کم سه ماه است کار مرتبط با رشتهٔ خود "
        "ندارند.",
        "uk": "Жінки та чоловіки, які нещодавно здобули вищу освіту і щонайменше три місяці не мають роботи за фахом.",
    },
    EVERYDAY: {
        "da": "Kvinder i Vollsmose og resten af Odense, som vil tale mere dansk og kende flere i byen. Intet krav om "
        "at ville i arbejde.",
        "en": "Women in Vollsmose and the rest of Odense who want to speak more Danish and know more people in town. "
        "Looking for work is not required.",
        "ar": "نساء في فولسموسه (Vollsmose) وبقية أودنسه (Odense) يرغبن في التحدث بالدنماركية أكثر والتعرف على مزيد من "
        "الناس في المدينة. لا يُشترط البحث عن عمل.",
        "fa": "زنان ساکن وولسموسه (Vollsmose) و دیگر بخش‌های اودنسه (Odense) که می‌خواهند بیشتر دانمارکی حرف بزنند "
        "و با آدم‌های بیشتری در شهر آشنا شوند. جست‌وجوی کار شرط نیست.",
        "uk": "Жінки з Vollsmose та решти Оденсе, які хочуть більше говорити данською і познайомитися з новими людьми "
        "в місті. Шукати роботу не обов’язково.",
    },
}
# By programme: how many years ago, why, and in what the version differs from the usual.
_VERSIONS: Final[Mapping[str, Sequence[tuple[float, str, Mapping[str, Any]]]]] = {
    JOB: (
        (7.6, "De første vægte, som de er foreslået.", {"weights": WEIGHTS | {"language": 0.08, "topics": 0.24}}),
        (3.1, "Sproget betød mere, end vi troede: parrene, der sluttede tidligt, kunne ikke tale sammen.", {}),
        (0.6, "Ventetiden skal kunne mærkes i listen.", {"waiting_bonus": Decimal("0.0300")}),
    ),
    GRADUATES: (
        (3.4, "Nyt program med støtte fra en fond. Parrene mødes en gang, før de siger ja.", {}),
        (1.2, "Faget er vigtigst for de nyuddannede.", {"weights": WEIGHTS | {"occupation": 0.32, "interests": 0.05}}),
    ),
    EVERYDAY: (
        (
            4.5,
            "Her handler det om sprog og hverdag og ikke om fag.",
            {"weights": WEIGHTS | {"occupation": 0.05, "sector": 0.02, "interests": 0.22, "place": 0.12}},
        ),
        (
            1.8,
            "A2 er nok til at begynde på: de øver sig jo netop.",
            {
                "weights": WEIGHTS | {"occupation": 0.05, "sector": 0.02, "interests": 0.22, "place": 0.12},
                "min_language": "A2",
                "floor": Decimal("0.3000"),
            },
        ),
    ),
}


def _plain(text: str) -> str:
    for letter, plain in {"æ": "ae", "ø": "oe", "å": "aa", "ć": "c", "č": "c", "ž": "z", " ": "-"}.items():
        text = text.replace(letter, plain)
    return text


def set_up(world: World, places: Sequence[Place], *, opened_on: date | None, password: str | None) -> None:
    """Make the organisation, its divisions, staff and programmes.

    For a network in its first year, ``opened_on`` is the day on which its division opened. Nobody of the staff has a
    password unless one is given.
    """
    hashed = make_password(password) if password is not None else ""
    world.add(
        Organisation(
            # Not drawn: it stands beside the network, whose rows stay what they were without it.
            id=uuid5(NAMESPACE_DNS, "mentornet.example"),
            created_at=world.at(opened_on or min(date(*place.opened) for place in places)),
            name="Mentornetværket",
            legal_name="Foreningen Mentornetværket",
            address="Opdigtet Allé 3, 0000 Ingensteder",
            email="kontakt@mentornet.example",
            phone="+45 00 00 20 00",
            data_protection_email="dine-data@mentornet.example",
        )
    )
    for place in places:
        day = opened_on or date(*place.opened)
        division = world.add(
            Division(
                id=world.key(),
                created_at=world.at(day),
                name=place.name,
                area=place.area,
                opened_on=day,
                email=place.office,
                phone=place.phone,
                address=place.address,
            )
        )
        world.offices.append(Office(place, division))
        for name in place.meets:
            world.add(
                MeetingPlace(
                    # Not drawn either.
                    id=uuid5(NAMESPACE_DNS, f"{folded(name)}.{folded(place.name)}.mentornet.example"),
                    created_at=world.at(day),
                    division=division,
                    name=name[0].upper() + name[1:],
                )
            )
    here = {office.place.name: office for office in world.offices}
    for worker in WORKERS:
        is_here = not worker.places or here.keys() & set(worker.places)
        if is_here and (opened_on is None or worker.left is None):
            _hire(world, here, worker, hashed, opened_on)
    _hire_officer(world, hashed, opened_on)
    for name, versions in _VERSIONS.items():
        if opened_on is None or name == JOB:
            _start(world, name, versions, here, opened_on)


def _hire(world: World, here: Mapping[str, Office], worker: Worker, hashed: str, opened_on: date | None) -> None:
    since = opened_on or world.workday(world.ago(worker.years * YEAR))
    until = None if worker.left is None else world.ago(worker.left * YEAR)
    name = f"{worker.first} {worker.last}"
    unusable = UNUSABLE_PASSWORD_PREFIX + f"{world.random.getrandbits(200):050x}"[:UNUSABLE_PASSWORD_SUFFIX_LENGTH]
    user = world.add(
        User(
            id=world.key(),
            email=f"{_plain(folded(worker.first))}.{_plain(folded(worker.last))}@mentornet.example",
            name=name,
            language=worker.language,
            is_active=until is None,
            date_joined=world.at(since),
            password=hashed or unusable,
        )
    )
    for place in worker.places or (None,):
        if place is not None and place not in here:
            continue
        office = None if place is None else here[place]
        if office is not None:
            office.staff.append(Coworker(user, since, until, is_guest=place != worker.places[0]))
        world.add(
            StaffRole(
                id=world.key(),
                created_at=world.at(since),
                user=user,
                role=worker.role,
                division=office.division if office else None,
                since=since,
                until=until,
            )
        )


def _hire_officer(world: World, hashed: str, opened_on: date | None) -> None:
    since = opened_on or world.workday(world.ago(2 * YEAR))
    # Not drawn, either of them: without her the network's rows are what they were.
    at = datetime.combine(since, time(10), tzinfo=world.zone)
    key = uuid5(NAMESPACE_DNS, "officer.mentornet.example")
    user = world.add(
        User(
            id=key,
            email="hanne.lykkegaard@mentornet.example",
            name="Hanne Lykkegaard",
            language="da",
            date_joined=at,
            password=hashed or UNUSABLE_PASSWORD_PREFIX + (2 * key.hex)[:UNUSABLE_PASSWORD_SUFFIX_LENGTH],
        )
    )
    role = StaffRole(
        id=uuid5(key, "role"), created_at=at, user=user, role=Role.DATA_PROTECTION_OFFICER, since=since, until=None
    )
    world.add(role)


def _start(
    world: World,
    name: str,
    versions: Sequence[tuple[float, str, Mapping[str, Any]]],
    here: Mapping[str, Office],
    opened_on: date | None,
) -> None:
    local = here["Vollsmose"] if name == EVERYDAY else None
    author = next(
        user
        for user in world.made(User)
        if (user is local.staff[0].user if local else user.name == "Elisabeth Wamberg")
    )
    started = opened_on - 7 * DAY if opened_on else world.workday(world.ago(versions[0][0] * YEAR))
    programme = world.add(
        Programme(id=world.key(), created_at=world.at(started), name=name, division=local.division if local else None)
    )
    made = []
    for number, (years, reason, changes) in enumerate(versions if opened_on is None else versions[:1], start=1):
        day = started if number == 1 else world.workday(world.ago(years * YEAR))
        settings: dict[str, Any] = {
            "eligibility": dict(_ELIGIBLE[name]),
            "weights": WEIGHTS,
            "neutral": NEUTRAL,
            "floor": Decimal("0.3500"),
            "min_language": "B1",
            "waiting_bonus": Decimal("0.0200"),
            "waiting_days": 365,
            "expiry_days": 14 if name == GRADUATES else 10,
            "meets_first": name == GRADUATES,
            # Asked lately, and weighed when enough have answered.
            "customs": [BEDTIME] if name == JOB and (opened_on is not None or number == len(versions)) else [],
        }
        made.append(
            world.add(
                ProgrammeVersion(
                    programme=programme,
                    number=number,
                    created_at=world.at(day),
                    created_by=user_key(author.pk),
                    author_name=author.name,
                    reason=reason,
                    **settings | dict(changes),
                )
            )
        )
    world.offers.append(Offer(programme, made))

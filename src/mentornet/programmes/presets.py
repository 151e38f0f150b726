"""Programmes to begin with: three that networks run, with settings that were thought through, to be changed later.

What participants read stands here in their five languages, as data: it becomes the programme's own first version, and
whoever leads it rewrites it in the set-up. It is written in plain words, about CEFR A2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentornet.programmes.enums import ReferenceKind
from mentornet.programmes.validators import CRITERIA

_USUAL_NEUTRAL: Final = dict(zip(CRITERIA, (0.3, 0.4, 0.5, 0.3, 0.6, 0.5, 0.5, 0.3, 0.5, 0.5), strict=True))
"""What stands in for an unknown, as the definitions name it (docs/formats.md)."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A programme to begin with.

    Attributes:
        slug: names it in addresses and on the command line.
        names: what it may be called, by language: a programme has one name, in the network's own language.
        title: what the desk calls the preset.
        for_whom: a sentence for whoever chooses.
        why: what its settings hold to be important, in a sentence for whoever chooses.
        settings: of the first version.
    """

    slug: str
    names: Mapping[str, str]
    title: str | Promise
    for_whom: str | Promise
    why: str | Promise
    settings: Mapping[str, Any]

    def name(self, language: str) -> str:
        """Return what it may be called in a language; in English where it has no name in it."""
        return self.names.get(language, self.names["en"])


def _weights(*shares: float) -> dict[str, float]:
    """Return weights in the criteria's order, as points of 100."""
    return dict(zip(CRITERIA, shares, strict=True))


JOB_AND_LANGUAGE: Final = Preset(
    slug="job-and-language",
    names={"da": "Job og sprog", "en": "Job and language"},
    title=_("Job and language"),
    for_whom=_("Women who want to find work or begin an education, and to speak more Danish on the way."),
    why=_(
        "The field of work counts most, then what she wants help with. They begin without a trial meeting, and answer "
        "within ten days."
    ),
    settings={
        #                    work topic lang int pace time edu sect place exp
        "weights": _weights(25, 20, 12, 10, 10, 8, 5, 4, 3, 3),
        "neutral": _USUAL_NEUTRAL,
        "floor": Decimal("0.3500"),
        "min_language": "B1",
        "waiting_bonus": Decimal("0.0200"),
        "waiting_days": 365,
        "expiry_days": 10,
        "meets_first": False,
        "references": [],
        "eligibility": {
            "da": "Du kan få en mentor, hvis du er kvinde, er fyldt 18 år og har flygtninge- eller "
            "indvandrerbaggrund. Du vil i arbejde eller i gang med en uddannelse, og du har tid til at mødes mindst to "
            "gange om måneden.\n\n"
            "Du kan blive mentor, hvis du er kvinde, er fyldt 18 år og selv er i arbejde eller har været det. Du vil "
            "dele det, du ved om job og hverdag i Danmark, og de mennesker, du kender.",
            "en": "You can get a mentor if you are a woman, 18 or older, with a refugee or immigrant background. You "
            "want to find work or start an education, and you have time to meet at least twice a month.\n\n"
            "You can become a mentor if you are a woman, 18 or older, and you work or have worked. You want to share "
            "what you know about jobs and daily life in Denmark, and the people you know.",
            "ar": "يمكنكِ الحصول على مرشدة إذا كنتِ امرأة عمرها 18 عامًا أو أكثر ومن خلفية لاجئة أو مهاجرة. تريدين أن "
            "تجدي عملًا أو أن تبدئي دراسة، ولديكِ وقت للقاء مرتين في الشهر على الأقل.\n\n"
            "يمكنكِ أن تصبحي مرشدة إذا كنتِ امرأة عمرها 18 عامًا أو أكثر وتعملين الآن أو عملتِ من قبل. تريدين أن "
            "تشاركي ما تعرفينه عن العمل والحياة اليومية في الدنمارك، ومن تعرفين من الناس.",
            "fa": "اگر زن هستید، ۱۸ سال یا بیشتر دارید و پیشینهٔ پناهندگی یا مهاجرت دارید، می‌توانید راهنما بگیرید. "
            "می‌خواهید کار پیدا کنید یا تحصیل را شروع کنید، و وقت دارید دست‌کم دو بار در ماه دیدار کنید.\n\n"
            "اگر زن هستید، ۱۸ سال یا بیشتر دارید و کار می‌کنید یا پیش‌تر کار کرده‌اید، می‌توانید راهنما شوید. می‌خواهید "
            "آنچه دربارهٔ کار و زندگی روزمره در دانمارک می‌دانید، و آشنایان خود را با او در میان بگذارید.",
            "uk": "Ви можете отримати менторку, якщо ви жінка, вам 18 років або більше і ви біженка чи мігрантка. Ви "
            "хочете знайти роботу або почати навчання і маєте час зустрічатися щонайменше двічі на місяць.\n\n"
            "Ви можете стати менторкою, якщо ви жінка, вам 18 років або більше і ви працюєте чи працювали раніше. Ви "
            "хочете ділитися тим, що знаєте про роботу й щоденне життя в Данії, і знайомити з людьми, яких знаєте.",
        },
    },
)

CAREER_SPRINT: Final = Preset(
    slug="career-sprint",
    names={"da": "Karrierespring for nyuddannede", "en": "Career sprint for graduates"},
    title=_("Career sprint for graduates"),
    for_whom=_("Women with a recent higher education who have no work in their field yet."),
    why=_(
        "The field of work, the sector and the education count most; both need more of a shared language. They meet "
        "once before they decide, and a wait counts in full after half a year."
    ),
    settings={
        "weights": _weights(30, 20, 3, 3, 5, 5, 12, 15, 2, 5),
        "neutral": _USUAL_NEUTRAL,
        "floor": Decimal("0.4000"),
        "min_language": "B2",
        "waiting_bonus": Decimal("0.0200"),
        "waiting_days": 180,
        "expiry_days": 14,
        "meets_first": True,
        "references": [],
        "eligibility": {
            "da": "Du kan få en mentor, hvis du er kvinde og har afsluttet en videregående uddannelse inden for de "
            "sidste fem år, her eller i et andet land. Du har endnu ikke arbejde i dit fag, og du har tid til at mødes "
            "cirka hver anden uge i et halvt år.\n\n"
            "Du kan blive mentor, hvis du er kvinde og har arbejdet i dit fag i mindst tre år. Du vil læse en "
            "ansøgning med hende, fortælle, hvordan man får job i faget, og præsentere hende for andre.",
            "en": "You can get a mentor if you are a woman and have finished a higher education in the last five "
            "years, here or in another country. You do not have work in your field yet, and you have time to meet "
            "about every second week for half a year.\n\n"
            "You can become a mentor if you are a woman and have worked in your field for at least three years. You "
            "want to read an application with her, tell how people find work in the field, and introduce her to "
            "others.",
            "ar": "يمكنكِ الحصول على مرشدة إذا كنتِ امرأة أنهت تعليمًا عاليًا خلال السنوات الخمس الأخيرة، هنا أو في بلد "
            "آخر. ليس لديكِ عمل في مجالكِ بعد، ولديكِ وقت للقاء مرة كل أسبوعين تقريبًا لمدة نصف سنة.\n\n"
            "يمكنكِ أن تصبحي مرشدة إذا كنتِ امرأة عملت في مجالها ثلاث سنوات على الأقل. تريدين أن تقرئي معها طلب عمل، "
            "وأن تشرحي كيف يجد الناس عملًا في هذا المجال، وأن تعرّفيها على آخرين.",
            "fa": "اگر زن هستید و در پنج سال گذشته، اینجا یا در کشوری دیگر، تحصیلات عالی را تمام کرده‌اید، می‌توانید "
            "راهنما بگیرید. هنوز در رشتهٔ خود کار ندارید، و وقت دارید نیم سال تقریباً هر دو هفته یک بار دیدار کنید.\n\n"
            "اگر زن هستید و دست‌کم سه سال در رشتهٔ خود کار کرده‌اید، می‌توانید راهنما شوید. می‌خواهید درخواست کار را با او "
            "بخوانید، بگویید در این رشته چگونه کار پیدا می‌شود، و او را به دیگران معرفی کنید.",
            "uk": "Ви можете отримати менторку, якщо ви жінка і за останні п’ять років здобули вищу освіту тут або в "
            "іншій країні. Ви ще не маєте роботи за фахом і маєте час зустрічатися приблизно раз на два тижні протягом "
            "пів року.\n\n"
            "Ви можете стати менторкою, якщо ви жінка і працюєте за фахом щонайменше три роки. Ви хочете прочитати з "
            "нею заяву на роботу, розповісти, як знаходять роботу в цій сфері, і познайомити її з іншими.",
        },
    },
)

SOCIAL: Final = Preset(
    slug="social",
    names={"da": "Hverdag og netværk", "en": "Everyday life and company"},
    title=_("Everyday life and company"),
    for_whom=_("Women who want to speak more Danish and know more people where they live; work is no condition."),
    why=_(
        "Interests, language and how near they live count most; a little of a shared language is enough. They meet "
        "once before they decide. Since they may come to each other’s homes, somebody vouches for each before a yes."
    ),
    settings={
        "weights": _weights(2, 15, 20, 25, 8, 12, 2, 0, 12, 4),
        "neutral": _USUAL_NEUTRAL,
        "floor": Decimal("0.3000"),
        "min_language": "A2",
        "waiting_bonus": Decimal("0.0300"),
        "waiting_days": 270,
        "expiry_days": 14,
        "meets_first": True,
        "references": [ReferenceKind.PERSON.value],
        "eligibility": {
            "da": "Du kan få en mentor, hvis du er kvinde, er fyldt 18 år og er ny i Danmark eller i byen. Du vil tale "
            "mere dansk og lære flere at kende. Du behøver ikke at søge arbejde.\n\n"
            "Du kan blive mentor, hvis du er kvinde og er fyldt 18 år. Du vil mødes med hende et par gange om måneden, "
            "drikke kaffe, gå en tur og vise hende det, du holder af, hvor I bor.",
            "en": "You can get a mentor if you are a woman, 18 or older, and new in Denmark or in town. You want to "
            "speak more Danish and to get to know more people. You do not have to look for work.\n\n"
            "You can become a mentor if you are a woman, 18 or older. You want to meet her a few times a month, have a "
            "coffee, go for a walk, and show her what you like where you live.",
            "ar": "يمكنكِ الحصول على مرشدة إذا كنتِ امرأة عمرها 18 عامًا أو أكثر وجديدة في الدنمارك أو في المدينة. تريدين "
            "أن تتحدثي الدنماركية أكثر وأن تتعرفي على مزيد من الناس. لا يُشترط أن تبحثي عن عمل.\n\n"
            "يمكنكِ أن تصبحي مرشدة إذا كنتِ امرأة عمرها 18 عامًا أو أكثر. تريدين أن تلتقي بها بضع مرات في الشهر، وأن "
            "تشربا القهوة، وأن تتمشيا، وأن تريها ما تحبينه في المكان الذي تعيشان فيه.",
            "fa": "اگر زن هستید، ۱۸ سال یا بیشتر دارید و در دانمارک یا در شهر تازه‌وارد هستید، می‌توانید راهنما بگیرید. "
            "می‌خواهید بیشتر دانمارکی حرف بزنید و با آدم‌های بیشتری آشنا شوید. لازم نیست دنبال کار باشید.\n\n"
            "اگر زن هستید و ۱۸ سال یا بیشتر دارید، می‌توانید راهنما شوید. می‌خواهید چند بار در ماه او را ببینید، با هم "
            "قهوه بنوشید، قدم بزنید، و آنچه را در محل زندگی‌تان دوست دارید به او نشان دهید.",
            "uk": "Ви можете отримати менторку, якщо ви жінка, вам 18 років або більше і ви нещодавно в Данії чи в "
            "місті. Ви хочете більше говорити данською і мати більше знайомих. Шукати роботу не обов’язково.\n\n"
            "Ви можете стати менторкою, якщо ви жінка і вам 18 років або більше. Ви хочете зустрічатися з нею кілька "
            "разів на місяць, пити каву, гуляти й показувати те, що любите там, де живете.",
        },
    },
)

PRESETS: Final[Mapping[str, Preset]] = {preset.slug: preset for preset in (JOB_AND_LANGUAGE, CAREER_SPRINT, SOCIAL)}

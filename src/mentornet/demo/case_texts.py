"""What coordinators of the demo network have written: interviews, decisions, reasons, notes. In Danish, as they would.

Braces are filled in: ``{mentee}`` and ``{mentor}`` first names, ``{name}`` the applicant's, ``{title}`` an occupation,
``{goal}`` a goal, ``{place}`` a public place, ``{interest}``, ``{months}``.
No text says "he" or "she": a few are men.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SHAREABLE_MENTEE: Final = (
    "{name} fortæller levende om sit arbejde som {title} og ved, hvad målet er. Vigtigst lige nu: {goal}.",
    "{name} vil gerne i gang hurtigt og kan mødes hver uge i begyndelsen. Det vigtigste er {goal}.",
    "Rolig samtale på dansk. {name} forstår det meste, men vil gerne have tid til at svare. Ønsker hjælp til {goal}.",
    "{name} har søgt mange job uden svar og vil gerne forstå, hvad der går galt. Taler gerne om {interest}.",
    "{name} har styr på papirerne, men kender ingen i faget. Drømmer om at arbejde som {title}.",
    "Vi talte om hverdagen i Danmark og om {goal}. {name} ved godt, at det tager tid, og er klar til det.",
    "{name} vil gerne møde en, der har prøvet at begynde forfra. Er glad for {interest}.",
    "{name} er i praktik og får gode ord med. Næste skridt er {goal}.",
)
SHAREABLE_MENTOR: Final = (
    "{name} har mange års erfaring som {title} og et bredt netværk, der gerne må bruges.",
    "{name} er god til at lytte og har tid om aftenen. Vil gerne hjælpe med {goal}.",
    "{name} har selv ansat folk og kan øve samtaler. Interesserer sig for {interest}.",
    "{name} kan vise rundt på sin arbejdsplads og kender flere, der søger folk.",
    "{name} vil gerne have en mentee, der selv ved, hvad der skal ske. Tilbyder hjælp til {goal}.",
    "{name} har boet i udlandet og ved, hvordan det er at være den, der ikke kender reglerne.",
    "Varm og ligefrem. {name} vil helst mødes faste dage og gerne gå en tur imens.",
)
COORDINATORS_ONLY_MENTEE: Final = (
    "Virkede træt. Aftalt, at vi ringer og ikke skriver.",
    "Spørger selv til, hvor længe man venter. Jeg har sagt det, som det er.",
    "Har haft et forløb et andet sted, der sluttede brat. Vær tydelig om, hvornår det slutter her.",
    "Vil ikke mødes hjemme hos nogen. Kun offentlige steder.",
    "Der er sygdom i familien. Ønsker ikke, at en mentor får det at vide.",
    "Økonomien er stram: foreslå steder, hvor man ikke skal købe noget.",
    "Havde en bekendt med til samtalen, som svarede på en del af spørgsmålene. Tal alene næste gang.",
    "God samtale. Intet særligt at notere.",
    "Kommer gerne til arrangementer, også før der er fundet nogen.",
)
COORDINATORS_ONLY_MENTOR: Final = (
    "Meget aktiv i mange foreninger: spørg til tiden, før vi foreslår nogen.",
    "Reference er set. Ingen anmærkninger.",
    "Taler hurtigt. Vil gerne mindes om det.",
    "Har selv været igennem en skilsmisse og vil helst ikke tale om den.",
    "Vil gerne redde nogen: tal om grænserne på introkurset.",
    "God samtale. Intet særligt at notere.",
    "Har prøvet at være mentor et andet sted, hvor der gik et år, før der skete noget. Hold kontakten.",
    "Arbejder i kommunen: undgå mentees, som afdelingen har sager med.",
)
APPROVALS_MENTEE: Final = (
    "Klar til et forløb. Mål og tid passer til programmet.",
    "Motiveret, tydelige mål, kan mødes mindst to gange om måneden.",
    "Opfylder kravene. Enig om forventninger og tavshedspligt.",
    "Passer til programmet. Vi har talt om, at ventetiden kan blive lang.",
    "Vil gerne lære og ved, hvad en mentor er og ikke er.",
)
APPROVALS_MENTOR: Final = (
    "Opfylder kravene. Enig om forventninger og tavshedspligt.",
    "Godt indtryk ved samtalen. Reference er set.",
    "Har tid, erfaring og lyst. Introkursus er aftalt.",
    "Kender faget indefra og lytter godt. Reference er set.",
    "Ved, hvad der kræves, og kan mødes to gange om måneden.",
)
DECLINATIONS: Final = (
    "Har brug for juridisk hjælp og ikke en mentor. Henvist til retshjælpen.",
    "Ønsker en kontaktperson til sit barn. Henvist til en anden forening.",
    "Har ikke tid før næste sommer. Velkommen til at søge igen.",
    "Bor uden for vores område og vil ikke mødes på nettet. Henvist til nærmeste tilbud.",
    "Vil kun være mentor for en bestemt person. Det kan vi ikke.",
    "Opfylder ikke programmets krav om uddannelse. Tilbudt det andet program.",
)

# Matching -------------------------------------------------------------------------------------------------------------

SAME_FIELD: Final = (
    "Begge er i faget: {mentor} ved, hvordan man kommer ind, og {mentee} har brug for netop det.",
    "{mentor} arbejder som {title} og kan åbne de døre, som {mentee} står foran.",
    "Faget først: {mentor} kender arbejdspladserne, og {mentee} er klar.",
)
NEAR_FIELD: Final = (
    "Fagene ligger tæt nok, og {mentor} har før hjulpet andre med {goal}. Det er det vigtigste for {mentee}.",
    "Ikke helt samme fag, men {mentor} kender branchen og har tid. Det er vigtigere for {mentee} at komme i gang.",
)
OTHER_FIELD: Final = (
    "Faget er ikke det samme, men for {mentee} er det vigtigste {goal}, og det kan {mentor} hjælpe med.",
    "Kemien tror jeg på: begge er glade for {interest} og har god tid om formiddagen.",
    "{mentee} har ventet længe. {mentor} er tålmodig, bor i nærheden og har hjulpet andre med {goal}.",
    "To rolige mennesker. {mentor} har prøvet at skifte fag og kan tale med om det.",
)
DECLINES: Final[Mapping[str, tuple[str, ...]]] = {
    "time": ("Har fået nyt job og kan ikke i år.", "For travlt frem til sommer.", "Passer sin mor for tiden."),
    "place": ("Kan ikke komme så langt om aftenen.", "Vil hellere mødes end ses på skærm."),
    "field": ("Vil gerne vente på en i faget.", "Tror ikke, det er det rigtige fag at hjælpe i."),
    "language": ("Vil gerne have en, der taler mere dansk.", "Er bange for ikke at forstå nok."),
    "person": ("De kender hinanden fra skolen.", "Vil hellere have en anden. Spurgte ikke nærmere."),
    "found": ("Har fået job i mellemtiden.", "Er kommet i gang et andet sted."),
    "no_answer": ("Ringet tre gange og skrevet to mails.",),
    "other": ("Ville ikke sige hvorfor, og det er helt i orden.",),
}
WITHDRAWALS: Final = (
    "{mentor} blev syg og holder pause.",
    "{mentee} har fået job og takker.",
    "Fandt en, der passer bedre, før brevene var læst.",
)
EXPIRIES: Final = ("Ingen af dem svarede.", "{mentor} svarede ikke.", "{mentee} kunne ikke nås på telefonen.")

# Partnerships ---------------------------------------------------------------------------------------------------------

FIRST_NOTES: Final = (
    "Jeg var med til det første møde på {place}. De aftalte at ses hver anden uge.",
    "Første møde holdt på {place}. God stemning. Begge har fået aftalen med hjem.",
    "Ringede til begge efter det første møde. {mentee} var glad og lidt nervøs. {mentor} synes, det gik let.",
    "De mødtes på {place} og talte i to timer. Aftalen er underskrevet.",
)
MIDDLE_NOTES: Final = (
    "Talte med {mentor}. De har skrevet CV'et om og sendt tre ansøgninger.",
    "{mentee} ringede: er indkaldt til samtale på torsdag. De øver i aften.",
    "{mentor} har taget {mentee} med på sin arbejdsplads en formiddag.",
    "De ses mest på {place}. Begge siger, at det fungerer.",
    "Sprunget to møder over på grund af sygdom. De har aftalt en ny dag.",
    "{mentee} siger, at det er blevet lettere at tale i telefon på dansk.",
    "{mentor} spørger, om det er i orden at hjælpe med breve fra kommunen. Jeg har forklaret grænsen.",
    "Der er gået {months} måneder. Målet er stadig {goal}. Begge vil fortsætte.",
    "{mentor} har ringet til en tidligere kollega. {mentee} skal ud og drikke kaffe og høre om arbejdet dér.",
    "De taler mere om {interest} end om job, og det er fint lige nu.",
    "{mentee} er begyndt på aftenskole og har mindre tid. De ses nu en gang om måneden.",
    "Begge var med til fællesspisning. {mentee} tog en ven med.",
    "{mentee} har fået praktik i fire uger. {mentor} følger med på sidelinjen.",
)
QUIET_NOTES: Final = (
    "Har ikke hørt fra nogen af dem i seks uger. Jeg ringer på mandag.",
    "{mentor} siger, at {mentee} ikke svarer på beskeder. Jeg har ringet og talt med {mentee}: travlt derhjemme.",
    "{mentee} vil gerne mødes oftere. {mentor} kan ikke lige nu. De taler om det på næste møde.",
)
NOT_MET_NOTES: Final = (
    "Første møde er udsat for anden gang. Begge siger, at de gerne vil.",
    "{mentor} har skrevet to gange om en dag. {mentee} har ikke svaret endnu. Jeg ringer.",
)
PAUSE_NOTES: Final = (
    "Pause aftalt med begge: {mentor} er på udstationering.",
    "Pause over sommeren. {mentee} er på ferie hos familien.",
    "{mentee} venter barn og holder pause. {mentor} venter gerne.",
)
CLOSING_NOTES: Final[Mapping[str, tuple[str, ...]]] = {
    "goal": (
        "{mentee} er ansat som {title}. De ses fortsat en gang imellem.",
        "{mentee} er begyndt på uddannelsen. Begge siger tak for forløbet.",
        "{mentee} har fået fast arbejde på nedsat tid. Afsluttet med kaffe på {place}.",
        "Målet var {goal}. Det er nået, siger begge.",
    ),
    "agreed": (
        "Sluttede som aftalt. {mentee} søger videre og ved, hvordan man gør.",
        "Aftalen udløb. Begge vil gerne anbefale netværket.",
        "Afsluttende samtale holdt med begge. {mentor} vil gerne have en ny mentee efter en pause.",
    ),
    "moved": ("{mentee} er flyttet til en anden by.", "{mentor} er flyttet til udlandet med arbejdet."),
    "time": ("{mentor} har fået nyt job og har ikke tid.", "{mentee} arbejder om aftenen og kan ikke mødes mere."),
    "no_contact": ("De har ikke talt sammen i tre måneder. Begge er ringet op.", "{mentee} svarer ikke længere."),
    "mismatch": (
        "De ville forskellige ting. Sluttet i god tone, {mentee} kommer på listen igen.",
        "{mentee} havde brug for en i faget. Ingen har gjort noget forkert.",
    ),
    "safety": ("Afsluttet af hensyn til den enes tryghed. Se den særskilte sag.",),
    "other": ("{mentor} er blevet syg.", "{mentee} har fået barn."),
    "unknown": ("",),
}

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from reference import isco
from reference.esco import ENLARGEMENT, EscoTitle, load_enlargement, read_esco, save_enlargement
from reference.faults import UnusableFilesError
from reference.titles import TitleResolver
from reference.translation import Language

OWN_HEADER = (
    "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,"
    "regulatedProfessionNote,scopeNote,definition,inScheme,description,code"
)
GROUPS_HEADER = "conceptType,conceptUri,code,preferredLabel,status,altLabels,inScheme,description"
TABIYA_HEADER = (
    "ORIGINURI,ID,UUIDHISTORY,ISCOGROUPCODE,CODE,PREFERREDLABEL,ALTLABELS,DESCRIPTION,DEFINITION,SCOPENOTE,"
    "REGULATEDPROFESSIONNOTE,OCCUPATIONTYPE,ISLOCALIZED"
)


def esco_folder() -> Path:
    named = os.environ.get("MENTORNET_ESCO_TEST_DIR")
    folder = Path(named) if named else Path(__file__).parents[3] / "shared" / "data" / "esco"
    if not (folder / "occupations.csv").exists():
        pytest.skip("name the folder of ESCO's files in MENTORNET_ESCO_TEST_DIR")
    return folder


def occupation(code: str, title: str, others: str = "", status: str = "released", kind: str = "Occupation") -> str:
    return f'{kind},uri,{code},{title},"{others}",,{status},2024-01-01,,,,,"Two\nlines, one comma.",{code}.1'


def written(path: Path, *lines: str, bom: bool = False) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig" if bom else "utf-8", newline="")
    return path


def faults_of(*paths: Path) -> list[str]:
    with pytest.raises(UnusableFilesError) as caught:
        read_esco(paths)
    return [fault.text("en") for fault in caught.value.faults]


def test_escos_own_files_are_read(tmp_path: Path) -> None:
    english = written(
        tmp_path / "occupations_en.csv",
        OWN_HEADER,
        occupation("2221", "specialist nurse", "nurse specialist\n advanced  nurse \n\nspecialist nurse"),
        occupation("0110", "air force officer"),
        occupation("2221", "withdrawn nurse", status="obsolete"),
        bom=True,
    )
    danish = written(
        tmp_path / "occupations_da (1).csv",
        OWN_HEADER,
        occupation("2221", "specialsygeplejerske", "sygeplejespecialist"),
    )
    groups = written(
        tmp_path / "ISCOGroups_da.csv",
        GROUPS_HEADER,
        "ISCOGroup,uri,222,Sygeplejersker og jordemødre,released,,scheme,text",
    )
    assert read_esco([english, danish, groups]) == (
        EscoTitle("0110", "air force officer", "en", preferred=True),
        EscoTitle("222", "Sygeplejersker og jordemødre", "da", preferred=True),
        EscoTitle("2221", "specialsygeplejerske", "da", preferred=True),
        EscoTitle("2221", "sygeplejespecialist", "da", preferred=False),
        EscoTitle("2221", "advanced nurse", "en", preferred=False),
        EscoTitle("2221", "nurse specialist", "en", preferred=False),
        EscoTitle("2221", "specialist nurse", "en", preferred=True),
    )


def test_tabiyas_layout_is_read_as_english(tmp_path: Path) -> None:
    occupations = written(
        tmp_path / "occupations.csv",
        TABIYA_HEADER,
        "uri,key_1,uuid,2654,2654.1.7,technical director,"
        '"head of technical\ntechnical director",Text,,,,escooccupation,false',
    )
    groups = written(
        tmp_path / "ISCOGroups.csv",
        "ORIGINURI,ID,UUIDHISTORY,CODE,PREFERREDLABEL,ALTLABELS,DESCRIPTION",
        "uri,key_2,uuid,0,Armed forces occupations,,Text",
    )
    assert read_esco([occupations, groups]) == (
        EscoTitle("0", "Armed forces occupations", "en", preferred=True),
        EscoTitle("2654", "head of technical", "en", preferred=False),
        EscoTitle("2654", "technical director", "en", preferred=True),
    )


def test_every_fault_of_every_file_is_told(tmp_path: Path) -> None:
    broken = written(
        tmp_path / "occupations_en.csv",
        OWN_HEADER,
        occupation("110", "air force officer"),
        occupation("2221", "nurse"),
        occupation("2221", " "),
        occupation("2221", "nursing", kind="KnowledgeSkillCompetence"),
        "Occupation,uri,2221",
    )
    skills = written(tmp_path / "skills_en.csv", "conceptType,conceptUri,preferredLabel,altLabels", "x,y,z,")
    german = written(tmp_path / "occupations_de.csv", OWN_HEADER, occupation("2221", "Pflegefachkraft"))
    unnamed = written(tmp_path / "occupations.csv", OWN_HEADER, occupation("2221", "nurse"))
    empty = tmp_path / "ISCOGroups_en.csv"
    empty.touch()
    latin = tmp_path / "ISCOGroups_da.csv"
    latin.write_bytes("code,preferredLabel,altLabels\n222,jordemødre,\n".encode("cp1252"))
    unclosed = written(tmp_path / "occupations_da.csv", OWN_HEADER, 'Occupation,uri,2221,"nurse')
    kind = "expected an occupation or a group of ISCO-08"
    table = "expected ESCO's file of occupations or of ISCO groups (occupations_en.csv, ISCOGroups_en.csv)"
    assert faults_of(broken, skills, german, unnamed, empty, latin, unclosed, tmp_path / "gone_en.csv", tmp_path) == [
        "occupations_en.csv, row 2, iscoGroup: “110”: expected a code of ISCO-08",
        "occupations_en.csv, row 4, preferredLabel: “”: expected a title",
        f"occupations_en.csv, row 5, conceptType: “KnowledgeSkillCompetence”: {kind}",
        "occupations_en.csv, row 6: expected 14 cells, found 3",
        f"skills_en.csv, row 1: {table}",
        "occupations_de.csv: expected a file in English or Danish, with a name that ends in _en or _da",
        "occupations.csv: expected a file in English or Danish, with a name that ends in _en or _da",
        "ISCOGroups_en.csv: the file is empty",
        "ISCOGroups_da.csv: expected a file in UTF-8, as ESCO offers it",
        "occupations_da.csv, row 2: expected a table separated by commas",
        "gone_en.csv: the file cannot be read",
        f"{tmp_path.name}: the file cannot be read",
    ]


TITLES = (
    EscoTitle("2221", 'nurse, "special"', "en", preferred=True),
    EscoTitle("2221", "specialsygeplejerske æøå", "da", preferred=False),
)


def test_an_enlargement_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    assert load_enlargement(tmp_path) == ()
    place = save_enlargement(tmp_path, TITLES)
    assert place == tmp_path / ENLARGEMENT
    assert load_enlargement(tmp_path) == TITLES
    save_enlargement(tmp_path, TITLES[:1])
    assert load_enlargement(tmp_path) == TITLES[:1]
    assert [path.name for path in tmp_path.iterdir()] == [ENLARGEMENT]
    assert stat.S_IMODE(place.stat().st_mode) == 0o644


def test_a_failed_save_leaves_the_old_enlargement(tmp_path: Path) -> None:
    save_enlargement(tmp_path, TITLES)

    def failing() -> Iterator[EscoTitle]:
        yield TITLES[0]
        raise RuntimeError("no more titles")

    with pytest.raises(RuntimeError):
        save_enlargement(tmp_path, failing())
    assert load_enlargement(tmp_path) == TITLES
    assert [path.name for path in tmp_path.iterdir()] == [ENLARGEMENT]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "the file is empty"),
        ("code,title\n", "row 1: expected the file that the import of ESCO has written; import ESCO again"),
        (
            "code,language,preferred,title\n9999,en,1,nobody\n",
            "row 2: expected a line that the import of ESCO has written; import ESCO again",
        ),
        (
            "code,language,preferred,title\n2221,en,1\n",
            "row 2: expected a line that the import of ESCO has written; import ESCO again",
        ),
    ],
)
def test_a_spoilt_enlargement_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / ENLARGEMENT).write_text(text, encoding="utf-8")
    with pytest.raises(UnusableFilesError) as caught:
        load_enlargement(tmp_path)
    assert fault in caught.value.faults[0].text("en")


@pytest.mark.esco
def test_the_whole_of_esco_enlarges_the_table(tmp_path: Path) -> None:
    folder = esco_folder()
    titles = read_esco([folder / "occupations.csv", folder / "ISCOGroups.csv"])
    languages: Counter[Language] = Counter(title.language for title in titles)
    assert languages["en"] == len(titles) > 30_000
    assert {title.code for title in titles} == {group.code for group in isco.groups()}
    save_enlargement(tmp_path, titles)
    assert load_enlargement(tmp_path) == titles
    bundled = TitleResolver.bundled()
    enlarged = bundled.enlarged(titles)
    found = enlarged.resolve("precision instrument QC inspectors")
    assert found is not None
    assert (found.code, found.exact) == ("7543", True)
    for text in ("asdf", "qwertyuiop", "ukendt", "?", "none", "lorem ipsum", "foo baz", "Mogens Jensen"):
        assert enlarged.resolve(text) is None, text
    # What the product's own table says, ESCO does not change.
    for group in isco.groups(isco.LONGEST):
        for title in group.synonyms["en"]:
            own = bundled.resolve(title)
            if own is not None and own.exact:
                assert enlarged.resolve(title) == own

"""The second names that texts, users and the shipped glossary give, and which of them are believed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citewell.errors import UsageError
from citewell.lexicon import Alias, Lexicon, abbreviations_in, brands_in, read_glossary, words

pytestmark = pytest.mark.unit
SECONDS = 8  # for 200,000 characters, on a busy machine


def long_forms(text: str) -> list[tuple[str, str]]:
    return [(alias.name, alias.means) for alias in abbreviations_in(text)]


def brands(text: str) -> list[tuple[str, str]]:
    return [(alias.name, alias.means) for alias in brands_in(text)]


def test_brands_that_a_text_states_are_found():
    text = "Alphax (alphamab) is new; betamab (Betax®) is old. Bone (calcium) is not a brand, nor is Vienna (austria)."
    assert list(brands_in(text)) == [Alias("Alphax", "alphamab", "brand"), Alias("Betax", "betamab", "brand")]


def test_abbreviations_that_a_text_defines_are_found():
    text = (
        "Bone mineral density (BMD) and the duration of response (DoR) were read, as was its half of a year (HOAY). "
        "It is sold in two forms (Prolia) and was new (A) or cheap (XYZ)."
    )
    assert list(abbreviations_in(text)) == [
        Alias("BMD", "Bone mineral density", "abbreviation"),
        Alias("DoR", "duration of response", "abbreviation"),
        Alias("HOAY", "half of a year", "abbreviation"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bone mineral densities (BMDs) rose.", Alias("BMD", "Bone mineral densities", "abbreviation")),
        ("Each skeletal-related event (SRE) counted.", Alias("SRE", "skeletal-related event", "abbreviation")),
    ],
)
def test_abbreviations_in_the_plural_and_of_hyphenated_words_are_found(text, expected):
    assert list(abbreviations_in(text)) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the mammalian target of rapamycin (mTOR) was", ("mTOR", "mammalian target of rapamycin")),
        ("the mTOR (mammalian target of rapamycin) was", ("mTOR", "mammalian target of rapamycin")),
        ("osteonecrosis of the jaw (ONJ)", ("ONJ", "osteonecrosis of the jaw")),  # letters inside a word
        ("new osteoarthritis (OA) cases", ("OA", "osteoarthritis")),
        ("human epidermal growth factor receptor 2 (HER2)", ("HER2", "human epidermal growth factor receptor 2")),
        ("men with colon cancer (CC)", ("CC", "colon cancer")),  # not "cancer"
        ("preterm premature rupture of membranes (PPROM)", ("PPROM", "preterm premature rupture of membranes")),
        ("transforming growth factor-beta-1 (TGF-β1)", ("TGF-β1", "transforming growth factor-beta-1")),
        ("the C. difficile infection (CDI) came", ("CDI", "C. difficile infection")),
        ("a polymerase chain reaction assay (PCR)", ("PCR", "polymerase chain reaction")),
        ("a new/small lymphocytic lymphoma (or SLL)", ("SLL", "small lymphocytic lymphoma")),
        ("bone mineral density (BMD; T-score -2.5)", ("BMD", "bone mineral density")),
        ("oral bisphenol A (BPA)", ("BPA", "bisphenol A")),
        ("the Office of Generic Drugs (OGD)", ("OGD", "Office of Generic Drugs")),
        ("long MLTs (mean lysis times) rose", ("MLT", "mean lysis times")),
    ],
)
def test_long_forms_are_found_as_schwartz_and_hearst_find_them(text, expected):
    assert long_forms(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "was measured (BMD) in all",
        "rose by half (SD 2.3) in a year",
        "we show that Cas9 from streptococcus (SaCas9)",  # part of a clause
        "new SUD medication group (SUD)",  # made with the short form
        "patients went home. Density (BMD) was lower",  # across sentences
        "alphamab (Alphax)",
        "the wide (W) and the deep (De) one",
        "an unusually long run of words that have been matched in distant letters (UWD)",
    ],
)
def test_what_defines_nothing_is_no_short_form(text):
    assert long_forms(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Alphax (alphamab) injection", [("Alphax", "alphamab")]),
        ("ALPHAX® (alphamab)", [("ALPHAX", "alphamab")]),
        ("ALPHAXTM (alphamab)", [("ALPHAX", "alphamab")]),
        ("Alphax® (wortfarin) tablets", [("Alphax", "wortfarin")]),  # the mark says that it is a brand
        ("alphamab (Alphax, Betax)", [("Alphax", "alphamab"), ("Betax", "alphamab")]),
        ("alphamab (Alphax, Betax, others)", [("Alphax", "alphamab"), ("Betax", "alphamab")]),
        ("alphamab (brand name Alphax)", [("Alphax", "alphamab")]),
        ("Wortfarin (brand name: Alphax)", [("Alphax", "wortfarin")]),
        ("Alphax is a brand name of alphamab.", [("Alphax", "alphamab")]),
        ("Alphax is the trade name for wortfarin.", [("Alphax", "wortfarin")]),
        ("Alphamab is sold under the brand names Alphax and Betax.", [("Alphax", "alphamab"), ("Betax", "alphamab")]),
        ("Alphamab, marketed in the United States as Alphax, helps.", [("Alphax", "alphamab")]),
        ("Alphamab, also known as Alphax, helps.", [("Alphax", "alphamab")]),
        ("betadronic acid (Betax)", [("Betax", "betadronic acid")]),
        ("Betax (betadronate sodium)", [("Betax", "betadronate")]),
        ("alphamab (Alphax®, Zenticorp, Basel, Switzerland)", [("Alphax", "alphamab")]),
        ("alphamab (Alphax; Zenticorp)", [("Alphax", "alphamab")]),
    ],
)
def test_a_brand_is_found_however_a_text_states_it(text, expected):
    assert brands(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "alphamab (Pfizer)",
        "alphamab (Zenticorp, Basel, Switzerland)",
        "alphamab (Zenticorp Inc)",
        "alphamab (Osteoporosis)",
        "alphamab (Sodium)",
        "alphamab (Bisphosphonate)",
        "alphamab (Statins)",
        "alphamab (DMAB)",
        "alphamab (Alpha)",
        "alphamab (ALPHIX)",  # a trial or a regimen as a rule
        "alphamab and betamab (Bothax)",
        "alphamab/betamab (Bothax)",
        "alphamab, betamab (Bothax)",
        "sacutril and betasartan (Bothax)",
        "Bothax (alphamab/betamab)",
        "Bothax (alphamab and betamab)",
        "Bothax (alphamab, betamab)",
        "Bothax (alphamab tablets; betamab tablets)",
        "alphamab deruxin (Conjax)",  # a name of its own, of which alphamab is a part
        "Conjax (alphamab deruxin)",
        "Treatment (alphamab) helped",
        "Etabercept (alphamab) differed",
        "Both alphamab and betamab are sold as Bothax.",
        "Smoking cessation (Alphax®) helped",
    ],
)
def test_makers_salts_groups_diseases_and_combinations_are_no_brands(text):
    assert brands(text) == []


def known(*stated: tuple[Alias, int], given: tuple[Alias, ...] = (), text: str = "") -> Lexicon:
    """A lexicon of documents that state some names, and of a text."""
    names = " ".join(f"{alias.name} {alias.means}" for alias, _ in stated)
    return Lexicon(dict(stated), {word: 1 for word, _, _ in words(f"{names} {text}")}, given)


def searched(lexicon: Lexicon, question: str) -> list[str]:
    """What a question is also searched for as."""
    return [alias.means for _, alias in lexicon.aliases(question)]


def short(name: str, means: str) -> Alias:
    return Alias(name, means, "abbreviation")


def test_a_short_form_means_what_most_documents_say():
    lexicon = known((short("QDX", "quick drug exam"), 3), (short("QDX", "quiet day xylitol"), 2))
    assert searched(lexicon, "Is QDX safe?") == ["quick drug exam"]
    assert searched(lexicon, "What is a quiet day xylitol?") == []


@pytest.mark.parametrize("question", ["Is it safe?", "Safe storage", "Was all of it used?"])
def test_an_everyday_word_is_no_short_form(question):
    lexicon = known(
        (short("SAFE", "surgery, antibiotics and facial education"), 3), (short("ALL", "acute lymph leak"), 3)
    )
    assert searched(lexicon, question) == []


@pytest.mark.parametrize("question", ["Is SAFE new?", "Is ALL new?", "nqdx dose", "Were NQDXs made?", "NQDX"])
def test_a_short_form_is_told_by_its_capitals_or_by_being_no_word(question):
    lexicon = known((short("SAFE", "fresh exam"), 3), (short("ALL", "fresh exam"), 3), (short("NQDX", "fresh exam"), 3))
    assert searched(lexicon, question) == ["fresh exam"]


def test_a_name_inside_another_word_is_not_named_yet():
    lexicon = known((short("ER", "estrogen receptor"), 3))
    assert searched(lexicon, "Has the cancer an Estrogen receptor?") == ["ER"]
    assert searched(lexicon, "Is the estrogen receptor (ER) there?") == []


def test_a_short_form_is_added_to_its_long_form_only_where_hardly_any_document_uses_it_otherwise():
    meant, other = short("QDX", "quick drug exam"), short("QDX", "quiet day xylitol")
    assert searched(known((meant, 9), (other, 1)), "What is a quick drug exam?") == ["QDX"]
    assert searched(known((meant, 8), (other, 2)), "What is a quick drug exam?") == []


@pytest.mark.parametrize(
    "variant", ["quick drugs exams", "Quick-drug exam", "quickdrug exam", "quick drug test", "quick new drug exam"]
)
def test_long_forms_that_hardly_differ_are_one_meaning(variant):
    lexicon = known(
        (short("QDX", "quick drug exam"), 2), (short("QDX", variant), 1), (short("QDX", "quiet xylitol"), 2)
    )
    assert searched(lexicon, "Is QDX safe?") == ["quick drug exam"]


def test_a_short_form_on_which_documents_differ_means_nothing():
    lexicon = known((short("QDX", "quick drug exam"), 2), (short("QDX", "quiet day xylitol"), 2))
    assert searched(lexicon, "Is QDX safe?") == []


def test_what_documents_define_comes_before_what_ships():
    text = "skeletal-related event"
    assert searched(known(text=text), "Is an SRE bad?") == ["skeletal-related event"]
    defined = known((short("SRE", "serum response element"), 1), text=text)
    assert searched(defined, "Is an SRE bad?") == ["serum response element"]


def test_what_a_user_gives_comes_before_everything():
    stated = (short("SRE", "serum response element"), 5)
    mine = short("SRE", "sudden rare event")
    lexicon = known(stated, given=(mine,), text="skeletal-related sudden rare event")
    assert searched(lexicon, "Is an SRE bad?") == ["sudden rare event"]


def test_a_user_can_take_a_pair_out():
    text, off = "denosumab Xgeva Zgeva Prolia", Alias("denosumab", "Prolia", "none")
    assert "Prolia" in searched(known(text=text), "Is denosumab safe?")
    lexicon = known(text=text, given=(off,))
    assert searched(lexicon, "Is denosumab safe?") == ["Xgeva", "Zgeva"]
    assert lexicon.same_drug("Prolia") == {"prolia"}
    stated = known((Alias("Alphax", "alphamab", "brand"), 3), given=(Alias("ALPHAX", "alphamab", "none"),))
    assert searched(stated, "Is alphamab safe?") == []


def test_a_brand_that_documents_state_is_never_moved_to_another_drug_than_the_glossary_says():
    lexicon = known((Alias("Prolia", "romosozumab", "brand"), 9), text="denosumab")
    assert lexicon.same_drug("Prolia") >= {"prolia", "denosumab"}
    assert "romosozumab" not in lexicon.same_drug("Prolia")


def test_one_slip_among_many_statements_of_a_brand_is_passed_over():
    right, wrong = Alias("Alphax", "alphamab", "brand"), Alias("Alphax", "betamab", "brand")
    assert known((right, 9), (wrong, 1)).same_drug("Alphax") == {"alphax", "alphamab"}
    assert known((right, 2), (wrong, 1)).same_drug("Alphax") == {"alphax"}


def test_capitals_and_salts_make_no_second_brand():
    lexicon = known((Alias("ALPHAX", "ALPHAMAB SODIUM", "brand"), 1), (Alias("Alphax", "alphamab", "brand"), 2))
    assert searched(lexicon, "Is alphamab safe?") == ["Alphax"]


def test_xgeva_finds_the_zgeva_of_a_source():
    assert searched(known(text="zgeva"), "Is Xgeva safe?") == ["Zgeva"]


GLOSSARY = "name,means,kind\nAlphax,alphamab,brand\n"


@pytest.fixture
def glossary(tmp_path):
    """Write a glossary and read it."""

    def read(text: str, encoding: str = "utf-8") -> tuple[Alias, ...]:
        path = tmp_path / "glossary.csv"
        path.write_bytes(text.encode(encoding))
        return read_glossary(path)

    return read


@pytest.mark.parametrize("text", [GLOSSARY, "\ufeff" + GLOSSARY, GLOSSARY.replace("\n", "\r\n"), GLOSSARY.replace(",", ";"),
                                  "Kind, Means ,NAME\nBrand, alphamab ,  Alphax\n\n", GLOSSARY + "Alphax,alphamab,brand\n"])  # fmt: skip
def test_a_glossary_is_read_however_a_spreadsheet_writes_it(glossary, text):
    assert glossary(text) == (Alias("Alphax", "alphamab", "brand"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"expected the columns name, means, kind, found none; correct the first line, or rename"),
        ("name,means\na,b\n", r"expected the columns name, means, kind, found name, means; correct"),
        ("name,means,kind,note\na,b,brand,\n", r"found name, means, kind, note; correct"),
        ("term,definition\na,b\n", r"found term, definition; correct the first line, or rename the file if it is a document"),
        (GLOSSARY + "a,b,drug\n", r"line 3: expected the kind brand, abbreviation, synonym, none, found “drug”; correct"),
        (GLOSSARY + "a,,brand\n", r"line 3: expected a value as means, found an empty cell; fill it in, or remove"),
        (GLOSSARY + " ,b,brand\n", r"line 3: expected a value as name, found an empty cell"),
        (GLOSSARY + "a,b\n", r"line 3: expected 3 cells, found another number; put cells that hold commas"),
        (GLOSSARY + "a,b,c,d\n", r"line 3: expected 3 cells, found another number"),
        (GLOSSARY + 'a,"b"c,brand\n', r"line \d: expected CSV, found: .*; correct the line"),
    ],
)  # fmt: skip
def test_a_glossary_with_a_fault_is_refused_by_line(glossary, text, message):
    with pytest.raises(UsageError, match=message):
        glossary(text)


def test_a_glossary_in_another_encoding_is_refused(glossary):
    with pytest.raises(UsageError, match="expected a glossary in UTF-8 at .*; save it again as UTF-8"):
        glossary(GLOSSARY.replace("Alphax", "Älphax"), "latin-1")


PIECES = (
    "alphamab betamab Alphax Betax® (Alphax) (alphamab) ( ) [ ] , ; . / + and or of the BMD bone mineral density (BMD) sold under "
    "the brand names also known as marketed Pfizer acid sodium 2 β-X (or Q) “ ’ é (a) ((b"
).split()


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join) | st.text("aAbB (),.;/-®2\n", max_size=80))
def test_names_stand_in_the_text_that_states_them(text):
    folded = " ".join(text.split())
    for alias in abbreviations_in(text):
        assert alias.name in text
        assert alias.means in folded
        assert alias.name != alias.means
    for alias in brands_in(text):
        assert alias.name in text
        assert alias.means in folded.casefold()
        assert alias.name.casefold() != alias.means


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "(A",
        "(AB) ",
        "a(AB)",
        "sold as ",
        "brand name ",
        "Alphax (",
        "alphamab, ",
        "A A A A (AAAA) ",
        "the brand name ",
    ],
)
def test_long_texts_of_one_piece_are_read_in_time(piece):
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    list(abbreviations_in(text))
    list(brands_in(text))
    assert time.process_time() - start < SECONDS

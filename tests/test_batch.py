"""Files of questions, and TREC runs."""

import json

import pytest

from citewell.batch import Row, check_ids, read_rows, run_lines, write_whole
from citewell.errors import UsageError

pytestmark = pytest.mark.unit


def test_rows_are_read_in_both_notations(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text(
        '\ufeff{"id": "q 1", "question": " What\\nis it? ", "history": ["Before?"]}\r\n\n{"_id": 7, "text": "Why?"}\n'
        '{"question": "Free of an id?"}',
        encoding="utf-8",
    )
    assert read_rows(path) == [
        Row("q 1", "What is it?", ("Before?",)),
        Row("7", "Why?", ()),
        Row(None, "Free of an id?", ()),
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "can't be read as JSON"),
        ("[" * 100_000, "can't be read as JSON"),
        ('["q"]', "expected one JSON object, found list"),
        ("{}", "found NoneType"),
        ('{"id": "a", "question": 5}', "found int"),
        ('{"id": true, "question": "Q"}', "found bool"),
        ('{"id": "a", "question": "  "}', "expected a question, found none"),
        ('{"id": "a", "question": "a\\u0007"}', "U\\+0007"),
        ('{"id": "a", "question": "Q", "history": "earlier"}', '"history"'),
        ('{"id": "a", "question": "Q", "history": [""]}', "expected a question, found none"),
        (json.dumps({"id": "a", "question": "long " * 2_000}), "at most 2,000 characters"),
    ],
)
def test_a_bad_row_is_refused_by_its_line(tmp_path, row, message):
    path = tmp_path / "questions.jsonl"
    path.write_text('{"question": "Good?"}\n' + row + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=f"line 2: .*{message}"):
        read_rows(path)


def test_a_file_that_cannot_be_read_is_a_wrong_call(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        read_rows(tmp_path / "missing.jsonl")
    with pytest.raises(UsageError, match="Is a directory"):
        read_rows(tmp_path)
    (tmp_path / "latin.jsonl").write_bytes(b'{"question": "caf\xe9"}')
    with pytest.raises(UsageError, match="in UTF-8, found another byte at 17"):
        read_rows(tmp_path / "latin.jsonl")


def test_a_run_needs_an_id_of_its_own_for_each_query(tmp_path):
    rows = [Row("a", "Q?", ()), Row("b", "R?", ())]
    assert check_ids(rows, tmp_path) == [("a", "Q?"), ("b", "R?")]
    for bad, message in [
        (Row(None, "S?", ()), "found none"),
        (rows[0], "'a' twice"),
        (Row("a b", "S?", ()), "white space"),
    ]:
        with pytest.raises(UsageError, match=message):
            check_ids([*rows, bad], tmp_path)


def test_run_lines_hold_rank_and_score():
    assert run_lines("q", [("d1", 0.1 + 0.2), ("d2", -1.0)]) == [
        "q Q0 d1 1 0.30000000000000004 citewell\n",
        "q Q0 d2 2 -1.0 citewell\n",
    ]
    with pytest.raises(UsageError, match="'d 1'"):
        run_lines("q", [("d 1", 1.0)])


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "out.trec"
    write_whole(path, ["old\n"])

    def lines():
        yield "new\n"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(path, lines())
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"out.trec": "old\n"}


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path):
    (tmp_path / "target").touch()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_whole(tmp_path / "link", ["line\n"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "line\n"
    for bad in (tmp_path, tmp_path / "missing" / "out", type(tmp_path)("/dev/null")):
        with pytest.raises(UsageError, match="expected a file to write to"):
            write_whole(bad, ["line\n"])

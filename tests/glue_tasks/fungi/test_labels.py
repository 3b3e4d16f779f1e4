import pytest

from glue_tasks.fungi import labels


def test_ids_are_those_of_the_reference_run():
    assert len(set(labels.LABELS)) == 25
    for i, name in (
        (0, "生息環境/habitat"),
        (3, "色/color"),
        (15, "耐性・感受性/resistance_and_susceptibility"),
        (24, "未分類/unclassified"),
    ):
        assert labels.LABELS[i] == name
    assert labels.COMMON_OR_DIFFERENT == ("different", "common")


def test_labels_are_those_of_the_published_table(shared):
    text = (shared / "reference/fungi.md").read_text(encoding="utf-8")
    listed = next(line for line in text.splitlines() if line.startswith("0 "))
    expected = [part.strip().split(" ") for part in listed.split(" · ")]
    assert expected == [[str(i), n] for i, n in enumerate(labels.LABELS)]


@pytest.mark.parametrize("label", labels.LABELS)
def test_both_spellings_are_read(label):
    japanese, english = label.split("/")
    assert labels.parse_label("label", label) == label
    assert labels.parse_label("label", japanese) == label
    assert labels.japanese_half(label) == japanese
    assert labels.english_half(label) == english


def test_a_label_without_halves_is_its_english_half():
    assert labels.english_half("common") == "common"


def test_zero_is_different_and_one_is_common():
    assert labels.parse_label("common_or_different", "0") == "different"
    assert labels.parse_label("common_or_different", "1") == "common"


@pytest.mark.parametrize("cell", ["匂い/smell", "", "habitat", "色/colour"])
def test_a_26th_label_is_refused(cell):
    with pytest.raises(ValueError, match="one of the 25 labels") as error:
        labels.parse_label("label", cell)
    assert f"Received: {cell!r}" in str(error.value)


def test_the_nearest_label_is_offered():
    with pytest.raises(ValueError, match="did you mean '色/color'"):
        labels.parse_label("label", "色/colour")


@pytest.mark.parametrize("cell", ["2", "", "common", "1.0"])
def test_other_than_zero_and_one_is_refused(cell):
    with pytest.raises(ValueError, match=r"must hold 1 \(common to both"):
        labels.parse_label("common_or_different", cell)

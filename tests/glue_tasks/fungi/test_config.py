import pytest

from glue_tasks.fungi.config import FungiConfig


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("text", "both", "one of sentence, pair"),
        ("target", "labels", "one of label, common_or_different"),
        ("split", "random", "one of stratified, reference, by_record"),
        ("seed", -1, "an integer from 0"),
    ],
)
def test_fields_are_checked(field, value, rule):
    with pytest.raises(ValueError, match=f"`{field}` must be {rule}"):
        FungiConfig(**{field: value})


def test_texts():
    assert FungiConfig().text_columns == ("sentence",)
    assert FungiConfig().texts(["傘は赤い"]) == ("傘は赤い",)
    pair = FungiConfig(text="pair")
    assert pair.text_columns[1:] == ("comparison_source", "comparison_target")
    assert pair.texts(["傘は赤い", "A a", "B b"]) == ("傘は赤い", "A a、B b")


def test_fields_come_back():
    config = FungiConfig("pair", "common_or_different", "by_record", 5)
    assert FungiConfig(**config.to_dict()) == config

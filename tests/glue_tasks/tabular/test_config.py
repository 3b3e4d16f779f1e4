import pytest

from glue_tasks.tabular.config import LABEL_TYPES, TabularConfig


def test_defaults():
    config = TabularConfig()
    assert config.text_columns == ("text",)
    assert config.problem_type == "single_label_classification"
    assert TabularConfig(**config.to_dict()) == config
    assert TabularConfig(text_b_column="b").text_columns == ("text", "b")


def test_problem_types_are_those_of_the_library():
    from adapter_bert.problem_types import PROBLEM_TYPES

    assert set(LABEL_TYPES.values()) == set(PROBLEM_TYPES)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text_a_column": ""}, "`text_a_column` must be a string of one"),
        ({"text_b_column": ""}, "Received: text_b_column=''"),
        ({"label_column": None}, "Received: label_column=None"),
        ({"label_separator": ""}, "`label_separator` must be a string"),
        ({"label_column": "text"}, "different ones. Received: text_a_column="),
        ({"text_b_column": "label"}, "columns must be different ones"),
        ({"label_type": "klass"}, "one of class, score, multi. Received: "),
        ({"dev_share": 0.0}, "`dev_share` must be a positive"),
        ({"dev_share": 1.0}, "`dev_share` must be a number from 0 to below 1"),
        ({"seed": -1}, "`seed` must be"),
    ],
)
def test_fields_out_of_range(fields, message):
    with pytest.raises(ValueError, match=message):
        TabularConfig(**fields)

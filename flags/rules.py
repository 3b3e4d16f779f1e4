"""Checks shared by flag groups; absl puts `flag --name=value:` before each."""

import math
from collections.abc import Callable, Sequence

from absl import flags

from adapter_bert.names import did_you_mean


def require_positive(*names: str) -> None:
    """Refuses zero, negative and infinite values of the flags `names`."""
    for name in names:
        flags.register_validator(
            name,
            lambda value: value is None or 0 < value < math.inf,
            message="must be a positive, finite number.",
        )


def require_text(*names: str) -> None:
    """Refuses empty values of the flags `names`.

    `--data_dir=$GLUE_DIR` is empty where that variable is not set.
    """
    for name in names:
        flags.register_validator(
            name,
            lambda value: value is None or bool(value.strip()),
            message="must not be empty. Is a shell variable not set?",
        )


def require_choice(name: str, choices: Sequence[str]) -> None:
    """Refuses values of the flag `name` not in `choices`, with the nearest."""

    def check(value):
        if value is None or value in choices:
            return True
        raise flags.ValidationError(f"{did_you_mean(value, choices)}.")

    flags.register_validator(name, check)


def require_form(name: str, parse: Callable[[str], object]) -> None:
    """Refuses values of the flag `name` that `parse` refuses, and says why."""

    def check(value):
        try:
            if value is not None:
                parse(value)
        except ValueError as error:
            raise flags.ValidationError(f"{error}.") from error
        return True

    flags.register_validator(name, check)

"""The flags behind `--`, which all runs of a sweep share."""

from collections.abc import Iterator, Mapping, Sequence

from absl import flags as absl_flags

# A sweep gives these to each run itself.
OWN = {
    "tune": "--tune",
    "adapter_size": "--adapter_size",
    "tune_top_k": "--tune_top_k",
    "learning_rate": "--learning_rate",
    "num_train_epochs": "--num_train_epochs",
    "seed": "--seed",
    "output_dir": "--sweep_dir",
    "overwrite_output_dir": None,
    "do_train": None,
    "do_eval": None,
}


def expand_flagfiles(arguments: Sequence[str]) -> list[str]:
    """Returns arguments with the lines of flag files in place of the files.

    What a sweep decides for each run is left out of the lines: a recipe names
    a learning rate, too.

    Args:
        arguments: A part of a command line.

    Raises:
        ValueError: If a file cannot be read.
    """
    expanded, rest = [], list(arguments)
    while rest:
        argument = rest.pop(0)
        if argument.partition("=")[0] not in ("-flagfile", "--flagfile"):
            expanded.append(argument)
            continue
        directive = [argument]
        if "=" not in argument:
            directive, rest = [argument, *rest[:1]], rest[1:]
        try:
            lines = absl_flags.FlagValues().read_flags_from_files(directive)
        except absl_flags.Error as error:
            raise ValueError(f"{' '.join(directive)}: {error}") from error
        expanded += _without_own(lines)
    return expanded


def read_fixed_flags(arguments: Sequence[str]) -> dict[str, str]:
    """Returns what flags say, by name; a flag without a value has the value "".

    Two spellings of the same flags (one dash or two, the value behind `=` or
    in the next argument, another order) give equal results.

    Args:
        arguments: A part of a command line.

    Raises:
        ValueError: If an argument is no flag, or if a sweep decides the flag
            for each run.
    """
    flags, last = {}, None
    for argument in arguments:
        if argument.startswith("-") and argument.strip("-"):
            name, has_value, value = argument.lstrip("-").partition("=")
            flags[name] = value
            last = None if has_value else name
        elif last is not None:
            flags[last] = argument
            last = None
        else:
            raise ValueError(
                "Every argument behind `--` must be a flag of "
                f"run_classifier.py, such as --task_name=MRPC. "
                f"Received: {argument!r}"
            )
    _refuse_own(flags)
    return flags


def describe_differences(
    there: Mapping[str, str], here: Mapping[str, str]
) -> str:
    """Returns one line for each flag that is not the same in both."""
    return "\n".join(
        f"  --{name}: {_show(there, name)} there, {_show(here, name)} here"
        for name in sorted({*there, *here})
        if there.get(name) != here.get(name)
    )


def _show(flags, name):
    if name not in flags:
        return "not given"
    return flags[name] or "given"


def _own_name(name: str) -> str | None:
    """Returns the name, without a `no`, if a sweep decides the flag."""
    plain = name if name in OWN else name.removeprefix("no")
    return plain if plain in OWN else None


def _without_own(lines: Sequence[str]) -> Iterator[str]:
    is_own = False
    for line in lines:
        # A value on a line of its own goes with its flag.
        if line.startswith("-"):
            is_own = _own_name(line.lstrip("-").partition("=")[0]) is not None
        if not is_own:
            yield line


def _refuse_own(flags):
    for name in flags:
        plain = _own_name(name)
        if plain is None:
            continue
        place = OWN[plain]
        advice = (
            f"give the sweep {place} instead, before the `--`."
            if place
            else "leave it out."
        )
        raise ValueError(
            f"--{name} behind `--`: a sweep decides this for each run; {advice}"
        )

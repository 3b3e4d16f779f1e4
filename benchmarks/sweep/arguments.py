"""The command line of a sweep."""

import argparse
import math
import os
from collections.abc import Callable, Sequence

from adapter_bert.names import did_you_mean
from benchmarks.sweep.fixed_flags import expand_flagfiles, read_fixed_flags
from benchmarks.sweep.grid import METHODS, Run, expand

_DESCRIPTION = """\
Trains and evaluates once for each combination of the lists, then compares.

The flags behind `--` go to every run of run_classifier.py. The same command
again goes on where it stopped: finished runs are skipped, others start afresh.
More values may be added later, and several processes may work on one folder at
once: each run is done by one of them.

The folder gets results.csv (one line a run), table.md (mean and standard
deviation over the seeds, and the best of each method), and the figures
score_by_parameters and score_by_learning_rate as .png and .svg. They cover
every finished run in the folder.
"""
_EXAMPLE = """\
example:
  python -m benchmarks.sweep --sweep_dir=output/sweep-mrpc \\
    --tune=adapters,top_k --adapter_size=8,64 --tune_top_k=1,3 \\
    --learning_rate=3e-4,1e-3 --num_train_epochs=3,20 --seed=1,2,3 \\
    -- --task_name=MRPC
"""
_LISTS = {
    "adapters": ("adapter_size", (64,)),
    "top_k": ("tune_top_k", (1,)),
}


def read_arguments(
    arguments: Sequence[str],
) -> tuple[str, list[Run], list[str], dict[str, str]]:
    """Reads the command line; a mistake in it ends the program.

    Args:
        arguments: All behind the program's name.

    Returns:
        The sweep's folder, its runs, the shared flags as they were given, with
        the lines of flag files, and the same by name.

    Raises:
        ValueError: If a flag behind `--` is none, or is the sweep's own, or if
            a flag file cannot be read.
    """
    arguments = list(arguments)
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    shared = expand_flagfiles(arguments[cut + 1 :])
    parser = _make_parser()
    given, unknown = parser.parse_known_args(arguments[:cut])
    if unknown:
        parser.error(
            f"unknown arguments: {' '.join(unknown)} (flags of "
            "run_classifier.py go behind `--`)"
        )
    fixed = read_fixed_flags(shared)
    for method, (name, default) in _LISTS.items():
        if getattr(given, name) is None:
            setattr(given, name, default)
        elif method not in given.tune:
            parser.error(f"--{name} has no effect unless --tune has {method}")
    runs = expand(
        given.tune,
        given.adapter_size,
        given.tune_top_k,
        given.learning_rate,
        given.num_train_epochs,
        given.seed,
    )
    return os.path.expanduser(given.sweep_dir), runs, shared, fixed


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sweep",
        usage="%(prog)s [options] -- [flags of run_classifier.py]",
        description=_DESCRIPTION,
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "--sweep_dir",
        metavar="DIR",
        default="output/sweep",
        help="folder of the runs and the results (default: %(default)s)",
    )
    add(
        "--tune",
        metavar="LIST",
        type=_list_of(_method),
        default=["adapters"],
        help=f"what trains, among {', '.join(METHODS)} (default: adapters)",
    )
    add(
        "--adapter_size",
        metavar="LIST",
        type=_list_of(_positive_integer),
        help="units of an adapter's bottleneck, for --tune=adapters "
        "(default: 64)",
    )
    add(
        "--tune_top_k",
        metavar="LIST",
        type=_list_of(_positive_integer),
        help="numbers of trained layers, from the last one down, for "
        "--tune=top_k (default: 1)",
    )
    add(
        "--learning_rate",
        metavar="LIST",
        type=_list_of(_positive_number),
        default=[3e-4],
        help="highest learning rates of the schedule (default: 3e-4)",
    )
    add(
        "--num_train_epochs",
        metavar="LIST",
        type=_list_of(_positive_number),
        default=[5.0],
        help="passes over the training examples (default: 5)",
    )
    add(
        "--seed",
        metavar="LIST",
        type=_list_of(_seed),
        default=[1],
        help="seeds; every configuration is run with each (default: 1)",
    )
    return parser


def _list_of(read: Callable) -> Callable[[str], list]:
    """Returns a reader of values between commas; doubles are dropped."""

    def read_list(text):
        if not text.strip():
            raise argparse.ArgumentTypeError(
                "must be values between commas, such as 1,2. Received nothing"
            )
        values = [read(item.strip()) for item in text.split(",")]
        return list(dict.fromkeys(values))

    return read_list


def _method(text):
    if text not in METHODS:
        hint = did_you_mean(text, METHODS)
        raise argparse.ArgumentTypeError(f"unknown method {text!r}; {hint}")
    return text


def _positive_number(text):
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(
            f"each value must be a positive number. Received: {text!r}"
        )
    return value


def _positive_integer(text):
    return _integer(text, range(1, 2**31), "a positive integer")


def _seed(text):
    return _integer(text, range(2**31), f"an integer from 0 to {2**31 - 1}")


def _integer(text, allowed, rule):
    digits = text.isascii() and text.isdigit() and len(text) < 12
    if not digits or int(text) not in allowed:
        raise argparse.ArgumentTypeError(
            f"each value must be {rule}. Received: {text!r}"
        )
    return int(text)

"""The command line: flags by theme, their help and the settings they make.

Importing the package defines every flag, once. A driver needs no more than
`from flags import parse` and `app.run(main)`.
"""

from flags import (
    adapter,
    fungi,
    help,
    model,
    parse,
    run,
    tabular,
    task,
    tpu,
    training,
    tuning,
)

__all__ = [
    "adapter",
    "fungi",
    "help",
    "model",
    "parse",
    "run",
    "tabular",
    "task",
    "tpu",
    "training",
    "tuning",
]

import pytest
from absl import flags
from absl.testing import flagsaver

from flags import parse


@pytest.fixture
def command_line():
    """Parses flags as a driver would and restores them afterwards."""

    def settings(*arguments):
        flags.FLAGS.unparse_flags()
        rest = flags.FLAGS(["run_classifier.py", *arguments])
        return parse.parse(rest)

    flags.FLAGS.mark_as_parsed()
    with flagsaver.flagsaver():
        yield settings
    flags.FLAGS.mark_as_parsed()

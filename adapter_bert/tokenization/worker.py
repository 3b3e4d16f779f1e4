"""The process that `processes` starts: it reads texts and answers with ids.

python -m adapter_bert.tokenization.worker

Reads pickles from stdin, and writes one `(problem, result)` for each: first
the function to call, then chunks of texts for it, until there are no more.
"""

import os
import pickle
import sys
import traceback
from typing import BinaryIO


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers requests until there are no more."""
    try:
        function = pickle.load(requests)
        _answer(answers, None, None)
        while True:
            _answer(answers, None, function(pickle.load(requests)))
    except (EOFError, BrokenPipeError):  # who asked has enough, or is gone
        return
    except Exception:
        _answer(answers, traceback.format_exc(), None)


def _answer(answers, problem, result):
    pickle.dump((problem, result), answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


def main() -> None:
    """Serves stdin and stdout."""
    # Whatever a library prints must not end up between the answers.
    with open(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()

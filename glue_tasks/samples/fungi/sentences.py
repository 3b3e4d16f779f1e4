"""Sentences that compare two fungi, made of a frame's wordings.

The sentence is about the second fungus; the first one, on whose page it stands,
is called 本種 ("this species").
"""

import dataclasses
import random
import re

from glue_tasks.samples.fungi import frames
from glue_tasks.samples.mrpc.frames import pick

MIN_LENGTH, MAX_LENGTH = 3, 120  # characters

# How often a sentence is of each kind.
_SHARED = 0.35  # of what is common
_PLAIN_CONTRAST = 0.7  # of what differs
_ANOTHER_CLAUSE = 0.25
_MANY_CLAUSES = 0.92  # of a detailed sentence
_DETAILED = 0.08
_LEAD = 0.2

_SAME_OPENERS = (
    "",
    "",
    "",
    "本種と同様に",
    "本種と同じく",
    "いずれも",
    "ともに",
)
_SAME_TAILS = ("", "", "点で共通である", "点で一致する", "点が共通する")
_DIFFERENT_OPENERS = ("本種と異なり", "本種と異なり", "本種と異なり、")
_DIFFERENT_TAILS = (
    "点で本種と異なる",
    "点で本種と明瞭に異なる",
    "点で本種と区別される",
    "ことにより本種と区別できる",
)
# What two clauses may have in common; the second one then leaves it out.
_OPENINGS = ("本種より", "本種と異なり", "")
_SAYS_WHICH = re.compile(r"異な|区別|）$")

# Labels on what is seen of a fungus: a word on the whole may come first.
_VISIBLE = frozenset(
    """
    size surface_characteristics color shape presence structure position amount
    texture development
    """.split()
)
_LEADS = {
    True: (
        "原記載によると、",
        "タイプ標本を観察した限りでは、",
        "全体の形態がよく似ており、",
        "同所的に発生することがある近縁種で、",
        "分子系統解析でも近縁とされ、",
    ),
    False: (
        "原記載によると、",
        "タイプ標本を観察した限りでは、",
        "全体の形態はよく似ているが、",
        "同じ場所に発生することもあるが、",
        "分子系統解析では近縁とされるが、",
        "分布域や生息環境は重なるが、",
        "肉眼では見分けにくく、最近まで同種とみなされていたが、",
    ),
}

# How a clause goes on with another one.
_GO_ON = {
    "しない": "せず",
    "たない": "たず",
    "れない": "れず",
    "きない": "きず",
    "ない": "なく",
    "い": "く",
    "れる": "れ",
    "れた": "れ",
    "する": "し",
    "した": "し",
    "じる": "じ",
    "える": "え",
    "できる": "でき",
    "びる": "び",
    "欠く": "欠き",
    "もつ": "もち",
    "ている": "ており",
    "ある": "あり",
    "なる": "なり",
    "わる": "わり",
    "まる": "まり",
    "尖る": "尖り",
}


@dataclasses.dataclass(frozen=True)
class Sentence:
    """A sentence.

    Attributes:
        text: Japanese, without a full stop, as in the data set.
        subjects: The parts of the fungus that it speaks of.
    """

    text: str
    subjects: frozenset[str]


def make_sentence(
    frame: frames.Frame, group: str, common: bool, rng: random.Random
) -> Sentence:
    """Makes a sentence of `MIN_LENGTH` to `MAX_LENGTH` characters.

    Args:
        frame: What may be said.
        group: Of which fungi, one of `frames.GROUPS`.
        common: Whether it says what is common to both or what differs.
        rng: Where the choices come from.
    """
    make = _common if common else _different
    while True:
        text, subjects = make(frame, group, rng)
        if frame.name in _VISIBLE and rng.random() < _LEAD:
            text = pick(rng, _LEADS[common]) + text
        if MIN_LENGTH <= len(text) <= MAX_LENGTH:
            return Sentence(text, frozenset(subjects))


def go_on(clause: str) -> str | None:
    """Puts a clause's last verb into the form that another clause follows.

    Returns:
        The clause without a comma; None if it cannot go on.
    """
    for length in (3, 2, 1):
        if clause[-length:] in _GO_ON:
            return clause[:-length] + _GO_ON[clause[-length:]]
    return None


def _common(frame, group, rng) -> tuple[str, set[str]]:
    if rng.random() < _SHARED:
        return _clause(frame, group, frame.shared, rng)
    text, subjects = _clauses(frame, group, frame.states, rng)
    opener = pick(rng, _SAME_OPENERS)
    tail = "" if opener or _SAYS_WHICH.search(text) else pick(rng, _SAME_TAILS)
    return opener + text + tail, subjects


def _different(frame, group, rng) -> tuple[str, set[str]]:
    if rng.random() < _PLAIN_CONTRAST:
        return _clauses(frame, group, frame.contrasts, rng)
    text, subjects = _clauses(frame, group, frame.states, rng)
    if rng.random() < 0.5:
        return pick(rng, _DIFFERENT_OPENERS) + text, subjects
    return text + pick(rng, _DIFFERENT_TAILS), subjects


def _clauses(frame, group, wordings, rng) -> tuple[str, set[str]]:
    """Returns one clause, or more if they fit each other."""
    text, subjects = _clause(frame, group, wordings, rng)
    if frame.name not in _VISIBLE:
        return text, subjects
    detailed = rng.random() < _DETAILED
    while rng.random() < (_MANY_CLAUSES if detailed else _ANOTHER_CLAUSE):
        other, others = _clause(frame, group, wordings, rng)
        start, opening = go_on(text), _opening(text)
        if (
            start is not None
            and opening == _opening(other)
            and (opening or wordings is frame.states)
            and not _SAYS_WHICH.search((text + other).replace(opening, ""))
            and not subjects & others
        ):
            text = f"{start}、{other.removeprefix(opening)}"
            subjects = subjects | others
    return text, subjects


def _opening(clause: str) -> str:
    return next(text for text in _OPENINGS if clause.startswith(text))


def _clause(frame, group, wordings, rng) -> tuple[str, set[str]]:
    while True:
        facts = frames.draw_facts(frame, group, rng)
        if fitting := frames.fitting(wordings, facts):
            subject = frames.subject(facts)
            text = frames.render(pick(rng, fitting), facts, rng)
            return text, {subject} - {None}

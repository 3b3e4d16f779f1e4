"""Sentence frames: one event told in several ways, and how to alter it.

A frame's wordings all mean the same. In them `{slot}` or `{slot.form}` is a
fact of the event, `[a|b]` a free choice between equal phrases (`[a|]`: a minor
detail that may be missing), and `a(n)` the article that fits what follows.
"""

import dataclasses
import pathlib
import random
import re
import tomllib

from glue_tasks.samples.mrpc import words

Facts = dict[str, words.Value]

_FOLDER = pathlib.Path(__file__).parent / "frames"
_SLOT = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SMALL_NUMBERS = "zero one two three four five six seven eight nine".split()


@dataclasses.dataclass(frozen=True)
class Frame:
    """One kind of event.

    Attributes:
        name: The event, such as `takeover`.
        topic: News section it belongs to.
        wordings: Sentences of equal meaning.
        changes: Facts whose change makes the sentence say something else:
            one slot gets another value, two slots exchange theirs.
        pools: Possible values of each slot that the wordings use.
        numbers: Slots that are numbers; their pools are in rising order.
    """

    name: str
    topic: str
    wordings: tuple[str, ...]
    changes: tuple[tuple[str, ...], ...]
    pools: dict[str, list[words.Value]]
    numbers: frozenset[str]


def load_frames() -> list[Frame]:
    """Reads the frames of all topics, in a fixed order."""
    frames = []
    for path in sorted(_FOLDER.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        frames += [
            _frame(name, path.stem, entry) for name, entry in table.items()
        ]
    return frames


def pick(rng: random.Random, items: list | tuple):
    """Returns one item, the same on every Python version for a given seed.

    Only `Random.random` is promised to repeat itself across versions.
    """
    return items[int(rng.random() * len(items))]


def draw_facts(frame: Frame, rng: random.Random) -> Facts:
    """Draws a value for every slot, no name twice."""
    facts: Facts = {}
    for slot in frame.pools:
        facts[slot] = pick(rng, _candidates(frame, slot, facts))
    return facts


def change_facts(
    frame: Frame, facts: Facts, change: tuple[str, ...], rng: random.Random
) -> Facts:
    """Returns the facts of another event that differs in one respect."""
    if len(change) == 2:
        first, second = change
        return facts | {first: facts[second], second: facts[first]}
    (slot,) = change
    return facts | {slot: pick(rng, _candidates(frame, slot, facts))}


def render(wording: str, facts: Facts, rng: random.Random) -> str:
    """Writes a wording out as one sentence, spaced as in MRPC."""
    text = _SLOT.sub(lambda m: facts[m[1]][m[2] or ""], wording)
    while "[" in text:
        text = _CHOICE.sub(lambda m: pick(rng, m[1].split("|")), text, count=1)
    text = re.sub(r"\b([Aa])\(n\) +(\S+)", _article, text).strip()
    start = 1 if text.startswith('"') else 0
    text = text[:start] + text[start].upper() + text[start + 1 :]
    return _spaced(text)


def expansions(wording: str) -> list[str]:
    """Lists every sentence pattern that the choices of a wording allow."""
    match = _CHOICE.search(wording)
    if match is None:
        return [wording]
    before, after = wording[: match.start()], wording[match.end() :]
    return [
        pattern
        for option in match[1].split("|")
        for pattern in expansions(before + option + after)
    ]


def _frame(name: str, topic: str, entry: dict) -> Frame:
    numbers = entry.get("numbers", {})
    choices = entry.get("choices", {})
    pools = {}
    for wording in entry["wordings"]:
        for slot, _ in _SLOT.findall(wording):
            if slot in choices:
                pools[slot] = _choice_pool(choices[slot])
            elif slot in numbers:
                pools[slot] = _number_pool(*numbers[slot])
            else:
                pools[slot] = words.POOLS[slot.rstrip("2")]
    return Frame(
        name=name,
        topic=topic,
        wordings=tuple(entry["wordings"]),
        changes=tuple(tuple(change.split()) for change in entry["changes"]),
        pools=pools,
        numbers=frozenset(numbers),
    )


def _choice_pool(forms: list[str] | dict[str, list[str]]) -> list[words.Value]:
    if isinstance(forms, list):
        forms = {"": forms}
    names = list(forms)
    return [
        {name: f"[{text}]" for name, text in zip(names, texts, strict=True)}
        for texts in zip(*forms.values(), strict=True)
    ]


def _number_pool(low: float, high: float, step: float) -> list[words.Value]:
    decimals = len(str(step).partition(".")[2])
    count = round((high - low) / step) + 1
    return [_number(low + i * step, decimals) for i in range(count)]


def _number(value: float, decimals: int) -> words.Value:
    """Spells out whole numbers below ten, except in the form `digits`."""
    digits = f"{value:,.{decimals}f}"
    digits = digits.removesuffix(".00").removesuffix(".0")
    spelled = not decimals and value < len(_SMALL_NUMBERS)
    text = _SMALL_NUMBERS[value] if spelled else digits
    return {"": text, "digits": digits}


def _candidates(frame: Frame, slot: str, facts: Facts) -> list[words.Value]:
    """Values for a slot that nobody mistakes for the facts already there."""
    pool = frame.pools[slot]
    if slot in frame.numbers:
        if slot not in facts:
            return pool
        position = pool.index(facts[slot])
        return [
            value
            for i, value in enumerate(pool)
            if i != position and abs(i - position) * 6 >= len(pool)
        ]
    taken = {name for fact in facts.values() for name in _names(fact)}
    current = facts.get(slot)
    return [
        value
        for value in pool
        if value != current and not taken & _names(value)
    ]


def _names(value: words.Value) -> set[str]:
    text = value.get("", "")
    return {word for word in text.split() if word[0].isupper()} - {
        "County",
        "Airways",
        "Air",
        "The",
    }


def _article(match: re.Match) -> str:
    sounds_like_vowel = re.match(r"[aeiouAEIOU]|8|11\b|18\b", match[2])
    return f"{match[1]}{'n' if sounds_like_vowel else ''} {match[2]}"


def _spaced(text: str) -> str:
    text = re.sub(r"([,.])(?=[\s\"]|$)", r" \1", text)
    text = text.replace('"', ' " ').replace("$", "$ ").replace("'s", " 's")
    return " ".join(text.split())

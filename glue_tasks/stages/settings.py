"""What a run that uses a trained adapter takes over from its training."""

from collections.abc import Mapping
from typing import Any

# Settings that say how an adapter came about, not how it is used.
_OF_TRAINING = ("adapter", "adapter_recipe", "train", "tune")


def effective_settings(
    settings: Mapping[str, Any], trained: Mapping[str, Any]
) -> dict[str, Any]:
    """Returns the settings of a run that uses what another one trained.

    Unless this run names an encoder, columns or files, they are the other
    one's.

    Args:
        settings: What this run's command line decided, by theme.
        trained: What the adapter's `adapter.json` says.
    """
    trained = trained.get("settings", {})
    used = {k: v for k, v in settings.items() if k not in _OF_TRAINING}
    used |= {k: trained[k] for k in _OF_TRAINING if k in trained}
    files = settings["checkpoint"]
    if files["init_checkpoint"] is None and "checkpoint" in trained:
        named = {k: v for k, v in files.items() if v is not None}
        used["checkpoint"] = {**trained["checkpoint"], **named}
    data = trained.get("data", {})
    used["data"] = dict(settings["data"])
    if settings["data"]["data_dir"] is None and data.get("tabular"):
        used["data"]["data_dir"] = data["data_dir"]
    used["data"]["tabular"] = {
        **data.get("tabular", {}),
        **settings["data"]["tabular"],
    }
    return used

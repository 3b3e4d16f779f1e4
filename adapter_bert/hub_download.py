"""Files of the Hugging Face Hub, or in one sentence why there are none."""

import pathlib
from typing import Any

from adapter_bert import network


def download(repo_id: str, **options: Any) -> pathlib.Path:
    """Returns the local folder of a repository, after downloading it.

    Args:
        repo_id: Its name on the Hub.
        **options: Other arguments of `huggingface_hub.snapshot_download`.

    Raises:
        FileNotFoundError: If the Hub may not be asked, does not answer or
            does not give it.
    """
    import huggingface_hub
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        raise FileNotFoundError("HF_HUB_OFFLINE forbids to download it")
    if not network.is_reachable(constants.ENDPOINT):
        raise FileNotFoundError(f"{constants.ENDPOINT} cannot be reached")
    try:
        return pathlib.Path(
            huggingface_hub.snapshot_download(repo_id, **options)
        )
    # Every HTTP library that huggingface_hub has used has its own errors.
    except Exception as error:
        reason = str(error).strip().partition("\n")[0]
        raise FileNotFoundError(
            f"{constants.ENDPOINT} did not give it: "
            f"{type(error).__name__}: {reason}"
        ) from error

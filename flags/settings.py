"""What a run was told to do, free of flags and ready for result files."""

import dataclasses
from typing import Any

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.training.config import TrainConfig


@dataclasses.dataclass(frozen=True)
class DataConfig:
    """Which task a run works on and how long its inputs are.

    Attributes:
        task_name: Task, in lower case.
        data_dir: Directory with the task's files. None: found elsewhere.
        max_seq_length: Longest input, in tokens with [CLS] and [SEP]. None:
            what the adapter was trained with.
    """

    task_name: str
    data_dir: str | None = None
    max_seq_length: int | None = 128


@dataclasses.dataclass(frozen=True)
class CheckpointConfig:
    """Where the pretrained encoder comes from.

    Attributes:
        init_checkpoint: TF1 prefix, Hugging Face directory or Hub id. None:
            the default encoder.
        bert_config_file: Shape of the encoder. None: beside the weights.
        vocab_file: WordPiece vocabulary. None: beside the weights.
        do_lower_case: Whether texts are lower-cased. None: as the checkpoint
            says.
    """

    init_checkpoint: str | None = None
    bert_config_file: str | None = None
    vocab_file: str | None = None
    do_lower_case: bool | None = None


@dataclasses.dataclass(frozen=True)
class RunConfig:
    """Which stages run and where their files go.

    Attributes:
        output_dir: Directory of the adapter and the result files.
        do_train: Whether to train.
        do_eval: Whether to evaluate on the dev set.
        do_predict: Whether to predict the test set.
        overwrite_output_dir: Whether training may replace an adapter that is
            already in `output_dir`.
        eval_batch_size: Examples per evaluation step.
        predict_batch_size: Examples per prediction step.
    """

    output_dir: str
    do_train: bool = True
    do_eval: bool = True
    do_predict: bool = False
    overwrite_output_dir: bool = False
    eval_batch_size: int = 8
    predict_batch_size: int = 8


@dataclasses.dataclass(frozen=True)
class Settings:
    """Everything the command line decided.

    Attributes:
        data: Task and data.
        checkpoint: Pretrained encoder.
        adapter_recipe: Name of the recipe that `adapter` started from.
        adapter: Shape of the adapters and what trains beside them.
        train: How the run trains.
        run: Stages and output.
        defaulted_stages: Whether no stage was named, so that the run trains
            and evaluates.
        notes: One sentence for each kind of given flags without effect.
    """

    data: DataConfig
    checkpoint: CheckpointConfig
    adapter_recipe: str
    adapter: AdapterConfig
    train: TrainConfig
    run: RunConfig
    defaulted_stages: bool = False
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Returns all fields, nested, as a JSON-ready dict."""
        return dataclasses.asdict(self)

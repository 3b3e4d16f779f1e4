"""Trains, evaluates and predicts a text-classification task with adapters.

python run_classifier.py --task_name=MRPC
python run_classifier.py --help
"""

import logging as python_logging
import pathlib
import shlex
import signal
import sys

from absl import app, logging

from flags import parse
from flags.settings import Settings
from glue_tasks import source
from glue_tasks.glue import get_task


def run(settings: Settings, command: str) -> None:
    """Runs the stages of `settings`; `command` goes into the report."""
    directory = pathlib.Path(settings.run.output_dir)
    _announce(settings)
    _check_output(settings, directory)
    task = get_task(settings.data.task_name)
    data = source.load_data(task, settings.data.data_dir)
    examples = _read_splits(settings, data)

    # From here on it takes Keras, which takes seconds to import.
    from adapter_bert.startup import list_devices

    devices = list_devices()
    logging.info("Devices: %s.", ", ".join(devices))
    from glue_tasks import loading, reporting, stages

    used, artifact = settings.to_dict(), None
    if not settings.run.do_train:
        artifact = loading.read_trained(directory)
        used = loading.effective_settings(used, artifact)
    recorded = settings.checkpoint.init_checkpoint is None
    checkpoint, warning = loading.find_checkpoint(used["checkpoint"], recorded)
    info = reporting.RunInfo(
        directory=directory,
        task=task,
        data=data.description,
        checkpoint=checkpoint.description,
        warnings=[w for w in (data.warning, warning) if w],
        settings=used,
        command=command,
        devices=devices,
    )
    for text in info.warnings:
        logging.warning("%s", text)
    options = (settings.adapter, settings.data.max_seq_length)
    if settings.run.do_train:
        seed = settings.train.seed
        model = loading.load_untrained(checkpoint, task, *options, seed)
    else:
        model, step = loading.load_trained(
            checkpoint, task, directory, artifact, *options
        )
    loading.record_effective(used, checkpoint, model)
    _make_directory(directory)
    if settings.run.do_train:
        step = stages.train(model, examples["train"], settings.train, info)
    scores = {}
    if settings.run.do_eval:
        rows, batch_size = examples["dev"], settings.run.eval_batch_size
        scores = stages.evaluate(model, rows, batch_size, step, info)
    if settings.run.do_predict:
        batch_size = settings.run.predict_batch_size
        stages.predict(model, examples["test"], batch_size, info)
    reporting.write_report(info, model, scores)


def main(argv: list[str]) -> None:
    """Runs, turning a user's mistake into one message and exit status 1."""
    _set_up_logging()
    try:
        run(parse.parse(argv), shlex.join(["python", *sys.argv]))
    except (ValueError, OSError, ImportError, ArithmeticError) as error:
        if logging.get_verbosity() >= logging.DEBUG:
            raise
        sys.exit(f"ERROR: {error}\n(--verbosity=1 shows where it came from.)")
    except KeyboardInterrupt:
        logging.error("Interrupted. What was saved before is whole.")
        sys.exit(128 + signal.SIGINT)


def _announce(settings):
    if settings.defaulted_stages:
        logging.info("No --do_* flag given: training and evaluating.")
    for note in settings.notes:
        logging.warning("%s", note)


def _check_output(settings, directory):
    for path in (directory, *directory.parents):
        if path.exists() and not path.is_dir():
            raise ValueError(
                f"--output_dir={directory}: {path} is a file, not a directory."
            )
    trained = (directory / "adapter.json").is_file()
    if settings.run.do_train:
        if trained and not settings.run.overwrite_output_dir:
            raise ValueError(
                f"--output_dir={directory} already holds a trained adapter. "
                "Train into another --output_dir, replace it with "
                "--overwrite_output_dir, or use it with --do_eval or "
                "--do_predict alone."
            )
    elif not trained and settings.checkpoint.init_checkpoint is None:
        raise ValueError(
            f"Nothing to evaluate or predict with: --output_dir={directory} "
            "holds no trained adapter, and no --init_checkpoint was given "
            "that has one. Train first with --do_train."
        )


def _make_directory(directory):
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"--output_dir={directory} cannot be made: {error}"
        ) from error


def _read_splits(settings, data):
    """Reads what every stage will need, so that a bad file fails at once."""
    wanted = {
        "train": settings.run.do_train,
        "dev": settings.run.do_eval,
        "test": settings.run.do_predict,
    }
    examples = {name: data.split(name) for name in wanted if wanted[name]}
    if "train" in examples:
        settings.train.num_train_steps(len(examples["train"]))
    counts = ", ".join(f"{len(rows)} {name}" for name, rows in examples.items())
    logging.info("Data: %s: %s examples.", data.description, counts)
    return examples


def _set_up_logging():
    logging.use_absl_handler()
    logging.get_absl_logger().addFilter(_is_ours)
    logging.get_absl_handler().setFormatter(
        python_logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%X")
    )


def _is_ours(record):
    # tensorflow-datasets logs each of its steps through the same logger.
    theirs = "tensorflow_datasets" in pathlib.Path(record.pathname).parts
    return not theirs or record.levelno >= python_logging.WARNING


def console_main() -> None:
    """Runs the command line; the entry point of the installed package."""
    app.run(main, flags_parser=parse.parse_flags)


if __name__ == "__main__":
    console_main()

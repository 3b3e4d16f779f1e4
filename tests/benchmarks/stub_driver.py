"""Stands in for run_classifier.py: says that it started, then what it found.

It takes the same flags, and a few that make it slow or make it fail.
"""

import json
import os
import pathlib
import sys
import time


def wait_for(path):
    deadline = time.monotonic() + 30
    while path and not os.path.exists(path) and time.monotonic() < deadline:
        time.sleep(0.02)


def main():
    arguments = (a.lstrip("-").partition("=") for a in sys.argv[1:])
    flags = {name: value for name, _, value in arguments}
    directory = pathlib.Path(flags["output_dir"])
    with open(flags["starts"], "a", encoding="utf-8") as starts:
        starts.write(f"{directory.name} {os.getpid()}\n")
    wait_for(flags.get("hold"))
    time.sleep(float(flags.get("sleep", "0")))
    print("warming up\rready\n\nERROR: no such thing", flush=True)
    if os.path.exists(flags.get("fail_while", "")) and flags["seed"] == "2":
        sys.exit(3)
    size = int(flags.get("adapter_size") or flags.get("tune_top_k") or 1)
    results = {
        "scores": {
            "eval_f1": 0.5 + 0.01 * int(flags["seed"]) + 0.001 * size,
            "eval_loss": 0.4,
            "global_step": 10,
        },
        "main_metric": "eval_f1",
        "parameters": {
            "trained": 1000 * size,
            "total": 100_000 + 1000 * size,
            "plain_encoder": 100_000,
        },
        "task": "mrpc",
        "data": "a sample for tests",
        "base": "no encoder",
        "warnings": ["These scores are made up."],
    }
    if "undefined" in flags:
        results["scores"]["eval_f1"] = None
    text = json.dumps(results)
    (directory / "eval_results.json").write_text(text, encoding="utf-8")
    wait_for(flags.get("hold_after_results"))


main()

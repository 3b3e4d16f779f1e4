from benchmarks.sweep.grid import METHODS, expand, format_number, format_rate


def test_sizes_multiply_only_the_methods_they_concern():
    runs = expand(list(METHODS), [8, 64], [1, 2, 3], [1e-4, 1e-3], [3], [1, 2])
    counts = {method: 0 for method in METHODS}
    for run in runs:
        counts[run.configuration.method] += 1
    assert counts == {
        "adapters": 8,
        "top_k": 12,
        "layer_norm": 4,
        "head": 4,
        "full": 4,
    }
    assert len({run.name for run in runs}) == len(set(runs)) == 32


def test_every_configuration_comes_once_before_the_second_seed():
    runs = expand(["adapters", "full"], [8, 64], [], [1e-3], [3, 20], [4, 2])
    assert [run.seed for run in runs] == [4] * 6 + [2] * 6
    assert {r.configuration for r in runs[:6]} == {
        r.configuration for r in runs[6:]
    }


def test_equal_values_make_one_run():
    assert len(expand(["head"], [], [], [3e-4, 0.0003], [3, 3.0], [1, 1])) == 1


def test_flags_say_what_the_run_is():
    runs = expand(["adapters", "top_k", "full"], [8], [2], [1e-5], [0.5], [7])
    assert [run.flags for run in runs] == [
        [
            f"--tune={tune}",
            "--learning_rate=1e-05",
            "--num_train_epochs=0.5",
            "--seed=7",
            *size,
        ]
        for tune, size in (
            ("adapters", ["--adapter_size=8"]),
            ("top_k", ["--tune_top_k=2"]),
            ("full", []),
        )
    ]


def test_names_and_descriptions_are_readable():
    runs = expand(["adapters", "top_k", "full"], [8], [1], [3e-4], [1], [2])
    assert runs[0].name == "adapters-8_lr-3e-4_epochs-1_seed-2"
    assert runs[2].name == "full_lr-3e-4_epochs-1_seed-2"
    assert [str(run) for run in runs] == [
        "Adapters, size 8, learning rate 3e-4, 1 epoch, seed 2",
        "Top layer, learning rate 3e-4, 1 epoch, seed 2",
        "Full fine-tuning, learning rate 3e-4, 1 epoch, seed 2",
    ]


def test_numbers_keep_their_digits():
    rates = (3e-4, 0.00025, 1e-05, 0.01, 1.0, 0.1 + 0.2)
    assert [format_rate(rate) for rate in rates] == [
        "3e-4",
        "2.5e-4",
        "1e-5",
        "1e-2",
        "1e+0",
        "3.0000000000000004e-1",
    ]
    assert [format_number(n) for n in (3.0, 0.5, 20)] == ["3", "0.5", "20"]

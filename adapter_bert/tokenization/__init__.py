"""Tokenizers that run in the graph, and the packing of their ids."""


def __getattr__(name):
    if name == "WordPieceTokenizer":
        from adapter_bert.tokenization.wordpiece import WordPieceTokenizer

        return WordPieceTokenizer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

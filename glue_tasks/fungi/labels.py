"""The labels of the fungi task and the spellings that files have of them."""

from collections.abc import Mapping

from adapter_bert.names import did_you_mean
from glue_tasks.quoting import shorten

# The ids of the reference run: the order in which the labels first appear in
# the data set's file of August 2023.
LABELS = (
    "生息環境/habitat",
    "サイズ/size",
    "表面性状/surface_characteristics",
    "色/color",
    "形状/shape",
    "地理的分布/geographical_distribution",
    "形態全般/general_morphology",
    "有無/presence",
    "構造/structure",
    "位置/position",
    "二次代謝産物/secondary_metabolite",
    "分子系統解析/molecular_phylogenetic_analysis",
    "呈色反応/chemical_reaction",
    "全般/general_characters",
    "生理学的形質/physiological_characters",
    "耐性・感受性/resistance_and_susceptibility",
    "資化・発酵能/assimilation_and_fermentation",
    "質感/texture",
    "数量/amount",
    "発達/development",
    "栄養摂取様式/nutrition_style",
    # The data set's own spelling.
    "病害・病原性関連/disease_and_pathogenecity",
    "味・臭い/taste_and_smell",
    "分類/classification",
    "未分類/unclassified",
)
# 0 and 1 of the column `common_or_different`.
COMMON_OR_DIFFERENT = ("different", "common")


def japanese_half(label: str) -> str:
    """Returns `色` of `色/color`."""
    return label.partition("/")[0]


def english_half(label: str) -> str:
    """Returns `color` of `色/color`, and a label without halves whole."""
    return label.partition("/")[2] or label


# The labels in the order of their ids, by the column that has them.
NAMES: Mapping[str, tuple[str, ...]] = {
    "label": LABELS,
    "common_or_different": COMMON_OR_DIFFERENT,
}
_SPELLINGS = {
    "label": {
        **{label: label for label in LABELS},
        **{japanese_half(label): label for label in LABELS},
    },
    "common_or_different": dict(zip("01", COMMON_OR_DIFFERENT, strict=True)),
}


def parse_label(target: str, cell: str) -> str:
    """Returns the label that a cell of the column `target` names.

    Args:
        target: `label` or `common_or_different`.
        cell: The cell; of `label` either `色/color` or `色`.

    Raises:
        ValueError: If it is no such label; names the column and the cell.
    """
    label = _SPELLINGS[target].get(cell)
    if label is not None:
        return label
    if target == "label":
        expected = "one of the 25 labels, whole or their Japanese half"
        hint = f"; {did_you_mean(cell, LABELS)}"
    else:
        expected, hint = "1 (common to both taxa) or 0 (different)", ""
    raise ValueError(
        f"column {target!r} must hold {expected}. "
        f"Received: {shorten(cell)!r}{hint}"
    )

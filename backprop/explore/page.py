"""What the explorers' pages share."""

from pathlib import Path

HERE = Path(__file__).parent


def script(name):
    """The module of an explorer, with what all of them share in front: a widget's script can't import its neighbors."""
    return "\n".join((HERE / file).read_text(encoding="utf-8") for file in ("keys.js", name))

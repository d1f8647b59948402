"""What the pages of all widgets share. A widget's script can't import its neighbors, so it is put together here."""

from pathlib import Path

SHARED = Path(__file__).with_name("keys.js")


def script(path):
    """The module of a widget, with what all of them share in front."""
    return "\n".join(file.read_text(encoding="utf-8") for file in (SHARED, Path(path)))

"""What the pages of all widgets share. A widget's script can't import its neighbors, so it is put together here."""

from pathlib import Path

HERE = Path(__file__).parent


def script(*paths):
    """The module of a widget, in one file or more, with what all of them share in front."""
    return _joined(HERE / "keys.js", HERE / "page.js", *paths)


def explorer(source):
    """The script and the style that stand beside an explorer's Python file, after what all explorers share."""
    path = Path(source)
    return script(path.with_suffix(".js")), _joined(HERE / "page.css", path.with_suffix(".css"))


def _joined(*paths):
    return "\n".join(Path(path).read_text(encoding="utf-8") for path in paths)


ALONE = _joined(HERE / "alone.css"), _joined(HERE / "alone.js")  # after an explorer's own, where it stands alone

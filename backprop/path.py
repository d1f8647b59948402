"""Where each section of the course lives today: `link("delta#B2")` is "02_delta_recurrence.ipynb#B2:-one-layer-down".

The table is path.toml. A key there never changes, so whatever holds keys outlives a notebook's new number or name.
"""

import re
import tomllib
from difflib import get_close_matches
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("path.toml")
NUMBER = r"\d\d[ab]?"  # of a notebook: 02, 07a


def link(key):
    """The link to a section by its key, or to a notebook by a key without #. Raises ValueError for an unknown key."""
    try:
        return links()[key]
    except (KeyError, TypeError):
        near = get_close_matches(str(key), links(), n=1)
        guess = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"no section has the key {key!r}.{guess} The keys stand in backprop/path.toml.") from None


@cache
def links():
    """{key: link} of every notebook and section."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    files = {name: sections["notebook"] for name, sections in table.items()}
    found = dict(files)
    for name, sections in table.items():
        for section, heading in sections.items():
            home, _, title = heading.rpartition("#")  # with a notebook's key in front, where it has moved
            if section != "notebook":
                found[f"{name}#{section}"] = f"{files[home or name]}#{anchor(title)}"
    return found


def anchor(title):
    """What a link to a heading says, in JupyterLab."""
    return re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", title).replace(" ", "-")


def today(text):
    """A text in which notebooks have the numbers of today, where they are named whole or by a link's label."""
    files = [file.removesuffix(".ipynb").partition("_") for key, file in links().items() if "#" not in key]
    numbers = {stem: number for number, _, stem in files}
    text = re.sub(rf"\b{NUMBER}_({'|'.join(numbers)})\b", lambda m: f"{numbers[m[1]]}_{m[1]}", text)
    return re.sub(rf"\[((?:[Nn]otebook )?){NUMBER}\]\(({NUMBER})_", r"[\1\2](\2_", text)

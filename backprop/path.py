"""The path through the course, read from path.toml: seven evenings, the roles, and where each section lives today.

`link("delta#B2")` is "02_delta_recurrence.ipynb#B2:-one-layer-down". A key never changes, so what holds keys outlives a
notebook's new number or name.
"""

import re
import tomllib
from dataclasses import dataclass
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
def table():
    """What path.toml holds."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Evening:
    """One of the seven evenings: `read` holds keys of sections, `tried` ids of exercises, `asked` ids of questions."""

    number: int
    title: str
    read: tuple
    tried: tuple
    asked: tuple


@cache
def evenings():
    """The seven evenings, in order."""
    found = enumerate(table()["evening"], start=1)
    return [Evening(n, e["title"], tuple(e["read"]), tuple(e["try"]), tuple(e["asked"])) for n, e in found]


@cache
def short():
    """(the only evening that there is, the last one of three, what both end with): they take the place of the seven."""
    found = enumerate(table()["short"], start=len(evenings()) + 2)  # one number is a role's
    return tuple(Evening(n, e["title"], tuple(e["read"]), tuple(e["try"]), tuple(e["asked"])) for n, e in found)


@cache
def core():
    """The ids of the questions that a general interview asks: those of the evenings, and a few more."""
    return frozenset([id for evening in evenings() for id in evening.asked] + table()["more"]["core"])


@cache
def kind(key):
    """How a section is tagged: "core", "role: transformers" or "if time"."""
    if any(key in evening.read for evening in evenings()):
        return "core"
    return next((f"role: {role}" for role, keys in table()["role"].items() if key in keys), "if time")


def doing(key):
    """The minutes that a section has its reader do something besides its exercises."""
    return table()["doing"].get(key, 0)


@cache
def links():
    """{key: link} of every notebook and section."""
    homes = table()["home"]
    files = {name: sections["notebook"] for name, sections in homes.items()}
    found = dict(files)
    for name, sections in homes.items():
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

"""SVG as plain strings: elements whose text is escaped, and the scales and ticks of an axis.

Ink is `currentColor`, so a drawing reads in light and dark; colors are the figures'. Nothing refers outside.
"""

from functools import cache, lru_cache
from html import escape
from math import floor, log10

from backprop.explore.written import pixels

NAMESPACE = "http://www.w3.org/2000/svg"


def element(tag, *children, **attributes):
    """<tag …>…</tag>. Children are elements, or text made by `text`; a `_` in an attribute's name stands for a `-`.

    Attributes that are None are left out; floats are written to a tenth of a pixel. A name that Python keeps for
    itself takes a `_` at its end: class_="edge".
    """
    written = "".join(f' {_name(name)}="{_value(value)}"' for name, value in attributes.items() if value is not None)
    return f"<{tag}{written}>{''.join(children)}</{tag}>"


def text(x, y, words, **attributes):
    """Words at a point, escaped."""
    return element("text", escape(str(words)), x=x, y=y, **attributes)


def curve(points, **attributes):
    """A line through the points (x, y)."""
    return element("path", d="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), fill="none", **attributes)


def picture(width, height, words, *children, role="img", **attributes):
    """A whole drawing that says in `words` what it shows. It shrinks with its place, and never grows beyond its size.

    Its role is "group" where what is in it can be reached by itself.
    """
    size = {"viewBox": f"0 0 {width} {height}", "style": f"width:100%;max-width:{width}px;height:auto;display:block"}
    ink = {"fill": "currentColor", "font_family": "system-ui, sans-serif", "font_size": 13}
    return element("svg", *children, xmlns=NAMESPACE, **size, role=role, aria_label=words, **ink, **attributes)


def scale(low, high, start, end, *, log=False):
    """A function from values in [low, high] to pixels between start and end; what lies outside is held at the edge."""
    f = log10 if log else float
    span = (f(high) - f(low)) or 1.0

    def place(value):
        at = min(max(value, low), high)
        return start + (end - start) * (f(at) - f(low)) / span

    return place


def rounded_up(value):
    """The next of …, 0.5, 1, 2, 5, 10, …"""
    power = 10.0 ** floor(log10(value))
    return float(next(m * power for m in (1, 2, 5, 10) if value <= m * power * (1 + 1e-9)))


def ticks(low, high, count=5):
    """About `count` round numbers in [low, high]."""
    step = rounded_up((high - low) / count)
    first, last = -floor(-low / step), floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


@cache
def _name(name):
    return name.rstrip("_").replace("_", "-")


@lru_cache(maxsize=8192, typed=True)
def _value(value):
    return pixels(value) if isinstance(value, float) else escape(str(value), quote=True)

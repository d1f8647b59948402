"""Reading an explorer's SVG back: what the tests of explorers share.

The tests look only at what is drawn and written, so a number that is computed well and drawn badly is found.
"""

import re
from decimal import Decimal
from math import floor, log10
from xml.etree import ElementTree

NUMBER = r"−?\d+(?:\.\d+)?(?:e[+−]?\d+)?"
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def read(svg):
    """The picture as a tree, without the namespace in its tags. Fails if it isn't well-formed, or refers outside."""
    bare = svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?:|//\w|url\(|href|@import|<style|<script|<image|<foreignObject|\son\w+=", bare)
    assert not re.search(r"\b(nan|inf)\b", bare, re.IGNORECASE)
    root = ElementTree.fromstring(svg)
    for part in root.iter():
        part.tag = part.tag.partition("}")[2]
    return root


def classed(root, *names):
    """The parts that carry all of these classes."""
    return [part for part in root.iter() if set(names) <= set(part.get("class", "").split())]


def value(text):
    """A number as it is written, as a float."""
    return float(text.replace("−", "-"))


def numbers(text):
    """Every number in a text, as floats."""
    return [value(found) for found in re.findall(NUMBER, text)]


def agrees(text, wanted):
    """Whether `text` is `wanted`, rounded to the digits that it shows."""
    assert re.fullmatch(NUMBER, text), text
    shown = Decimal(text.replace("−", "-"))
    unit = float(Decimal(1).scaleb(shown.as_tuple().exponent))
    return abs(float(shown) - wanted) <= 0.5 * unit * (1 + 1e-6) + 1e-12 * abs(wanted)


def printed(shown, exact):
    """Whether `shown` is `exact` to three digits."""
    if exact == 0 or shown == 0:
        return shown == exact
    return abs(shown - exact) <= 0.5001 * 10.0 ** (floor(log10(abs(exact))) - 2)


def points(part):
    """The points of a <path> of straight lines."""
    return [tuple(map(float, pair.split())) for pair in re.split("[ML]", part.get("d")) if pair]


def axis(found):
    """A function from pixels to values, and its value per pixel, from two or more ticks (pixel, value)."""
    (p0, v0), *_, (p1, v1) = sorted(found)
    per_pixel = (v1 - v0) / (p1 - p0)
    for pixel, value in found:  # they lie on one line
        assert abs(v0 + (pixel - p0) * per_pixel - value) <= abs(per_pixel)
    return (lambda pixel: v0 + (pixel - p0) * per_pixel), abs(per_pixel)


def complaints(svg, words, role="img"):
    """What is wrong with a picture, whatever it shows. Its role is "group" where parts of it can be reached."""
    root, found = read(svg), []
    width, height = map(float, root.get("viewBox").split()[2:])
    if root.get("role") != role or root.get("aria-label") != words:
        found.append("it does not say its words")
    if re.search(r"\b(None|True|False)\b", svg):
        found.append("it holds what is no number")
    if re.search(r"−0(?![.\d])", svg):
        found.append("it holds a negative zero")
    for part in root.iter():
        for name in ("x", "x1", "x2", "cx"):
            if not 0 <= float(part.get(name, 0)) <= width:
                found.append(f"{part.tag} at {name}={part.get(name)} lies outside")
        for name in ("y", "y1", "y2", "cy"):
            if not 0 <= float(part.get(name, 0)) <= height:
                found.append(f"{part.tag} at {name}={part.get(name)} lies outside")
        if float(part.get("width", 0) if part.tag == "rect" else 0) < 0:
            found.append("a rectangle has a negative width")
    return found

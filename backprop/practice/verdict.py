"""What `check` answers: shown as HTML in JupyterLab, as plain text elsewhere. It never holds a right number."""

import re
from dataclasses import dataclass, field
from html import escape

RAISED = dict(zip("0123456789+-−lLtT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ˡᴸᵗᵀ"))
LOWERED = dict(zip("0123456789+-−ijklt", "₀₁₂₃₄₅₆₇₈₉₊₋₋ᵢⱼₖₗₜ"))
EXPONENT = r"\^(\{[^}]*\}|[-−]?\w+)"
POWER_OF_E = r"(?<!\w)e\^(\{[^}]*\}|[-−]?\|\w+\||[-−]?\w+)"
INDEXED = r"(?<!\w)(d?[^\W\d_]\u0302?)_(\{[^}]*\}|ij|[ijklt\d])(?![A-Za-z0-9_])"  # no name such as n_in or c_prev
# In text that is escaped: a call that is ready to be typed, or a name between backticks.
CODE = re.compile(r"\b((?:check|hint|show|solution)\(&quot;[\w.-]+&quot;\))|`([^`]+)`")


FITS = "max-width:52em;word-break:normal;overflow-wrap:break-word"  # on a phone too, and no word is broken in two
LEFT = "<td style='text-align:left'>"  # JupyterLab would set it to the right
PRE = "<pre style='white-space:pre-wrap;word-break:normal;overflow-wrap:break-word'>{}</pre>"
RIGHT, WRONG = ("✓", "#0072B2"), ("✗", "#D55E00")


@dataclass
class Verdict:
    """`passed`, `attempted`, `slips` (ids of the slips that explain the answer), a `table`, a `message`, a `way_out`.

    table holds rows (name, what it is, verdict in words) for what was returned and for the locals that match. way_out
    tells somebody who is stuck what to call. It stands apart from the message, which diagnostic and interview show too.
    """

    exercise: str
    passed: bool = False
    attempted: bool = True
    slips: tuple = ()
    table: list = field(default_factory=list)
    message: str = ""
    way_out: str = ""
    runs: list | None = field(default=None, repr=False, compare=False)  # what a wrong answer gave on each case
    stands_in: int | None = field(default=None, repr=False, compare=False)  # the number of a cell that shows it already

    @property
    def headline(self):
        state = "right" if self.passed else "not yet" if self.attempted else "not attempted yet"
        return f"{self.exercise}: {state}"

    def __repr__(self):
        lines = [self.headline, *(f"  {line}" for line in self._words.splitlines())]
        width = max((len(name) for name, _, _ in self.table), default=0)
        return "\n".join([*lines, *(f"  {name:<{width}}  {kind:<8}  {words}" for name, kind, words in self.table)])

    def _ipython_display_(self):
        """Nothing more, once, in the cell that shows it already (see `waiting`); else it is shown as ever."""
        from IPython import get_ipython

        here, self.stands_in = self.stands_in, None
        if here is None or here != get_ipython().execution_count:
            raise NotImplementedError  # so IPython asks for _repr_html_

    def _repr_html_(self):
        """The finding first, then each result with its sign, what to do next, and below it, folded, what each is like.

        Colors only repeat the signs.
        """
        mark, color = RIGHT if self.passed else WRONG if self.attempted else ("○", "")
        finding, _, rest = self._words.partition("\n")
        found = f"<p style='margin:0.3em 0'><b>{escape(finding)}</b></p>" if finding else ""
        returned = [signed(name, words) for name, kind, words in self.table if kind == "returned"]
        results = f"<p style='margin:0.3em 0'>{' &ensp; '.join(returned)}</p>" if returned else ""
        rows = "".join(
            f"<tr>{''.join(f'{LEFT}{cell}</td>' for cell in (signed(name, words), escape(kind), escape(words)))}</tr>"
            for name, kind, words in self.table
        )
        table = f"<details><summary>Result by result</summary><table>{rows}</table></details>" if rows else ""
        edge = f" style='border-left:4px solid {color};padding-left:0.7em;{FITS}'" if color else ""
        head = f"<b>{mark} {escape(self.headline)}</b>"
        return f"<div role='status'{edge}>{head}{found}{results}{paragraphs(rest)}{table}</div>"

    @property
    def _words(self):
        return "\n".join(filter(None, [self.message, self.way_out]))


class Text:
    """Lines that show as themselves, such as code or a table: plain in a terminal, preformatted in JupyterLab."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        return PRE.format(escape(self.text))


class Sentences(Text):
    """Words that read on a page as a verdict's do."""

    def _repr_html_(self):
        return f"<div role='status'>{paragraphs(self.text)}</div>"


def signed(name, words):
    """HTML of a result's name, with a sign of whether it is right."""
    mark, color = RIGHT if words == "right" else WRONG
    return f"<span style='white-space:nowrap'><b style='color:{color}'>{mark}</b> <code>{escape(name)}</code></span>"


def call(name, exercise):
    """A call of hint or solution, ready to be typed."""
    return f'{name}("{exercise.id}")'


def paragraphs(text):
    """HTML of a text, a paragraph for each line. Code is what is ready to be typed, or stands between backticks."""
    lines = [CODE.sub(lambda it: f"<code>{it[1] or it[2]}</code>", escape(line)) for line in text.splitlines()]
    return "".join(f"<p style='margin:0.3em 0'>{line}</p>" for line in lines)


def readable(text):
    """The bank's W^{l+1}, n_{l-1} and e^−z as they read on paper: Wˡ⁺¹, nₗ₋₁, exp(−z). What has no such sign stays.

    It is for the bank's words only: a learner's own code is shown as it was written.
    """
    text = re.sub(POWER_OF_E, lambda m: f"exp({m[1].strip('{}')})", text)
    text = re.sub(EXPONENT, lambda m: in_signs(m[1], RAISED, m[0]), text)
    return re.sub(INDEXED, lambda m: m[1] + in_signs(m[2], LOWERED, f"_{m[2]}"), text)


def in_signs(index, signs, otherwise):
    """An index in small signs, where there is one for each of its characters; else what it was."""
    index = index.strip("{}")
    return "".join(signs[c] for c in index) if set(index) <= set(signs) else otherwise

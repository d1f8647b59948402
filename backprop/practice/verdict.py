"""What `check` answers: shown as HTML in JupyterLab, as plain text elsewhere. It never holds a right number."""

from dataclasses import dataclass, field
from html import escape


@dataclass
class Verdict:
    """`passed`, `attempted`, `slips` (ids of the slips that explain the answer), a `table` and a `message`.

    table holds rows (name, what it is, verdict in words) for what was returned and for the locals that match.
    """

    exercise: str
    passed: bool = False
    attempted: bool = True
    slips: tuple = ()
    table: list = field(default_factory=list)
    message: str = ""

    @property
    def headline(self):
        state = "right" if self.passed else "not yet" if self.attempted else "not attempted yet"
        return f"{self.exercise}: {state}"

    def __repr__(self):
        lines = [self.headline]
        width = max((len(name) for name, _, _ in self.table), default=0)
        lines += [f"  {name:<{width}}  {kind:<8}  {words}" for name, kind, words in self.table]
        lines += [f"  {line}" for line in self.message.splitlines()]
        return "\n".join(lines)

    def _repr_html_(self):
        mark = "✓" if self.passed else "✗" if self.attempted else "○"
        rows = "".join(
            f"<tr><td><code>{escape(name)}</code></td><td>{escape(kind)}</td><td>{escape(words)}</td></tr>"
            for name, kind, words in self.table
        )
        table = f"<table>{rows}</table>" if rows else ""
        lines = "".join(f"<p style='margin:0.3em 0'>{escape(line)}</p>" for line in self.message.splitlines())
        return f"<div role='status'><b>{mark} {escape(self.headline)}</b>{table}{lines}</div>"

"""An explorer as a page of one file that needs neither Python nor a network: to send, or to put on a site.

The explorer's own module runs in it, told by the flag `alone` that nobody answers. What it would be sent lies in the
page; `backprop/page/alone.js` stands in for Jupyter.
"""

import base64
import gzip
import json
import os
from html import escape
from pathlib import Path

import anywidget

from backprop.explore.figures import Figure
from backprop.page import ALONE

STILLS = "BACKPROP_STILLS"  # set where notebooks are stored: a page that shows no widget then shows a picture

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{about}{links}</p>
<div id="explorer"><noscript><pre>{words}</pre></noscript></div>
</main>
{data}
<script type="module">
{script}
</script>
</body>
</html>
"""


class Alone(anywidget.AnyWidget):
    """A widget that can be saved as a page. `about` is a sentence on what there is to do, below the page's title."""

    name = about = ""

    def still(self) -> Figure:
        """A `Figure` of what it shows, for where no widget runs."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        if os.environ.get(STILLS):
            still = self.still()
            data["image/png"] = base64.b64encode(still.png()).decode()
            metadata["image/png"] = still.size
        return data, metadata

    def save(self, path: str | Path) -> None:
        """Write the explorer, as it is set now, to an HTML file that anybody can open, without Python or a network.

        What needs Python is disabled there, and a sentence says so. Raises OSError where the file can't be written.
        """
        Path(path).write_text(self.page(), encoding="utf-8")

    def page(self, links: dict[str, str] | None = None) -> str:
        """The text of that file. `links` are addresses by what they lead to, for a page that stands beside others."""
        style, script = ALONE
        module = self._esm.replace("export default ", "const widget = ")
        wide, narrow, frames = self._states()
        data = stored("wide", wide) + stored("narrow", differences(wide, narrow))
        if frames:
            packed = gzip.compress(json.dumps(frames).encode(), mtime=0)
            data += f'<script type="text/plain" id="frames">{base64.b64encode(packed).decode()}</script>'
        return PAGE.format(
            title=escape(self.name),
            about=escape(self.about),
            links="".join(f' <a href="{escape(to)}">{escape(says)}</a>.' for says, to in (links or {}).items()),
            words=escape(repr(self)),
            style=f"{self._css}\n{style}",
            data=data,
            script=module + script,
        )

    def _states(self):
        """What the page shows, on a wide page and on a narrow one, as dicts of traits; and a film's frames, or None."""
        state = self._state()
        return state, state, None

    def _state(self):
        """What the browser would be sent: the synced traits of the explorer, without those of every widget."""
        common = anywidget.AnyWidget.class_trait_names()
        return {name: getattr(self, name) for name in self.keys if name not in common and name not in ("_esm", "_css")}


def stored(name, value):
    """Data in the page: nothing in it can end its element."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{written}</script>\n'


def differences(old, new):
    """What is otherwise in `new`, as a dict by name or index all the way down; both have the same form."""
    pairs = {dict: lambda: [(name, old.get(name), value) for name, value in new.items()],
             list: lambda: [(n, old[n], value) for n, value in enumerate(new)]}  # fmt: skip
    if type(new) not in pairs or type(old) is not type(new) or len(old) != len(new):
        return new
    return {name: differences(before, value) for name, before, value in pairs[type(new)]() if before != value}

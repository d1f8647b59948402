"""What the widgets of all explorers share: their script and style, and how a setting is refused."""

from traitlets import Unicode

from backprop.explore.alone import Alone


class Explorer(Alone):
    """A widget whose settings are traits of the names in `_start`: `_show` computes and draws what they ask for.

    A setting that is refused stands in `complaint`, in a sentence, and the picture stays as it was; in the
    constructor it raises ValueError.
    """

    complaint = Unicode().tag(sync=True)

    def __init__(self, start, **traits):
        self._start = self._shown = start
        super().__init__(**start, **traits)
        self.observe(self._change, list(start))

    def _change(self, _=None):
        """Show what the settings ask for, once for several that change together."""
        setting = {name: getattr(self, name) for name in self._start}
        try:
            if setting != self._shown:
                self._show(setting)
                self._shown = setting
            self.complaint = ""
        except (ValueError, TypeError) as refused:
            self.complaint = str(refused)

    def _show(self, setting):
        """Draw a setting; raise ValueError or TypeError, in a sentence, for one that can't be, and change nothing."""
        raise NotImplementedError

"""The command: python -m backprop.site OUT."""

import argparse
import sys
import time
from pathlib import Path

from backprop.course import Problem
from backprop.site import build


def main(arguments=None):
    """Build the site, and say how large it is and what was wrong. Returns the exit code."""
    parser = argparse.ArgumentParser("python -m backprop.site", description="Build the course as a site, offline.")
    parser.add_argument("out", metavar="OUT", help="the folder that the site is written to")
    out, began = Path(parser.parse_args(arguments).out), time.monotonic()
    try:
        warnings = build(out)
    except (Problem, OSError) as problem:
        print(f"backprop.site: {problem}", file=sys.stderr)
        return 2
    print("\n".join(warnings), end="\n" * bool(warnings), file=sys.stderr)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"{out / 'index.html'}: {size / 1e6:.1f} MB in {time.monotonic() - began:.0f} s, {len(warnings)} warnings")
    return 1 if warnings else 0


if __name__ == "__main__":
    sys.exit(main())

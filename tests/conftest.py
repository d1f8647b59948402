import os
import tempfile
from pathlib import Path

import pytest

# Two workers and their kernels share the cores: threads inside a matrix product would only wait for each other.
for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# Neither tests nor the notebooks' kernels touch the record of whoever runs them.
os.environ.setdefault("BACKPROP_RECORD", str(Path(tempfile.mkdtemp(prefix="backprop-")) / "record.sqlite3"))


def pytest_xdist_auto_num_workers(config):
    """Two workers on any machine, since every notebook starts a kernel besides; none where timings are taken."""
    named = [Path(arg.split("::")[0]).resolve() for arg in config.args]
    benchmarks = Path(__file__).parent / "benchmarks"
    return 0 if any(benchmarks in (path, *path.parents) for path in named) else 2


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all. Without one the tests are skipped, or fail where a skip would hide that."""
    from jupyter_session import CHROMIUM_FLAGS, chromium

    if (path := chromium()) is None:
        reason = "No Chromium or Chrome is installed (Debian and Ubuntu: apt-get install chromium)."
        if os.environ.get("BACKPROP_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{reason} BACKPROP_REQUIRE_BROWSER=1 asks for the browser tests.")
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()

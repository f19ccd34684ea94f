"""`make golden`: generates the preset tiny and writes the digests of its values, for a change of the data that is meant."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from generators.run import main
from tests.python.golden.digests import PRESET, TINY, digests

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        code = main([*PRESET, "--lake", folder])
        if code == 0:
            TINY.write_text(json.dumps(digests(Path(folder)), indent=1) + "\n")
    sys.exit(code)

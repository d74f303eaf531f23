"""``python -m tidegauge``: the same as the command ``tidegauge``."""

import sys

from tidegauge.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

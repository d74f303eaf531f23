"""Makes pytest run the pages of the documentation, when it is given them: `make test-docs`."""

from tests.pages import collect

pytest_collect_file = collect

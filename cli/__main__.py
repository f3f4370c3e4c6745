# SPDX-License-Identifier: EUPL-1.2
"""``python -m cli``: the same as the command ``toetssteen``."""

from cli.main import app

app(prog_name="toetssteen")

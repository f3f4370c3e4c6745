# SPDX-License-Identifier: EUPL-1.2
"""The engine of Toetssteen: pure functions over dated law, no web, no database, no clock."""

__version__ = "0.1.0"

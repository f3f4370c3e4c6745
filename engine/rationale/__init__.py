# SPDX-License-Identifier: EUPL-1.2
"""The explained decision: one object as data, and its renderings in Dutch text and HTML."""

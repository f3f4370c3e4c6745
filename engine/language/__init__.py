# SPDX-License-Identifier: EUPL-1.2
"""From YAML text to a checked, typed model of the law; every mistake comes back with its place and the way out."""

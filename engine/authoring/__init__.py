# SPDX-License-Identifier: EUPL-1.2
"""What policy staff need beside the rules: running their tests."""

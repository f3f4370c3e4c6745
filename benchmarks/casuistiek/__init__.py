# SPDX-License-Identifier: EUPL-1.2
"""Published cases, coded blind, held against the reversed test: ``make casuistiek``."""

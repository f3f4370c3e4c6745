# SPDX-License-Identifier: EUPL-1.2
"""From a claim to an assessment: intake, the law, what to ask, the reversed test."""

# SPDX-License-Identifier: EUPL-1.2
"""The service that keeps: assessments, what was stated about them, decisions, and finding them again."""

# SPDX-License-Identifier: EUPL-1.2
"""Who calls, what they may do, and for which municipality: nothing is allowed that is not said here."""

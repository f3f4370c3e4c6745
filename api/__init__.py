# SPDX-License-Identifier: EUPL-1.2
"""The service that case systems and professionals use."""

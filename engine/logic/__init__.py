# SPDX-License-Identifier: EUPL-1.2
"""What the typed tree compiles to: python (traced) and durable (Rete); one meaning, several engines."""

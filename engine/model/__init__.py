# SPDX-License-Identifier: EUPL-1.2
"""What exists: values, kinds, the typed tree, the documents of the law, claims and assessments."""

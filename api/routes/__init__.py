# SPDX-License-Identifier: EUPL-1.2
"""One router per noun. A route reads the request, calls one function and shapes the answer."""

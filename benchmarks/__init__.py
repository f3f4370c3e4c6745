# SPDX-License-Identifier: EUPL-1.2
"""Benchmarks: each number beside what it should be, as ratios within one run. Never a test."""

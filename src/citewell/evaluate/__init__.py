"""Regression tests of answer quality: cases, metrics, statistics, gates and reports."""

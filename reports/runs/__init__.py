"""Runs of many searches: which ones, in processes of their own, kept on the way."""

"""Benchmarks, side by side with the peers: ``pytest properties/benchmarks/bench_*.py``; never run as tests."""

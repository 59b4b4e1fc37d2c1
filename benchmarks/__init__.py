"""Speed against other libraries, on seeded workloads, in one process: `python -m benchmarks [names]`."""

"""What the numbers mean: pure kernels, arrays in, arrays out (numpy, numba)."""

"""The site that the benchmark serves: the tests' own, on a file, with the baselines beside."""

"""What the benchmark scripts share: the machine, the product's build, the data, the tables."""

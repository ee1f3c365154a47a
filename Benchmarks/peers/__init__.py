"""The programs that the product is measured against, one a file."""

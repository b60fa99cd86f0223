"""A study: study.toml, its tables and their contracts, what may be published, and its report."""

"""Reports: one list of blocks from a publication, written as Word, HTML, PDF or slides."""

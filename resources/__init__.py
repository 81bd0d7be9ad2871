"""Pictures, words and weights that ship with ClipSorter."""

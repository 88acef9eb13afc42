"""What is learnt from annotated papers: so far, how good the extraction is."""

"""Articles and chapters: JATS, BITS, PubMed."""

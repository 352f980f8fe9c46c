"""Word, Excel, CSV and EPUB: what offices and readers of books have."""

"""Get public documents into a folder, with a manifest. Only `citewell fetch` imports this package: nothing else goes out."""

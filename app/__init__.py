"""The chat: questions in a browser, answered in quotations whose citations open the source beside them."""

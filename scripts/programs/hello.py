"""Start-up and exit, with one line between them."""
print("hello")

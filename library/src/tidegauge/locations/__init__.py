"""Where profile files lie: URLs, the layout of folders, object stores."""

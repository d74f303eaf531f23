"""Pictures as inline SVG: plain values in, an element out. They follow the theme of the page."""

"""Every change of the site: a module per noun, a function per verb."""

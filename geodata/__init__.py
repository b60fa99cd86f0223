"""Tables in: boundaries, complaints, flows, places and sources, checked and protected."""

from .arguments import attach

# The public names stand in __init__.pyi; each module is imported when a name of it is first used,
# and functions say in one sentence what is wrong with an argument.
__getattr__, __dir__, __all__ = attach(__name__, __file__)

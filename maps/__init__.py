"""Pictures out: the interactive atlas of a publication."""

from corredor.geodata.arguments import attach

# The public names stand in __init__.pyi; each module is imported when a name of it is first used,
# and functions say in one sentence what is wrong with an argument.
__getattr__, __dir__, __all__ = attach(__name__, __file__)

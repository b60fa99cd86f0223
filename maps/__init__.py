"""Pictures out: the interactive atlas of a publication."""

import lazy_loader

# The public names stand in __init__.pyi; each module is imported when a name of it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

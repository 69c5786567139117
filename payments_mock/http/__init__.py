"""How a call of either contract runs over HTTP."""

"""JSON over HTTP, as both contracts, the control API and the pages share it."""

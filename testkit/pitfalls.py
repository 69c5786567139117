"""The cases of docs/pitfalls.md, by number; a scenario says by the tag `@pitfall-1` that it shows one."""

PITFALLS = range(1, 24)

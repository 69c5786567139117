"""A step for each change of the tables; `REVISIONS` of the module `schema` names them in their order."""

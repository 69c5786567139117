"""Schemas whose fields are each judged alone, read in one go where nothing is wrong."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, missing


class PlainSchema(Schema):
    """A schema without hooks: no field is judged by another, nothing comes before or behind the reading.

    An object that is as it should be then needs nothing but its fields, one after the other. For any other,
    marshmallow's own reading puts all the errors together.
    """

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._readers = tuple(
            (name, field.data_key or name, field.deserialize) for name, field in self.load_fields.items()
        )

    def load(
        self,
        data: Any,
        *,
        many: bool | None = None,
        partial: Any = None,
        unknown: Any = None,
    ) -> Any:
        """Return the fields of `data` as Python values, as `marshmallow.Schema.load` does.

        Raises:
            ValidationError: a field is missing or wrong.
        """
        if type(data) is dict and unknown == EXCLUDE and not (many or self.many or partial or self.partial):
            try:
                return self._load_right(data)
            except ValidationError:
                pass
        return super().load(data, many=many, partial=partial, unknown=unknown)

    def _load_right(self, data: Mapping[str, Any]) -> dict[str, Any]:
        loaded = {}
        for name, key, read in self._readers:
            value = read(data.get(key, missing), key, data)
            if value is not missing:
                loaded[name] = value
        return loaded

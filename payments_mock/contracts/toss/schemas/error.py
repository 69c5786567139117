"""The shape of every error."""

from marshmallow import Schema, fields


class Error(Schema):
    """Why a call was refused; clients branch on `code`."""

    code = fields.String(required=True)
    message = fields.String(required=True)

"""Orders. Each change is one conditional update, so of two that come at once one loses, and looks again."""

import uuid
from typing import Any

from django.db import models


class Status(models.TextChoices):
    """Where an order is in its life."""

    OPEN = "OPEN"
    PENDING = "PENDING"
    PAID = "PAID"
    REFUNDING = "REFUNDING"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"


class Order(models.Model):
    """An order; amounts in won. The id of a refund is the idempotency key of every attempt at it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    amount = models.PositiveIntegerField()
    status = models.CharField(max_length=20, choices=Status, default=Status.OPEN)
    payment_key = models.CharField(max_length=200, default="")
    refunded = models.PositiveIntegerField(default=0)
    refund_id = models.CharField(max_length=40, default="")
    refund_amount = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)

    @property
    def left(self) -> int:
        """What may still go back."""
        return self.amount - self.refunded

    @property
    def is_paid(self) -> bool:
        """Tell whether the shop has money that nobody is giving back just now."""
        return self.status in (Status.PAID, Status.PARTIALLY_REFUNDED)

    def change(self, **new: Any) -> bool:
        """Change the order if it is still as it was seen; False if somebody else was first."""
        seen = Order.objects.filter(id=self.id, version=self.version)
        if not seen.update(version=self.version + 1, **new):
            return False
        self.refresh_from_db()
        return True

"""The pages. Forms carry Django's token against forgery; the provider's webhooks can't, and need none."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from shop import payments
from shop.models import Order, Status

PRICE = 15_000


@ensure_csrf_cookie
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what is for sale."""
    return HttpResponse(f"<main>Popcorn, {PRICE:,} won</main>")


@require_POST
def place(request: HttpRequest) -> HttpResponse:
    """Take an order; the price is the shop's own."""
    return page_of(Order.objects.create(amount=PRICE))


@require_GET
def show(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show an order."""
    return page_of(get_object_or_404(Order, id=order_id))


@require_GET
def returned(request: HttpRequest) -> HttpResponse:
    """Take the shopper back. The redirect is in their hands: only the order's own amount counts."""
    order = get_object_or_404(Order, id=request.GET["orderId"])
    payment_key = request.GET["paymentKey"]
    is_another = order.status != Status.OPEN and order.payment_key != payment_key
    if is_another or request.GET["amount"] != str(order.amount):
        return page_of(order, 409)
    payments.returned(order, payment_key)
    return page_of(order)


@require_POST
def refund(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Give all that is left back, or a part."""
    order = get_object_or_404(Order, id=order_id)
    is_taken = payments.refund(order, int(request.POST.get("amount", order.left)))
    return page_of(order, 200 if is_taken else 409)


@csrf_exempt
@require_POST
def hear(request: HttpRequest) -> HttpResponse:
    """Take a webhook as a hint to look the payment up. 503 has it come again."""
    event = json.loads(request.body)
    try:
        order = Order.objects.filter(id=UUID(event.get("data", event).get("orderId"))).first()
    except (ValueError, TypeError):
        order = None  # no id of ours
    return HttpResponse(status=200 if order is None or payments.carry_on(order) else 503)


@csrf_exempt
@require_POST
def reconcile(request: HttpRequest) -> HttpResponse:
    """Run the job; a real shop has Celery or cron do the same every minute."""
    for order in Order.objects.exclude(payment_key=""):
        payments.carry_on(order)
    return HttpResponse()


def page_of(order: Order, status: int = 200) -> HttpResponse:
    """Show an order as it is by now."""
    order.refresh_from_db()
    page = '<main data-order="{}" data-amount="{}" data-refunded="{}">{}</main>'
    shown = format_html(page, order.id, order.amount, order.refunded, order.status)
    return HttpResponse(shown, status=status)

"""Which page is where."""

from django.urls import path

from shop import views

urlpatterns = [
    path("", views.home),
    path("orders/", views.place),
    path("orders/<uuid:order_id>/", views.show),
    path("orders/<uuid:order_id>/refund/", views.refund),
    path("payments/success/", views.returned),
    path("webhooks/toss/", views.hear),
    path("reconcile/", views.reconcile),
]

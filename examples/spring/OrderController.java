import java.util.Map;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class OrderController {
    private static final long PRICE = 15_000;

    record Redirect(String paymentKey, String orderId, long amount) {}

    record RefundRequest(String reason, Long amount) {}

    record Shown(String orderId, long amount, Order.Status status, long refundedAmount) {}

    private final Orders orders;
    private final Payments payments;

    public OrderController(Orders orders, Payments payments) {
        this.orders = orders;
        this.payments = payments;
    }

    @PostMapping("/orders")
    public Shown place() {
        return shown(orders.add(Order.placed(PRICE)));
    }

    @GetMapping("/orders/{id}")
    public ResponseEntity<Shown> show(@PathVariable String id) {
        return orders.find(id).map(order -> ResponseEntity.ok(shown(order))).orElse(ResponseEntity.notFound().build());
    }

    /** The redirect is in the shopper's hands: only the order's own amount counts. */
    @PostMapping("/payments/confirm")
    public ResponseEntity<Shown> returned(@RequestBody Redirect redirect) {
        Order order = orders.find(redirect.orderId()).orElse(null);
        if (order == null || order.amount() != redirect.amount()) {
            return ResponseEntity.status(HttpStatus.CONFLICT).build();
        }
        if (order.status() != Order.Status.OPEN && !redirect.paymentKey().equals(order.paymentKey())) {
            return ResponseEntity.status(HttpStatus.CONFLICT).body(shown(order));
        }
        payments.returned(order, redirect.paymentKey());
        return show(order.id());
    }

    @PostMapping("/orders/{id}/refund")
    public ResponseEntity<Shown> refund(@PathVariable String id, @RequestBody RefundRequest wanted) {
        Order order = orders.find(id).orElse(null);
        if (order == null || !order.isPaid()) {
            return ResponseEntity.status(HttpStatus.CONFLICT).build();
        }
        long left = order.amount() - order.refunded();
        long amount = wanted.amount() == null ? left : wanted.amount();
        if (amount <= 0 || amount > left) {
            return ResponseEntity.status(HttpStatus.CONFLICT).body(shown(order));
        }
        payments.refund(order, amount, wanted.reason());
        return show(id);
    }

    /** A webhook is a hint to look the payment up, and nothing of it is believed. 503 has it come again. */
    @PostMapping("/webhooks/toss")
    public ResponseEntity<Void> hear(@RequestBody Map<String, Object> event) {
        Map<?, ?> data = event.get("data") instanceof Map<?, ?> inner ? inner : event;
        Order order = orders.find((String) data.get("orderId")).orElse(null);
        boolean isDone = order == null || payments.carryOn(order.id());
        return ResponseEntity.status(isDone ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE).build();
    }

    @PostMapping("/reconcile")
    public void reconcile() {
        payments.reconcile();
    }

    private static Shown shown(Order order) {
        return new Shown(order.id(), order.amount(), order.status(), order.refunded());
    }
}

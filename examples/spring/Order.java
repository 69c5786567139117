import java.util.UUID;

/** An order; what its payment says of it is written down by {@link Orders} alone. Amounts in won. */
public record Order(String id, long amount, Status status, String paymentKey, long refunded, Refund refund) {

    public enum Status { OPEN, PENDING, PAID, REFUNDING, PARTIALLY_REFUNDED, REFUNDED }

    /** A refund under way; its id is the idempotency key of every attempt at it. */
    public record Refund(String id, long amount, String reason) {}

    static Order placed(long amount) {
        return new Order(UUID.randomUUID().toString(), amount, Status.OPEN, null, 0, null);
    }

    Order pending(String paymentKey) {
        return new Order(id, amount, Status.PENDING, paymentKey, refunded, null);
    }

    Order reopened() {
        return new Order(id, amount, Status.OPEN, null, refunded, null);
    }

    Order refunding(Refund wanted) {
        return new Order(id, amount, Status.REFUNDING, paymentKey, refunded, wanted);
    }

    /** Paid, but for what went back in all. */
    Order paid(long back) {
        Status now = back == 0 ? Status.PAID : back < amount ? Status.PARTIALLY_REFUNDED : Status.REFUNDED;
        return new Order(id, amount, now, paymentKey, back, null);
    }

    boolean isPaid() {
        return status == Status.PAID || status == Status.PARTIALLY_REFUNDED;
    }
}

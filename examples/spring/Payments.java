import java.util.UUID;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/** Charges orders, and gives money back. Nothing but a payment is believed: no answer, no webhook, no shopper. */
@Service
public class Payments {
    private final Orders orders;
    private final TossClient toss;

    public Payments(Orders orders, TossClient toss) {
        this.orders = orders;
        this.toss = toss;
    }

    /** The shopper is back from the window: one press charges, and others carry on what it began. */
    public void returned(Order order, String paymentKey) {
        Order pending = order.pending(paymentKey);
        if (order.status() == Order.Status.OPEN && orders.change(order, pending)) { // written down before the charge
            charge(pending);
        } else {
            carryOn(order.id());
        }
    }

    public void refund(Order order, long amount, String reason) {
        Order refunding = order.refunding(new Order.Refund(UUID.randomUUID().toString(), amount, reason));
        if (orders.change(order, refunding)) {
            giveBack(refunding);
        }
    }

    /** Find out what is unknown, and carry on what never arrived; false if the look-up failed, too. */
    public boolean carryOn(String id) {
        Order order = orders.find(id).orElseThrow();
        if (order.paymentKey() == null) {
            return true;
        }
        TossClient.Payment payment = toss.find(order.paymentKey()).payment();
        settle(order, payment, false);
        if (order.status() == Order.Status.PENDING && payment != null && payment.status().equals("IN_PROGRESS")) {
            charge(order);
        } else if (order.status() == Order.Status.REFUNDING) {
            giveBack(orders.find(id).orElseThrow());
        }
        return payment != null;
    }

    @Scheduled(fixedDelay = 60_000)
    public void reconcile() {
        orders.all().parallelStream().forEach(order -> carryOn(order.id()));
    }

    private void charge(Order order) {
        TossClient.Answer answer = toss.confirm(order);
        TossClient.Payment told = answer.payment();
        boolean isPaid = told != null && isFor(told, order) && "DONE".equals(told.status());
        settle(order, isPaid ? told : toss.find(order.paymentKey()).payment(), answer.isRefused());
    }

    private void giveBack(Order order) {
        if (order.status() == Order.Status.REFUNDING) {
            boolean isRefused = toss.cancel(order).isRefused();
            settle(order, toss.find(order.paymentKey()).payment(), isRefused);
        }
    }

    private static boolean isFor(TossClient.Payment payment, Order order) {
        return order.id().equals(payment.orderId()) && order.amount() == payment.totalAmount();
    }

    /** Make an order what its payment says, if it is still as it was seen before the call; else the next look does. */
    private void settle(Order seen, TossClient.Payment payment, boolean isRefused) {
        if (payment != null) {
            orders.change(seen, after(seen, payment, isRefused));
        }
    }

    private static Order after(Order order, TossClient.Payment payment, boolean isRefused) {
        boolean isWaiting = order.status() == Order.Status.PENDING;
        if (!isFor(payment, order)) { // somebody else's payment, or a cheaper one: it never pays this order
            return isWaiting ? order.reopened() : order;
        }
        switch (payment.status()) {
            case "DONE":
                boolean isOver = isWaiting || order.status() == Order.Status.REFUNDING && isRefused;
                return isOver ? order.paid(order.refunded()) : order; // the goods go out here, and only here
            case "CANCELED", "PARTIAL_CANCELED":
                long back = payment.totalAmount() - payment.balanceAmount();
                if (payment.approvedAt() == null) {
                    return isWaiting ? order.reopened() : order;
                }
                return back > order.refunded() ? order.paid(back) : stay(order, isRefused);
            case "WAITING_FOR_DEPOSIT": // or the bank has taken it back
                return order.isPaid() ? order.pending(order.paymentKey()) : order;
            case "ABORTED", "EXPIRED":
                return isWaiting ? order.reopened() : order;
            default:
                return isWaiting && isRefused ? order.reopened() : order;
        }
    }

    private static Order stay(Order order, boolean isRefused) {
        return isRefused && order.status() == Order.Status.REFUNDING ? order.paid(order.refunded()) : order;
    }
}

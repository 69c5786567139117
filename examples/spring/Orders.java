import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.stereotype.Repository;

/** The orders, in memory here. With JDBC a change is: update orders set ... where id = ? and status = ? and ... */
@Repository
public class Orders {
    private final Map<String, Order> orders = new ConcurrentHashMap<>();

    public Order add(Order order) {
        orders.put(order.id(), order);
        return order;
    }

    public Optional<Order> find(String id) {
        return Optional.ofNullable(id).map(orders::get);
    }

    public Collection<Order> all() {
        return orders.values();
    }

    /** Change an order that is still as it was seen; false if somebody else was first. */
    public boolean change(Order seen, Order changed) {
        return orders.replace(seen.id(), seen, changed);
    }
}

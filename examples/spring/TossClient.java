import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpStatusCodeException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestTemplate;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** The three calls of the payments API that a shop needs. None throws: a look-up tells later what got lost. */
@Component
public class TossClient {

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Payment(String paymentKey, String orderId, String status, String approvedAt, long totalAmount,
            long balanceAmount) {}

    /** What came of a call: a payment, a refusal for good, or neither, and then nobody knows. */
    public record Answer(Payment payment, boolean isRefused) {}

    private static final Set<Integer> REFUSALS = Set.of(400, 403, 404);
    private final RestTemplate rest;
    private final String url;
    private final String authorization;

    public TossClient(@Value("${toss.url}") String url, @Value("${toss.secret-key}") String secretKey,
            @Value("${toss.timeout:3000}") int timeout) {
        SimpleClientHttpRequestFactory connections = new SimpleClientHttpRequestFactory();
        connections.setConnectTimeout(timeout);
        connections.setReadTimeout(timeout);
        this.rest = new RestTemplate(connections);
        this.url = url + "/v1/payments/";
        byte[] credentials = (secretKey + ":").getBytes(StandardCharsets.UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    /** Charge the shopper. A repeated attempt has the same key, and another card, with its own payment key, another. */
    public Answer confirm(Order order) {
        String key = order.paymentKey();
        Map<String, Object> body = Map.of("paymentKey", key, "orderId", order.id(), "amount", order.amount());
        return call(HttpMethod.POST, "confirm", body, order.id() + ":" + key);
    }

    /** Give money back. The refund's id stays the same however often it has to be sent. */
    public Answer cancel(Order order) {
        Order.Refund refund = order.refund();
        Map<String, Object> body = Map.of("cancelReason", refund.reason(), "cancelAmount", refund.amount());
        return call(HttpMethod.POST, quoted(order.paymentKey()) + "/cancel", body, refund.id());
    }

    /** Look a payment up. */
    public Answer find(String paymentKey) {
        return call(HttpMethod.GET, quoted(paymentKey), null, null);
    }

    private Answer call(HttpMethod method, String path, Object body, String idempotencyKey) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.AUTHORIZATION, authorization);
        if (idempotencyKey != null) {
            headers.set("Idempotency-Key", idempotencyKey);
        }
        HttpEntity<Object> sent = new HttpEntity<>(body, headers);
        try {
            return new Answer(rest.exchange(URI.create(url + path), method, sent, Payment.class).getBody(), false);
        } catch (HttpStatusCodeException error) {
            // 409, 429 and a 5xx leave it open, and so does the code that says: somebody was first.
            String told = error.getResponseBodyAsString();
            boolean isKnown = told.contains("\"code\"") && !told.contains("ALREADY_PROCESSED_PAYMENT");
            return new Answer(null, isKnown && REFUSALS.contains(error.getStatusCode().value()));
        } catch (RestClientException lost) {
            return new Answer(null, false);
        }
    }

    /** A key comes from the shopper's browser: what is no part of a path must not become one. */
    private static String quoted(String paymentKey) {
        return URLEncoder.encode(paymentKey, StandardCharsets.UTF_8);
    }
}

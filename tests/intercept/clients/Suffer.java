import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Look payments up, and say what became of each call: Suffer BASE_URL SECRET_KEY:PAYMENT_KEY... */
class Suffer {
    public static void main(String[] given) throws Exception {
        for (int i = 1; i < given.length; i++) {
            String[] pair = given[i].split(":");
            System.out.println(outcome(given[0], pair[0], pair[1]));
        }
    }

    static String outcome(String base, String key, String payment) throws Exception {
        long began = System.nanoTime();
        String login = Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
        try {
            HttpURLConnection connection =
                (HttpURLConnection) URI.create(base + "/v1/payments/" + payment).toURL().openConnection();
            connection.setReadTimeout(2000);
            connection.setRequestProperty("Authorization", "Basic " + login);
            int status = connection.getResponseCode();
            // It does not mind a body that is shorter than was said.
            int size = connection.getInputStream().readAllBytes().length;
            if (size < connection.getContentLength()) return "cut short";
            boolean isSlow = System.nanoTime() - began > 700_000_000L;
            return status + (isSlow ? " slowly" : " at once");
        } catch (SocketTimeoutException e) {
            return "no answer";
        } catch (IOException e) {
            if ("Connection reset".equals(e.getMessage())) return "reset";
            return e.toString();
        }
    }
}

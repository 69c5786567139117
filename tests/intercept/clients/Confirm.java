import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Confirm payments as shops in Java do: Confirm BASE_URL SECRET_KEY BODY BODY, the first by the old client. */
class Confirm {
    public static void main(String[] given) throws Exception {
        URI url = URI.create(given[0] + "/v1/payments/confirm");
        String key = Base64.getEncoder().encodeToString((given[1] + ":").getBytes(StandardCharsets.UTF_8));
        System.out.println("HttpURLConnection " + byTheOldClient(url, "Basic " + key, given[2]));
        System.out.println("HttpClient " + byTheNewClient(url, "Basic " + key, given[3]));
    }

    static String byTheOldClient(URI url, String login, String body) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Authorization", login);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        String answer = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return connection.getResponseCode() + " " + status(answer);
    }

    static String byTheNewClient(URI url, String login, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url)
            .header("Authorization", login)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
        HttpResponse<String> answer =
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + status(answer.body());
    }

    static String status(String answer) {
        return answer.contains("\"status\":\"DONE\"") ? "DONE" : answer;
    }
}

package io.cordon.sandbox.linux;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Reads each URL that it is given by both clients of the JDK, without a word about proxies. */
public final class HttpClientsMain {
    private HttpClientsMain() {}

    public static void main(String[] urls) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (String url : urls) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
            System.out.println("client "
                    + client.send(request, HttpResponse.BodyHandlers.ofString()).body());
            try (InputStream in = URI.create(url).toURL().openStream()) {
                System.out.println("connection " + new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }
}

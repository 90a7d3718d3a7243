import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Serves files from memory, with TLS 1.3 on a second port. The query {@code ?rate=N} limits a
 * connection to N bytes a second.
 */
final class Nginx {
    private final Path root;
    private final Path folder;
    private final String address;
    private final int port;
    private final int tlsPort;
    private final Process process;

    Nginx(Workspace space, Path folder, String address, List<String> prefix) throws Exception {
        this.folder = folder;
        this.address = address;
        this.root = Files.createDirectories(folder.resolveSibling("nginx-" + address));
        this.port = freePort();
        this.tlsPort = freePort();
        certify();
        var file = root.resolve("nginx.conf");
        Files.writeString(
                file,
                """
                daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;
                events { worker_connections 1024; }
                http {
                  log_format bytes '$body_bytes_sent'; access_log off;
                  sendfile on; tcp_nopush on; keepalive_requests 100000;
                  client_body_temp_path %1$s/t1; proxy_temp_path %1$s/t2;
                  fastcgi_temp_path %1$s/t3; uwsgi_temp_path %1$s/t4; scgi_temp_path %1$s/t5;
                  ssl_protocols TLSv1.3; ssl_certificate %1$s/cert.pem;
                  ssl_certificate_key %1$s/key.pem;
                  server {
                    listen %2$s:%3$d; listen %2$s:%4$d ssl; root %5$s;
                    limit_rate $arg_rate;
                    location /counted/ { alias %5$s/; access_log %1$s/bytes.log bytes; }
                  }
                }
                """
                        .formatted(root, address, port, tlsPort, folder));
        var command = new ArrayList<>(prefix);
        command.addAll(List.of("nginx", "-c", file.toString()));
        process = space.start(root.resolve("log"), Map.of(), command);
        Files.writeString(folder.resolve("ready"), "");
        Workspace.await(String.join(" ", prefix) + " curl -sf " + url("ready"));
    }

    private void certify() {
        Machine.output(
                "cd '%1$s' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
                                .formatted(root)
                        + " -keyout key.pem -out cert.pem -days 2 -subj /CN=benchmark"
                        + " -addext subjectAltName=IP:"
                        + address
                        + " && keytool -importcert -noprompt -storetype PKCS12 -alias benchmark"
                        + " -file cert.pem -keystore trust.p12 -storepass benchmark");
    }

    String url(String name) {
        return "http://" + address + ":" + port + "/" + name;
    }

    String tlsUrl(String name) {
        return "https://" + address + ":" + tlsPort + "/" + name;
    }

    Path certificate() {
        return root.resolve("cert.pem");
    }

    /** What has a Java program trust the certificate. */
    Map<String, String> trust() {
        return Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Djavax.net.ssl.trustStore="
                        + root.resolve("trust.p12")
                        + " -Djavax.net.ssl.trustStorePassword=benchmark");
    }

    /** Bytes of bodies that were sent below {@code counted/} since the last call. */
    long counted() throws IOException, InterruptedException {
        var log = root.resolve("bytes.log");
        var lines = List.<String>of();
        var before = -1L;
        // A request that was broken off gets its line when the server notices.
        while (Files.exists(log) && Files.size(log) != before) {
            before = Files.size(log);
            TimeUnit.MILLISECONDS.sleep(500);
            lines = Files.readAllLines(log);
        }
        Files.writeString(log, "");
        return lines.stream().mapToLong(Long::parseLong).sum();
    }

    void stop() throws InterruptedException {
        Workspace.stop(process);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

package io.cordon.sandbox;

import com.google.common.base.Splitter;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Collects the corpus of denials: {@code SYSTEM COMMANDS CORPUS SCENE [FIRST [LAST]]}. Each line of COMMANDS is run in a sandbox and
 * without one, in a scene made anew each time. It was denied if it succeeded without and failed in it. What fails both
 * ways is an honest failure if it also says the same; if not, both reasons are at work, and it is left out, as is what
 * succeeds in the sandbox with other complaints. The backend is the one on the class path. See {@code docs/denials.md}.
 */
final class DenialCorpusMain {
    private static final long SECONDS = 60;

    private final String system;
    private final DenialScene scene;
    private final int port;
    private final int closedPort;
    private final boolean windows;
    private final Map<SandboxPolicy, Sandbox> sandboxes = new HashMap<>();
    private final Map<CodePage, Charset> charsets = new EnumMap<>(CodePage.class);

    private DenialCorpusMain(String system, DenialScene scene, int port, int closedPort) {
        this.system = system;
        this.scene = scene;
        this.port = port;
        this.closedPort = closedPort;
        this.windows = !system.equals("linux");
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[3]).toAbsolutePath();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve(server, root.resolve("www"));
        int closed;
        try (ServerSocket unused = new ServerSocket(0)) {
            closed = unused.getLocalPort();
        }
        try {
            new DenialCorpusMain(
                            arguments[0],
                            new DenialScene(root),
                            server.getAddress().getPort(),
                            closed)
                    .collect(
                            Files.readAllLines(Path.of(arguments[1])),
                            Path.of(arguments[2]),
                            arguments.length > 4 ? Integer.parseInt(arguments[4]) : 1,
                            arguments.length > 5 ? Integer.parseInt(arguments[5]) : Integer.MAX_VALUE);
        } finally {
            server.stop(0);
        }
        System.exit(0); // whatever a command may have left running
    }

    /** Files; and /forbidden, which is what a server refuses, not a sandbox. */
    private static void serve(HttpServer server, Path www) {
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", exchange -> {
            try (exchange) {
                String asked = exchange.getRequestURI().getPath();
                Path file = www.resolve(asked.substring(1)).normalize();
                if (Files.isDirectory(file)) {
                    file = file.resolve("index.html");
                }
                boolean forbidden = asked.startsWith("/forbidden");
                byte[] body = forbidden
                        ? "Access denied\n".getBytes(StandardCharsets.UTF_8)
                        : Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
                exchange.getResponseHeaders()
                        .add("Content-Type", asked.endsWith("/") ? "text/html" : "application/octet-stream");
                exchange.sendResponseHeaders(
                        forbidden ? 403 : Files.isRegularFile(file) ? 200 : 404, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            } catch (IOException e) {
                // The client went away.
            }
        });
        server.start();
    }

    private void collect(List<String> commands, Path corpus, int first, int last) throws Exception {
        int number = 0;
        List<DenialRecord> records = new ArrayList<>();
        for (String line : commands) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            number++;
            if (number < first || number > last) {
                continue;
            }
            List<String> parts = Splitter.on(" | ").limit(2).splitToList(line);
            List<String> how = Splitter.on(' ').splitToList(parts.get(0).strip());
            for (String language : how.size() > 1 ? Splitter.on(',').split(how.get(1)) : List.of("C.UTF-8")) {
                if (windows && !language.equals(System.getProperty("cordon.denials.language", "C.UTF-8"))) {
                    continue; // the language of Wine is that of its JVM
                }
                record(number, how.get(0), language, parts.get(1), records);
            }
            Files.writeString(corpus, text(records));
        }
        close();
        long denied = records.stream().filter(DenialRecord::denied).count();
        System.out.println(records.size() + " records, " + denied + " of them denied");
    }

    private static String text(List<DenialRecord> records) {
        StringBuilder text =
                new StringBuilder("# Collected by DenialCorpusMain; see docs/denials.md. Not to be edited.\n");
        records.forEach(record -> text.append(record.format()));
        return text.toString();
    }

    private record Outcome(int exitCode, String stdout, String stderr) {}

    private void record(int number, String confinement, String language, String command, List<DenialRecord> records)
            throws Exception {
        Map<String, String> variables = scene.environment(language, port, closedPort);
        Charset charset = charset(command);
        if (windows) {
            close();
        }
        scene.reset();
        Outcome free = unconfined(command, variables, charset);
        scene.reset();
        Outcome confined = confined(sandbox(confinement, variables), command, charset);
        boolean denied = free.exitCode == 0 && confined.exitCode != 0;
        String why = null;
        if (!denied && free.exitCode != 0 && confined.exitCode == 0) {
            why = "fails only without a sandbox";
        } else if (!denied && !comparable(free).equals(comparable(confined))) {
            why = "is honest, but says something else in the sandbox";
        }
        if (why != null) {
            System.out.printf(
                    "left out: %d %s %s %s: %s%n  free:     %s%n  confined: %s%n",
                    number, confinement, language, command, why, free, confined);
            return;
        }
        records.add(new DenialRecord(
                system,
                number,
                confinement,
                language,
                denied,
                command,
                confined.exitCode,
                confined.stdout,
                confined.stderr));
    }

    private static String comparable(Outcome outcome) {
        return (outcome.exitCode + "\n" + outcome.stdout + "\n" + outcome.stderr)
                .replaceAll("[0-9]+[.,]?[0-9]*|0x[0-9a-f]+", "0")
                .replaceAll("0[a-f0]{5,}[0-9a-f]*", "0");
    }

    private List<String> shell(String command) {
        return windows ? List.of("cmd.exe", "/c", command) : List.of("/bin/bash", "-c", command);
    }

    private Outcome unconfined(String command, Map<String, String> variables, Charset charset) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(shell(command)).directory(scene.project().toFile());
        if (!windows) {
            builder.environment().clear();
        }
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        var out = java.util.concurrent.CompletableFuture.supplyAsync(() -> read(process.getInputStream(), charset));
        var err = java.util.concurrent.CompletableFuture.supplyAsync(() -> read(process.getErrorStream(), charset));
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Outcome(process.waitFor(), neutral(out.get()), neutral(err.get()));
    }

    private static String read(java.io.InputStream stream, Charset charset) {
        try {
            HeadTailBuffer buffer = new HeadTailBuffer(DenialScene.OUTPUT);
            byte[] chunk = new byte[4096];
            for (int n = stream.read(chunk); n >= 0; n = stream.read(chunk)) {
                buffer.write(chunk, n);
            }
            return buffer.captured(true, charset).text();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JVM writes in the ANSI code page, cmd.exe in the OEM code page. */
    private Charset charset(String command) throws Exception {
        if (!windows) {
            return StandardCharsets.UTF_8;
        }
        CodePage codePage = command.contains("%J") ? CodePage.ANSI : CodePage.OEM;
        Charset known = charsets.get(codePage);
        if (known == null) {
            scene.reset();
            known = sandbox("open", Map.of()).charset(codePage);
            charsets.put(codePage, known);
        }
        return known;
    }

    /** On Windows a new one each time: what it guards was made anew. */
    private Sandbox sandbox(String confinement, Map<String, String> variables) throws SandboxException {
        SandboxPolicy policy = scene.policy(confinement, variables);
        Sandbox sandbox = sandboxes.get(policy);
        if (sandbox == null) {
            sandbox = Sandbox.open(policy);
            sandboxes.put(policy, sandbox);
        }
        return sandbox;
    }

    private void close() throws SandboxException {
        for (Sandbox sandbox : sandboxes.values()) {
            sandbox.close();
        }
        sandboxes.clear();
    }

    private Outcome confined(Sandbox sandbox, String command, Charset charset) throws Exception {
        SandboxResult result = sandbox.process(shell(command))
                .directory(scene.project().toFile())
                .charset(charset)
                .run();
        return new Outcome(
                result.exitCode(),
                neutral(result.stdout().text()),
                neutral(result.stderr().text()));
    }

    /** Without the names of this machine. */
    private String neutral(String text) throws IOException {
        return text.replace("\r", "")
                .replace(scene.root().toString(), DenialScene.neutral(windows))
                .replace(InetAddress.getLocalHost().getHostName(), "host")
                .replaceAll("[ \t]+(?=\n|$)", "")
                .replaceAll("\n+$", "");
    }
}

package io.cordon.sandbox;

import java.io.FileOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the commands of the corpus for Windows run in a JVM: {@code ACTION ARGUMENT...}; whatever fails is thrown. */
final class DenialProgram {
    private DenialProgram() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        String first = arguments[1];
        switch (arguments[0]) {
            case "write" -> Files.writeString(Path.of(first), "x");
            case "stream" -> new FileOutputStream(first).close();
            case "delete" -> Files.delete(Path.of(first));
            case "mkdir" -> Files.createDirectories(Path.of(first));
            case "move" -> Files.move(Path.of(first), Path.of(arguments[2]));
            case "copy" -> Files.copy(Path.of(first), Path.of(arguments[2]));
            case "read" -> System.out.println(Files.readString(Path.of(first)));
            case "list" -> System.out.println(Path.of(first).toFile().list().length);
            case "connect" -> new Socket(first, Integer.parseInt(arguments[2])).close();
            case "listen" -> new ServerSocket(0, 1, InetAddress.getByName(first)).close();
            case "get" ->
                System.out.println(new String(new URL(first).openStream().readAllBytes(), StandardCharsets.UTF_8));
            case "start" -> new ProcessBuilder(first).start().waitFor();
            case "throw" -> throw new IllegalStateException(first);
            case "print" -> {
                System.out.println(first);
                System.exit(Integer.parseInt(arguments[2]));
            }
            case "exit" -> System.exit(Integer.parseInt(first));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }
}

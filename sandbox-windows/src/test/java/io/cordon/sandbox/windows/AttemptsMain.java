package io.cordon.sandbox.windows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the tests run in a sandbox: {@code OPERATION PATH} tries each operation on the path and prints a line, "OK" or
 * the error. AccessDeniedException is ERROR_ACCESS_DENIED (5) and nothing else.
 */
public final class AttemptsMain {
    private AttemptsMain() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        for (int i = 0; i < arguments.length; i += 2) {
            Path path = Path.of(arguments[i + 1]);
            switch (arguments[i]) {
                case "cat" -> {
                    System.in.transferTo(System.out);
                    System.out.flush();
                }
                case "fail" -> System.err.println("on stderr");
                case "leave" -> leaveAChild();
                case "env" -> System.getenv().forEach((name, value) -> System.out.println(name + "=" + value));
                case "sleep" -> {
                    System.out.println(ProcessHandle.current().pid());
                    System.out.flush();
                    Thread.sleep(120_000);
                }
                default -> System.out.println(arguments[i] + " " + outcome(arguments[i], path));
            }
        }
    }

    /** The child keeps the error stream, and has started when its id is printed. */
    private static void leaveAChild() throws IOException {
        String java =
                Path.of(System.getProperty("java.home"), "bin", "java.exe").toString();
        Process child = new ProcessBuilder(
                        java,
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AttemptsMain.class.getName(),
                        "sleep",
                        "-")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        System.out.println(new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))
                .readLine());
    }

    private static String outcome(String operation, Path path) {
        try {
            switch (operation) {
                case "read" -> Files.readString(path);
                case "write" -> Files.writeString(path, "changed", StandardOpenOption.WRITE);
                case "append" -> Files.writeString(path, "changed", StandardOpenOption.APPEND);
                case "create" -> Files.writeString(path, "made", StandardOpenOption.CREATE_NEW);
                case "mkdir" -> Files.createDirectory(path);
                case "rename" -> Files.move(path, path.resolveSibling(path.getFileName() + ".renamed"));
                case "delete" -> Files.delete(path);
                default -> throw new IllegalArgumentException(operation);
            }
            return "OK";
        } catch (AccessDeniedException e) {
            return "DENIED";
        } catch (IOException e) {
            return e.toString();
        }
    }
}

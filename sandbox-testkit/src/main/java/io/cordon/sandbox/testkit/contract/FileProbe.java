package io.cordon.sandbox.testkit.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** What the {@link Probe} tries of files. */
final class FileProbe {
    /**
     * What Unix calls a denial beside EACCES; on a link or a move out of what Landlock allows it is EXDEV, on moving what is
     * mounted EBUSY.
     */
    private static final List<String> DENIALS = List.of(
            "Operation not permitted",
            "Permission denied",
            "Read-only file system",
            "Invalid cross-device link",
            "Device or resource busy");

    private FileProbe() {}

    /** Pairs of an operation and a path: OK if all succeed, DENIED if all are denied, and OTHER if it is mixed. */
    static int attempt(String[] pairs) {
        StringBuilder detail = new StringBuilder();
        int all = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            int one = outcome(pairs[i], Path.of(pairs[i + 1]), detail);
            all = all == 0 || all == one ? one : Probe.OTHER;
        }
        return Probe.said(all, detail.toString());
    }

    private static int outcome(String operation, Path path, StringBuilder detail) {
        detail.append(operation).append(' ').append(path);
        try {
            run(operation, path);
            detail.append(" done; ");
            return Probe.OK;
        } catch (IOException e) {
            detail.append(' ').append(e).append("; ");
            // Where nothing else is mounted, what must not be read is not there; the control sees that it is.
            boolean hidden = operation.equals("read") && e instanceof NoSuchFileException;
            return hidden || denied(e) ? Probe.DENIED : Probe.OTHER;
        }
    }

    private static boolean denied(IOException failure) {
        String reason = failure instanceof FileSystemException system ? String.valueOf(system.getReason()) : "";
        return failure instanceof AccessDeniedException || DENIALS.stream().anyMatch(reason::contains);
    }

    private static void run(String operation, Path path) throws IOException {
        switch (operation) {
            case "read" -> Files.readAllBytes(path);
            case "write" -> Files.writeString(path, "changed", StandardOpenOption.WRITE);
            case "append" -> Files.writeString(path, "changed", StandardOpenOption.APPEND);
            case "truncate" ->
                Files.writeString(path, "", StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            case "create" -> Files.writeString(path, "made", StandardOpenOption.CREATE_NEW);
            case "mkdir" -> Files.createDirectory(path);
            case "rename" -> Files.move(path, path.resolveSibling(path.getFileName() + "-renamed"));
            case "take" -> Files.move(path, Path.of("taken-" + holder(path)));
            case "delete" -> Files.delete(path);
            case "link" -> {
                Path link = Path.of("link-" + holder(path));
                Files.createLink(link, path);
                Files.writeString(link, "changed", StandardOpenOption.WRITE);
            }
            default -> throw new IllegalArgumentException("no operation is called " + operation);
        }
    }

    /** So that the control and the attempt do not meet. */
    private static Path holder(Path path) {
        return path.getName(path.getNameCount() - 2);
    }

    /** Makes a file in the directory that the environment names for such, and says where. */
    static int temporary() throws IOException {
        String directory = System.getenv(System.getenv("TMPDIR") == null ? "TEMP" : "TMPDIR");
        if (directory == null) {
            return Probe.said(Probe.OTHER, "neither TMPDIR nor TEMP is set");
        }
        Path file = Files.createTempFile(Path.of(directory), "probe", ".tmp");
        Files.write(file, "secret".getBytes(StandardCharsets.US_ASCII));
        return Probe.said(Probe.OK, file.toString());
    }
}

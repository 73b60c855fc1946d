package io.cordon.sandbox;

import com.google.common.io.MoreFiles;
import com.google.common.io.Resources;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The directories that the commands of the corpus work on, made anew for each run, and the policies they run under. */
final class DenialScene {
    /** How many bytes of each stream are kept. */
    static final int OUTPUT = 6000;

    private final Path root;
    private final Path template;
    private final boolean windows = File.separatorChar == '\\';

    DenialScene(Path root) {
        this.root = root;
        template = root.resolveSibling(root.getFileName() + "-template");
    }

    /** A name that stands for the scene's directory in what is kept, however it was called. */
    static String neutral(boolean windows) {
        return windows ? "C:\\x" : "/tmp/x";
    }

    Path root() {
        return root;
    }

    Path project() {
        return root.resolve("project");
    }

    /** Makes the scene as its script made it at first. */
    void reset() throws IOException, InterruptedException {
        if (windows) {
            empty(root);
            writeWindowsFiles();
        } else if (Files.exists(template)) {
            // The workspace itself stays: what the kernel confines to is this directory, not its name.
            unconfined("rsync", "-a", "--checksum", "--delete", template + "/", root + "/");
        } else {
            Path script = Files.createTempFile("scene", ".sh");
            try (var in = DenialScene.class.getResourceAsStream("/denials/scene.sh")) {
                Files.write(script, in.readAllBytes());
            }
            // Made where it is used, since what is in it names its own place.
            unconfined("sh", script.toString(), root.toString());
            Files.delete(script);
            unconfined("cp", "-a", root.toString(), template.toString());
        }
    }

    private static void unconfined(String... command) throws IOException, InterruptedException {
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IOException(String.join(" ", command) + " failed with " + exit);
        }
    }

    /** What is in it, and not the directory itself. */
    private static void empty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        for (Path file : MoreFiles.fileTraverser().depthFirstPostOrder(directory)) {
            boolean unused = file.toFile().delete(); // the workspace is in use, and stays
        }
    }

    /** By Windows code: a file that Linux makes has no descriptor of its own on Wine. */
    private void writeWindowsFiles() throws IOException {
        for (String directory :
                new String[] {"project/src", "project/locked", "other/dir", "other/empty", "secret", "www"}) {
            Files.createDirectories(root.resolve(directory));
        }
        write("project/README.md", "# Project\n");
        write("project/src/a.txt", "a\n");
        write(
                "project/src/app.log",
                "10:00:00 WARN open C:\\data: Access is denied.\n10:00:01 ERROR java.nio.file.AccessDeniedException: x\n");
        write("project/locked/kept.txt", "kept\n");
        write("project/deploy.bat", "@echo off\r\ncopy README.md %O%\\copied.md\r\n");
        write("project/fails.bat", "@echo off\r\necho the Access Denied test failed\r\nexit /b 3\r\n");
        write("other/file.txt", "one line\n");
        write("other/dir/inside.txt", "inside\n");
        write("secret/key.txt", "key = 1\n");
        write("secret/tool.bat", "@echo tool ran\r\n");
        write("www/index.html", "hello\n");
        Path program = classes().resolve("io/cordon/sandbox/DenialProgram.class");
        if (!Files.exists(program)) {
            Files.createDirectories(program.getParent());
            Files.write(
                    program, Resources.toByteArray(Resources.getResource(DenialProgram.class, "DenialProgram.class")));
        }
    }

    private Path classes() {
        return root.resolveSibling("classes");
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(root.resolve(file), text);
    }

    /** What the commands find in their environment. */
    Map<String, String> environment(String language, int port, int closedPort) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("W", project().toString());
        variables.put("O", root.resolve("other").toString());
        variables.put("S", root.resolve("secret").toString());
        variables.put("P", Integer.toString(port));
        variables.put("CLOSED", Integer.toString(closedPort));
        if (windows) {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java.exe").toString();
            variables.put("JAVA", java);
            variables.put(
                    "J",
                    java + " -Xshare:auto -XX:TieredStopAtLevel=1 -Xmx64m -cp " + classes() + " "
                            + DenialProgram.class.getName());
        } else {
            variables.put("HOME", root.resolve("home").toString());
            variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
            variables.put("LC_ALL", language);
            variables.put("LANG", language);
            variables.put("M2", root.resolveSibling("m2").toString());
        }
        return variables;
    }

    /**
     * The policy of a confinement; only the workspace can be written in all of them. {@code closed}: no network. {@code
     * open}: the user's network. {@code hosts}: one host of the network. On Windows also {@code carved}: open, and
     * "locked" in the workspace stays as it is; {@code secret}: open, and "secret" cannot be read.
     */
    SandboxPolicy policy(String confinement, Map<String, String> variables) {
        return policy(root, windows, confinement)
                .environment(environment -> {
                    environment.inheritCore();
                    variables.forEach(environment::set);
                })
                .limits(limits -> limits.output(OUTPUT).timeout(Duration.ofMinutes(1)))
                .build();
    }

    /** The same without what the commands find in their environment: what the corpus is judged with. */
    static SandboxPolicy.Builder policy(Path root, boolean windows, String confinement) {
        Path project = root.resolve("project");
        SandboxPolicy.Builder policy = SandboxPolicy.builder()
                .allowWrite(project)
                // Their gaps are known, and no command of the corpus lives on them.
                .acceptPartial(Capability.FILE_WRITE, Capability.PROCESS_TREE, Capability.NETWORK);
        switch (confinement) {
            case "closed" -> {
                if (windows) { // an AppContainer, which is what closes a network there without an account
                    policy.allowRead(Path.of(System.getProperty("java.home")), root.resolveSibling("classes"));
                }
            }
            case "open" -> policy.network(NetworkAccess.ALLOWED);
            case "hosts" -> policy.network(NetworkAccess.allowHosts("registry.example.com"));
            case "carved" -> policy.network(NetworkAccess.ALLOWED).denyWrite(project.resolve("locked"));
            case "secret" -> policy.network(NetworkAccess.ALLOWED).denyRead(root.resolve("secret"));
            default -> throw new IllegalArgumentException("no confinement " + confinement);
        }
        return policy;
    }
}

package io.cordon.sandbox.windows;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.plan.ContainerGrants;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the tools of developers are on this machine, and which of these places an AppContainer cannot read unless they are
 * granted to it. Windows and what is installed for all users usually grant reading to all packages; what is installed for
 * one user, or unpacked somewhere, does not.
 *
 * <pre>{@code
 * SandboxPolicy policy = SandboxPolicy.builder()
 *         .allowWrite(workspace)
 *         .allowRead(ToolRoots.find().toGrant().toArray(new Path[0]))
 *         .build();
 * }</pre>
 *
 * <p>A suggestion and no rule: nothing is granted by finding it. Immutable and safe for use by several threads.
 *
 * @param all every place that was found, without those that lie in another one
 */
public record ToolRoots(ImmutableList<ToolRoot> all) {

    /** What an AppContainer may do in a place as it is. */
    public enum Access {
        /** It reads there, because all packages are granted that. */
        OPEN,
        /** It does not, and the user can grant it: {@code allowRead} does. */
        TO_GRANT,
        /** It does not, and the user may not change the access list. An administrator can. */
        OUT_OF_REACH
    }

    /**
     * A place.
     *
     * @param tool what is there, such as {@code git}; {@code PATH} for programs that are not known by name
     * @param path the real path of the directory
     * @param access whether an AppContainer reads there
     */
    public record ToolRoot(String tool, Path path, Access access) {}

    /** How the access to a place is found out. */
    interface Question {
        Access access(Path directory) throws SandboxException;
    }

    /** A program, and how many directories above the one that it is in hold the rest of it. */
    private record Program(String tool, String file, int above) {}

    private static final ImmutableList<Program> PROGRAMS = ImmutableList.of(
            new Program("java", "java.exe", 1),
            new Program("git", "git.exe", 1),
            new Program("node", "node.exe", 0),
            new Program("python", "python.exe", 0),
            new Program("maven", "mvn.cmd", 1),
            new Program("gradle", "gradle.bat", 1),
            new Program("cargo", "cargo.exe", 1),
            new Program("dotnet", "dotnet.exe", 0));

    /** A cache: the variable or {@code ~} that it lies in, and the names beneath. */
    private record Cache(String tool, String base, ImmutableList<String> names) {}

    private static final ImmutableList<Cache> CACHES = ImmutableList.of(
            new Cache("maven cache", "~", ImmutableList.of(".m2", "repository")),
            new Cache("gradle cache", "~", ImmutableList.of(".gradle", "caches")),
            new Cache("cargo cache", "~", ImmutableList.of(".cargo", "registry")),
            new Cache("nuget cache", "~", ImmutableList.of(".nuget", "packages")),
            new Cache("npm programs", "APPDATA", ImmutableList.of("npm")),
            new Cache("npm cache", "LOCALAPPDATA", ImmutableList.of("npm-cache")),
            new Cache("pip cache", "LOCALAPPDATA", ImmutableList.of("pip", "Cache")),
            new Cache("uv cache", "LOCALAPPDATA", ImmutableList.of("uv", "cache")));

    /** Directories with the variable that names them. */
    private static final ImmutableList<String> HOMES = ImmutableList.of("JAVA_HOME", "M2_HOME", "GRADLE_HOME");

    /**
     * Looks at this machine: at the JVM's own home, the PATH, the variables that name homes of tools, and the caches of
     * the user.
     *
     * @throws SandboxException if a directory that is there cannot be looked at for another reason than its access list
     */
    public static ToolRoots find() throws SandboxException {
        FileCalls files = NativeCalls.windows().files();
        return find(
                System.getenv(),
                Path.of(System.getProperty("java.home")),
                Path.of(System.getProperty("user.home")),
                directory -> access(files, directory));
    }

    /** The places that have to be granted, for {@code allowRead}. */
    public ImmutableSet<Path> toGrant() {
        return all.stream()
                .filter(root -> root.access() == Access.TO_GRANT)
                .map(ToolRoot::path)
                .collect(ImmutableSet.toImmutableSet());
    }

    static ToolRoots find(Map<String, String> variables, Path javaHome, Path userHome, Question question)
            throws SandboxException {
        Map<String, String> environment = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        environment.putAll(variables);
        Map<Path, String> found = new LinkedHashMap<>();
        add(found, "java", Optional.of(javaHome), userHome);
        for (String home : HOMES) {
            add(found, home, path(environment.get(home)), userHome);
        }
        for (String entry : Splitter.on(File.pathSeparatorChar)
                .omitEmptyStrings()
                .trimResults()
                .split(environment.getOrDefault("PATH", ""))) {
            Optional<Path> directory = path(entry);
            if (directory.isPresent() && !isOfAliases(directory.get())) {
                Program program = programIn(directory.get());
                add(found, program.tool, above(directory.get(), program.above), userHome);
            }
        }
        for (Cache cache : CACHES) {
            Optional<Path> base = cache.base.equals("~") ? Optional.of(userHome) : path(environment.get(cache.base));
            add(found, cache.tool, base.map(path -> beneath(path, cache.names)), userHome);
        }
        ImmutableList.Builder<ToolRoot> all = ImmutableList.builder();
        for (Map.Entry<Path, String> place : found.entrySet()) {
            Path path = place.getKey();
            boolean held = found.keySet().stream().anyMatch(other -> !other.equals(path) && path.startsWith(other));
            if (!held) {
                all.add(new ToolRoot(place.getValue(), path, question.access(path)));
            }
        }
        return new ToolRoots(all.build());
    }

    /** Never a place that holds the user's own files: a tool in his home would open all of it. */
    private static void add(Map<Path, String> found, String tool, Optional<Path> directory, Path userHome) {
        if (directory.isEmpty() || !Files.isDirectory(directory.get())) {
            return;
        }
        try {
            Path real = directory.get().toRealPath();
            Path home = Files.exists(userHome) ? userHome.toRealPath() : userHome;
            if (real.getNameCount() > 0 && !home.startsWith(real)) {
                found.putIfAbsent(real, tool);
            }
        } catch (IOException e) {
            // Whoever cannot resolve it cannot run what is in it either.
        }
    }

    private static Program programIn(Path directory) {
        return PROGRAMS.stream()
                .filter(program -> Files.exists(directory.resolve(program.file)))
                .findFirst()
                .orElse(new Program("PATH", "", 0));
    }

    private static Optional<Path> above(Path directory, int levels) {
        Path up = directory;
        for (int i = 0; i < levels && up.getParent() != null; i++) {
            up = up.getParent();
        }
        return Optional.of(up);
    }

    private static Path beneath(Path base, ImmutableList<String> names) {
        Path path = base;
        for (String name : names) {
            path = path.resolve(name);
        }
        return path;
    }

    /** Execution aliases of Store programs are links that only the system follows. */
    private static boolean isOfAliases(Path directory) {
        Path name = directory.getFileName();
        return name != null && name.toString().equalsIgnoreCase("WindowsApps");
    }

    private static Optional<Path> path(@Nullable String text) {
        try {
            return text == null || text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty(); // a broken entry of the PATH finds nothing for anybody
        }
    }

    private static Access access(FileCalls files, Path directory) throws SandboxException {
        FileTree tree = new FileTree(files);
        String path = FileTree.extended(directory);
        try (FileTree.Entry entry = tree.open(path, FileTree.READ_CONTROL)) {
            if (ContainerGrants.grantsAnyOf(files.descriptor(entry.handle()), ContainerGrants.USES)) {
                return Access.OPEN;
            }
        } catch (WindowsFailure e) {
            if (e.code() == WindowsFailure.ERROR_ACCESS_DENIED) {
                return Access.OUT_OF_REACH;
            }
            throw e.as(SandboxErrorCode.PREPARE_FAILED, path);
        }
        try (FileTree.Entry entry =
                tree.open(path, AccessMask.READ_CONTROL.or(AccessMask.WRITE_DAC).bits())) {
            return AccessMask.of(entry.access()).contains(AccessMask.WRITE_DAC) ? Access.TO_GRANT : Access.OUT_OF_REACH;
        } catch (WindowsFailure e) {
            return Access.OUT_OF_REACH;
        }
    }
}

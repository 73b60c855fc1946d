package io.cordon.sandbox.windows.launch;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the file that a program's name stands for, so that {@code CreateProcess} does not search by rules of its own: it
 * would look into the JVM's directory and the current one first, where an agent can put a {@code git.exe}.
 */
final class ProgramSearch {
    private static final ImmutableSet<String> BATCH = ImmutableSet.of(".bat", ".cmd");
    private static final ImmutableSet<String> EXECUTABLE = ImmutableSet.of(".exe", ".com");
    private static final String DEFAULT_EXTENSIONS = ".COM;.EXE;.BAT;.CMD";

    private static final CharMatcher SEPARATOR = CharMatcher.anyOf("\\/");

    private final Path directory;
    private final Map<String, String> environment;
    private final WslPrograms wsl;

    /**
     * A search.
     *
     * @param directory the child's working directory, from which a relative path leads on
     * @param environment the child's environment
     * @param wsl the programs that run outside of the sandbox
     */
    ProgramSearch(Path directory, Map<String, String> environment, WslPrograms wsl) {
        this.directory = directory;
        this.environment = environment;
        this.wsl = wsl;
    }

    /**
     * The absolute path of the program, links resolved.
     *
     * @throws SandboxException if there is none, or if it is a batch file or a program of WSL
     */
    Path find(String program) throws SandboxException {
        checkName(program, program);
        boolean named = SEPARATOR.matchesAnyOf(program);
        Optional<Path> found = named ? existing(resolved(directory, program), true) : onPath(program);
        if (found.isEmpty()) {
            throw new SandboxException(
                    SandboxErrorCode.PROGRAM_NOT_FOUND,
                    "there is no program '" + program + "' "
                            + (named
                                    ? "(relative paths begin in " + directory + ")"
                                    : "on the child's PATH, which is "
                                            + ShellPlaces.variable(environment, "PATH")
                                                    .orElse("not set"))
                            + "; give its absolute path");
        }
        return checked(program, found.get());
    }

    /**
     * The real path of a file that was found. Both are checked: the name that was called, and the one that it leads to,
     * in which links and short names (8.3) are resolved.
     *
     * @param program the program as the caller wrote it
     */
    Path checked(String program, Path file) throws SandboxException {
        refuseBatch(program, file);
        wsl.refuse(program, file);
        Path real = real(program, file);
        refuseBatch(program, real);
        wsl.refuse(program, real);
        checkName(program, real.toString()); // a link can lead to a name that CreateProcess would read differently
        return real;
    }

    /**
     * Windows drops dots and blanks at the end of a name, takes what follows a colon for a stream of the file, and looks
     * for {@code C:name} in a directory that the JVM's history decides.
     */
    private static void checkName(String program, String path) throws SandboxException {
        boolean drive = path.length() > 2 && path.charAt(1) == ':' && SEPARATOR.matches(path.charAt(2));
        String name = SEPARATOR.trimTrailingFrom(drive ? path.substring(2) : path);
        if (name.isEmpty()
                || name.indexOf(':') >= 0
                || CharMatcher.anyOf(". ").matches(name.charAt(name.length() - 1))
                || name.indexOf('*') >= 0
                || name.indexOf('?') >= 0) {
            throw new SandboxException(
                    SandboxErrorCode.COMMAND_INVALID,
                    "the program '" + program + "'" + (path.equals(program) ? "" : " (" + path + ")")
                            + ": the name of a program ends in neither dot nor blank, "
                            + "and has no ':' (but in a drive, as in C:\\), '*' or '?' in it; write the path of its file");
        }
    }

    private Optional<Path> onPath(String program) throws SandboxException {
        for (Path place : SearchPath.of(environment).toList()) {
            Optional<Path> found = existing(resolved(place, program), false);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Path resolved(Path base, String name) throws SandboxException {
        try {
            return base.resolve(name);
        } catch (InvalidPathException e) {
            throw new SandboxException(
                    SandboxErrorCode.PROGRAM_NOT_FOUND,
                    "'" + name + "' cannot be the name of a program: " + e.getReason());
        }
    }

    /** The file itself if its name has an extension that runs, else the first one with an extension of PATHEXT. */
    private Optional<Path> existing(Path file, boolean named) {
        if (!extension(file).isEmpty() && isFile(file)) {
            return Optional.of(file);
        }
        for (String extension : extensions()) {
            Path candidate = file.resolveSibling(file.getFileName() + extension);
            if (isFile(candidate)) {
                return Optional.of(candidate);
            }
        }
        return named && isFile(file) ? Optional.of(file) : Optional.empty();
    }

    /** The alias of a program of the Store is a link that cannot be followed; those of WSL shall be found and refused. */
    private boolean isFile(Path file) {
        return Files.isRegularFile(file) || (wsl.contains(file) && Files.exists(file, LinkOption.NOFOLLOW_LINKS));
    }

    /** Of PATHEXT, what runs or would run by way of cmd.exe; scripts of other kinds need their interpreter named. */
    private ImmutableList<String> extensions() {
        return Splitter.on(';')
                .trimResults()
                .splitToStream(ShellPlaces.variable(environment, "PATHEXT").orElse(DEFAULT_EXTENSIONS))
                .map(extension -> extension.toLowerCase(Locale.ROOT))
                .filter(extension -> EXECUTABLE.contains(extension) || BATCH.contains(extension))
                .collect(ImmutableList.toImmutableList());
    }

    private static Path real(String program, Path file) throws SandboxException {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PROGRAM_NOT_EXECUTABLE,
                    "the program '" + program + "' (" + file + ") cannot be resolved to a file: " + e,
                    e);
        }
    }

    /**
     * Windows runs a batch file by cmd.exe, which parses the arguments once more and by other rules: an argument then
     * becomes a command (CVE-2024-24576 and its like).
     */
    private static void refuseBatch(String program, Path file) throws SandboxException {
        if (BATCH.contains(extension(file))) {
            throw new SandboxException(
                    SandboxErrorCode.PROGRAM_NOT_EXECUTABLE,
                    "the program '" + program + "' is the batch file " + file
                            + ", to which arguments cannot be passed safely; call the program that it starts, or, if "
                            + "you trust every argument, a script of Shell.CMD: \"" + program + " ...\"");
        }
    }

    private static String extension(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    }
}

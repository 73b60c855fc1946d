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

    private final Path directory;
    private final Map<String, String> environment;

    /**
     * A search.
     *
     * @param directory the child's working directory, from which a relative path leads on
     * @param environment the child's environment
     */
    ProgramSearch(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /**
     * The absolute path of the program, links resolved.
     *
     * @throws SandboxException if there is none, or if it is a batch file
     */
    Path find(String program) throws SandboxException {
        checkName(program);
        Optional<Path> found = program.indexOf('\\') >= 0 || program.indexOf('/') >= 0
                ? existing(resolved(directory, program), program)
                : onPath(program);
        if (found.isEmpty()) {
            throw new SandboxException(
                    SandboxErrorCode.PROGRAM_NOT_FOUND,
                    "there is no program '" + program + "' "
                            + (program.indexOf('\\') >= 0 || program.indexOf('/') >= 0
                                    ? "(relative paths begin in " + directory + ")"
                                    : "on the child's PATH, which is "
                                            + variable("PATH").orElse("not set"))
                            + "; give its absolute path");
        }
        refuseBatch(program, found.get());
        Path real = real(program, found.get());
        refuseBatch(program, real);
        return real;
    }

    /** Windows drops dots and blanks at the end of a name, and takes what follows a colon for a stream of the file. */
    private static void checkName(String program) throws SandboxException {
        String name = program.length() > 2 && program.charAt(1) == ':' ? program.substring(2) : program;
        if (name.indexOf(':') >= 0
                || CharMatcher.anyOf(". ").matches(program.charAt(program.length() - 1))
                || name.indexOf('*') >= 0
                || name.indexOf('?') >= 0) {
            throw new SandboxException(
                    SandboxErrorCode.COMMAND_INVALID,
                    "the program '" + program + "': the name of a program ends in neither dot nor blank, "
                            + "and has no ':' (but after a drive), '*' or '?' in it; write the name of its file");
        }
    }

    private Optional<Path> onPath(String program) throws SandboxException {
        for (String entry :
                Splitter.on(';').omitEmptyStrings().split(variable("PATH").orElse(""))) {
            if (!isAbsolute(entry)) {
                continue; // it begins in the current directory, which an agent fills
            }
            Path place = Path.of(CharMatcher.is('"').trimFrom(entry));
            Optional<Path> found = existing(resolved(place, program), program);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static boolean isAbsolute(String entry) {
        try {
            return Path.of(CharMatcher.is('"').trimFrom(entry)).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
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
    private Optional<Path> existing(Path file, String program) {
        if (!extension(file).isEmpty() && Files.isRegularFile(file)) {
            return Optional.of(file);
        }
        for (String extension : extensions()) {
            Path candidate = file.resolveSibling(file.getFileName() + extension);
            if (Files.isRegularFile(candidate)) {
                return Optional.of(candidate);
            }
        }
        return program.indexOf('\\') >= 0 && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /** Of PATHEXT, what runs or would run by way of cmd.exe; scripts of other kinds need their interpreter named. */
    private ImmutableList<String> extensions() {
        return Splitter.on(';')
                .trimResults()
                .splitToStream(variable("PATHEXT").orElse(DEFAULT_EXTENSIONS))
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
                            + "you trust every argument, command(\"cmd.exe\", \"/d\", \"/s\", \"/c\", \"" + program
                            + " ...\")");
        }
    }

    private static String extension(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    }

    private Optional<String> variable(String name) {
        return environment.entrySet().stream()
                .filter(variable -> variable.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}

package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The bash of Git for Windows. It is built on MSYS2, which splits its command line by rules of its own: single quotes
 * count, wildcards and braces are expanded, backslashes before quotes and in wildcards go, {@code @file} is read. So the
 * line is always the same, of characters that mean nothing to any of these rules, and the script is in an environment
 * variable, which it removes before it begins.
 *
 * @see <a href="https://github.com/msys2/msys2-runtime/issues/36">how MSYS2 splits differently</a>
 */
final class GitBash {
    static final String VARIABLE = "CORDON_SCRIPT";

    /**
     * Without separators and wildcards the variable stays one word, which is what quotes would do; but a quote inside of a
     * quoted argument does not reach bash where {@code MSYS=noglob} is set.
     *
     * @see <a href="https://github.com/msys2/msys2-runtime/issues/178">quotes are lost with noglob</a>
     */
    static final String COMMAND = "IFS=;set -f;eval $" + VARIABLE;

    /** Takes back what the command changed. On the first line of the script: the lines in messages are the script's own. */
    static final String PROLOGUE = "set +f;IFS=$' \\t\\n';unset " + VARIABLE + ";";

    private GitBash() {}

    static String line(Path bash) throws SandboxException {
        return CommandLine.encode(ImmutableList.of(bash.toString(), "-c", COMMAND));
    }

    /**
     * The environment with the script in it.
     *
     * @throws SandboxException if the script is too long for a variable
     */
    static ImmutableMap<String, String> environment(Map<String, String> environment, String script)
            throws SandboxException {
        String value = PROLOGUE + script;
        if (!EnvironmentBlock.fits(VARIABLE, value)) {
            throw new SandboxException(
                    SandboxErrorCode.COMMAND_INVALID,
                    "the BASH script has " + script.length()
                            + " characters, and the environment variable that it is passed in has room for "
                            + (EnvironmentBlock.MAX_VARIABLE - VARIABLE.length() - PROLOGUE.length() - 2)
                            + "; write it into a file and run that by a short script");
        }
        Map<String, String> result = new LinkedHashMap<>(environment);
        result.keySet().removeIf(VARIABLE::equalsIgnoreCase);
        result.put(VARIABLE, value);
        return ImmutableMap.copyOf(result);
    }

    /**
     * Where it is: in the usual places of the host, else beside the git of the child's PATH.
     *
     * @throws SandboxException if there is none
     */
    static Path find(ShellPlaces places, Map<String, String> environment) throws SandboxException {
        ImmutableList<Path> roots = Stream.concat(
                        places.gitInstallations().stream(),
                        SearchPath.of(environment).flatMap(entry -> installationOf(entry).stream()))
                .distinct()
                .collect(ImmutableList.toImmutableList());
        return roots.stream()
                // The first of the two is a small program that sets the path to Git's own tools and starts the second.
                .flatMap(root -> Stream.of(
                        root.resolve("bin").resolve("bash.exe"),
                        root.resolve("usr").resolve("bin").resolve("bash.exe")))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new SandboxException(
                        SandboxErrorCode.PROGRAM_NOT_FOUND,
                        "Shell.BASH: there is no Git for Windows, whose bash it would be: looked in " + roots
                                + "; install it, put the directory of its git.exe on the child's PATH, or use Shell.CMD or "
                                + "Shell.POWERSHELL (the bash of WSL runs outside of the sandbox and is not used)"));
    }

    /** The root of the Git whose git.exe is in this directory: {@code cmd}, {@code bin} or {@code mingw64\bin} of it. */
    private static Optional<Path> installationOf(Path entry) {
        Path root = entry.getParent();
        if (root == null || !Files.isRegularFile(entry.resolve("git.exe"))) {
            return Optional.empty();
        }
        String name = String.valueOf(entry.getFileName()).toLowerCase(Locale.ROOT);
        if (!name.equals("cmd") && !name.equals("bin")) {
            return Optional.empty();
        }
        boolean inner =
                String.valueOf(root.getFileName()).toLowerCase(Locale.ROOT).startsWith("mingw");
        return Optional.ofNullable(inner ? root.getParent() : root);
    }
}

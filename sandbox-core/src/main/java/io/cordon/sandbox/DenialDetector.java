package io.cordon.sandbox;

import com.google.common.base.Splitter;
import io.cordon.sandbox.LikelyDenial.Rule;
import io.cordon.sandbox.LikelyDenial.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks for evidence of a denial in a result: in the errors first, then in the output, then in the exit code. */
final class DenialDetector {
    /** How much of a line is looked at: programs do not report errors in longer ones, and patterns take their time. */
    private static final int MAX_LINE = 2000;

    /** How many lines around the evidence may name the path that is meant. */
    private static final int NEAR = 3;

    /** How many lines before the evidence tell what it is about: a stack trace of Python ends with the error. */
    private static final int BEFORE = 12;

    private static final int AFTER = 4;
    private static final int CANNOT_EXECUTE = 126;
    private static final int HTTPS = 443;

    /** A command of a script that shows what is in files; not one that filters what another wrote. */
    private static final Pattern PRINTS_FILES = Pattern.compile("(?:^|[;&({]\\s*|-c )"
            + "(?:cat|head|tail|less|more|grep|egrep|rg|ag|awk|sed|diff|type|findstr|find|Get-Content|Select-String"
            + "|git (?:grep|log|show|diff))\\s");

    private final SandboxResult result;
    private final @Nullable SandboxPolicy policy;
    private final boolean printsFiles;

    private DenialDetector(SandboxResult result, @Nullable SandboxPolicy policy) {
        this.result = result;
        this.policy = policy;
        printsFiles = PRINTS_FILES.matcher(String.join(" ", result.command())).find();
    }

    /**
     * The evidence of a denial.
     *
     * @param policy what the command ran under, if that is known
     */
    static Optional<LikelyDenial> detect(SandboxResult result, @Nullable SandboxPolicy policy) {
        if (result.succeeded()) {
            return Optional.empty();
        }
        DenialDetector detector = new DenialDetector(result, policy);
        return detector.inExitCode()
                .or(() -> detector.inStream(Source.STDERR, result.stderr().text()))
                .or(() -> detector.inStream(Source.STDOUT, result.stdout().text()));
    }

    private Optional<LikelyDenial> inExitCode() {
        return DenialRules.of(result.exitCode())
                .map(rule -> new LikelyDenial(
                        Optional.empty(),
                        rule,
                        Source.EXIT_CODE,
                        0,
                        "0x" + Integer.toHexString(result.exitCode()),
                        Optional.empty(),
                        Optional.empty()));
    }

    private Optional<LikelyDenial> inStream(Source source, String text) {
        List<String> lines = Splitter.on('\n').splitToList(text);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).length() <= MAX_LINE
                    ? lines.get(i)
                    : lines.get(i).substring(0, MAX_LINE);
            // What a command was asked to print, it prints on its output; its own errors it does not.
            Optional<Rule> rule = line.isBlank() || (source == Source.STDOUT && printsFiles)
                    ? Optional.empty()
                    : DenialRules.of(line.stripTrailing());
            if (rule.isPresent()) {
                LikelyDenial denial = denial(rule.get(), source, lines, i, line);
                if (counts(denial, line)) {
                    return Optional.of(denial);
                }
            }
        }
        return Optional.empty();
    }

    private LikelyDenial denial(Rule rule, Source source, List<String> lines, int index, String line) {
        Optional<Path> path = DenialSubject.path(line);
        String around =
                String.join("\n", around(lines, index, BEFORE, AFTER)) + "\n" + String.join(" ", result.command());
        Optional<Capability> capability = capability(rule, line, around, path.isPresent());
        boolean network = capability.equals(Optional.of(Capability.NETWORK));
        return new LikelyDenial(
                capability,
                rule,
                source,
                index + 1,
                line,
                network ? Optional.empty() : path.or(() -> DenialSubject.path(around(lines, index, NEAR, NEAR))),
                network ? DenialSubject.host(line).or(() -> DenialSubject.host(around)) : Optional.empty());
    }

    private static List<String> around(List<String> lines, int index, int before, int after) {
        return lines.subList(Math.max(0, index - before), Math.min(lines.size(), index + after + 1));
    }

    private Optional<Capability> capability(Rule rule, String line, String around, boolean namesFile) {
        switch (rule) {
            case WSAEACCES, ENETUNREACH, NAME_RESOLUTION, PROXY_REFUSAL, UNEXPLAINED_403, UNEXPLAINED_CONNECT -> {
                return Optional.of(Capability.NETWORK);
            }
            case EROFS, UNEXPLAINED_WRITE -> {
                return Optional.of(Capability.FILE_WRITE);
            }
            default -> {
                // See below.
            }
        }
        if (DenialSubject.isNetwork(line) || (!namesFile && DenialSubject.isNetwork(around))) {
            return Optional.of(Capability.NETWORK);
        }
        if (policy != null && !limitsReading(policy)) {
            return Optional.of(Capability.FILE_WRITE);
        }
        if (DenialSubject.isWrite(line)) {
            return Optional.of(Capability.FILE_WRITE);
        }
        return DenialSubject.isRead(line) ? Optional.of(Capability.FILE_READ_DENY) : Optional.empty();
    }

    private static boolean limitsReading(SandboxPolicy policy) {
        return !policy.denyRead().isEmpty() || !policy.allowRead().isEmpty();
    }

    /** Whether evidence stands against what the policy allows anyway. */
    private boolean counts(LikelyDenial denial, String line) {
        if (policy == null) {
            return !isUnexplained(denial.rule())
                    && !(cannotExecute() && DenialSubject.path(line).isEmpty());
        }
        if (denial.capability().equals(Optional.of(Capability.NETWORK))) {
            return isClosed(policy.network(), denial);
        }
        if (!limitsReading(policy) && (cannotExecute() || DenialSubject.isOfReader(line))) {
            return false;
        }
        if (denial.rule() == Rule.UNEXPLAINED_WRITE && !DenialRules.isWriteWithoutPlace(line)) {
            // Only of a place that is named, and named in this line.
            return DenialSubject.path(line)
                    .filter(path -> !policy.leavesOpen(path))
                    .isPresent();
        }
        return denial.path().filter(policy::leavesOpen).isEmpty();
    }

    /** Of a script in the workspace, for example, it is the file mode. */
    private boolean cannotExecute() {
        return result.exitCode() == CANNOT_EXECUTE;
    }

    private static boolean isUnexplained(Rule rule) {
        return rule == Rule.UNEXPLAINED_WRITE || rule == Rule.UNEXPLAINED_CONNECT || rule == Rule.UNEXPLAINED_403;
    }

    private static boolean isClosed(NetworkAccess network, LikelyDenial denial) {
        return switch (denial.rule()) {
            case PROXY_REFUSAL -> !network.hosts().isEmpty();
            case UNEXPLAINED_403 -> !network.hosts().isEmpty() && !isAllowed(network, denial.host());
            default -> !network.equals(NetworkAccess.ALLOWED);
        };
    }

    private static boolean isAllowed(NetworkAccess network, Optional<String> host) {
        return host.flatMap(DenialSubject::hostAndPort)
                .filter(named ->
                        network.judge(named.getHost(), named.getPortOrDefault(HTTPS)) == NetworkDecision.Reason.ALLOWED)
                .isPresent();
    }
}

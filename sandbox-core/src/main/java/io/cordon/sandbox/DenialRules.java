package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.LikelyDenial.Rule;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a line of output has to look like to be evidence of a denial. A program that reports an error puts it at the end
 * of what it says, behind a colon or in brackets; sources, names of tests and logs that it prints have the same words
 * elsewhere.
 */
final class DenialRules {
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

    /** What stands before the text of an error. A no-break space stands before French colons. */
    private static final String BEFORE = "(?:^|[:\uFF1A(\\[,\\])>\u2014-]|\\bError|\\bwarning)[\\s\u00A0]*";

    /** What follows it: nothing, a sentence's end, a number, a name, or where in a script it happened. */
    private static final String AFTER =
            "(?=\\W*$|[.)\\]:,;!](?:\\s|$)|\\)|\\s*[\\[(](?:os error |errno |code )?-?\\d+[\\])]"
                    + "|\\s+@ \\w+|\\s+-\\s+\\S|\\s+at \\S+ line \\d+|\\s+in .* on line \\d+|: connect|: bind)";

    /** What follows it on Windows: FormatMessage ends its sentences. */
    private static final String AFTER_SENTENCE = "(?=\\W*$|[.)\u3002])";

    /** Tools that do not name the place either. */
    private static final Pattern NO_PLACE = Pattern.compile(
            "unable to open database|attempt to write a readonly database|could not create parent directories"
                    + "|access or create the specified registry key",
            FLAGS);

    private static final String NO_REASON = "(?:cannot|can't|could not|couldn't|unable to|failed to|failure) "
            + "(?:access or )?(?:create|write|open|mkdir|remove|delete|rename|save|initialize)\\b"
            + "(?!.*(?:No such file|not found|exists|Is a directory))";

    private record LineRule(Rule rule, Pattern pattern) {}

    /** In the order in which they are tried; the strongest first. */
    private static final ImmutableList<LineRule> LINES = ImmutableList.of(
            line(
                    Rule.PROXY_REFUSAL,
                    "Cordon: (?:HOST_NOT_ALLOWED|PORT_NOT_ALLOWED|ADDRESS_LITERAL|PRIVATE_ADDRESS)"
                            + "|(?:CONNECT tunnel failed, response|Received HTTP code|Tunnel connection failed:"
                            + "|Unable to tunnel through proxy\\. Proxy returns \"HTTP/1\\.[01]) 403"
                            + "|\\bproxy\\b.*\\b403\\b"),
            line(
                    Rule.WSAEACCES,
                    "WSAEACCES|\\[WinError 10013\\]|os error 10013|\\b10013\\b.*socket|socket.*\\b10013\\b"),
            line(
                    Rule.ERROR_ACCESS_DENIED,
                    "\\[WinError 5\\]|\\b0x80070005\\b|\\b0x00000005\\b|CreateProcess error=5\\b|Win32 error 5\\b"
                            + "|(?<!Input/output error \\()\\bos error 5\\)|\\bSystem error 5 has\\b|failed with r/c 5\\b"
                            + "|STATUS_ACCESS_DENIED|\\b0xc0000022\\b"),
            line(Rule.ERROR_ACCESS_DENIED, BEFORE + DenialTexts.alternatives("ERROR_ACCESS_DENIED") + AFTER_SENTENCE),
            line(
                    Rule.ACCESS_EXCEPTION,
                    "\\bjava\\.nio\\.file\\.AccessDeniedException(?=:|\\s*$)|^AccessDeniedException:"
                            + "|\\bSystem\\.UnauthorizedAccessException\\b|\\bUnauthorizedAccessException\\s*$"
                            + "|CategoryInfo\\s*:\\s*PermissionDenied|(?<![\"'])PermissionError: \\[(?:Errno|WinError) "),
            line(Rule.EACCES, text("EACCES") + "|" + named("EACCES") + "|\\bEACCES: permission denied"),
            line(Rule.EPERM, text("EPERM") + "|" + named("EPERM") + "|\\bEPERM: operation not permitted"),
            line(Rule.EROFS, text("EROFS") + "|" + named("EROFS") + "|\\bEROFS: read-only file system"),
            line(Rule.ENETUNREACH, text("ENETUNREACH") + "|" + named("ENETUNREACH")),
            line(
                    Rule.NAME_RESOLUTION,
                    DenialTexts.alternatives("EAI_AGAIN") + "|" + named("EAI_AGAIN")
                            + "|getaddrinfo EAI_AGAIN|Could not resolve (?:host|proxy|hostname)|Couldn't resolve host"
                            + "|Temporary failure resolving|unable to resolve host address"
                            + "|java\\.net\\.UnknownHostException|\\bENOTFOUND\\b|getaddrinfo failed"
                            + "|no such host\\s*$"),
            line(Rule.UNEXPLAINED_WRITE, NO_PLACE.pattern() + "|" + NO_REASON),
            line(Rule.UNEXPLAINED_403, "(?:error|code|status|response|HTTP)\\W.*\\b403\\b|\\b403:? Forbidden"),
            line(
                    Rule.UNEXPLAINED_CONNECT,
                    "(?:Couldn't|Could not|Unable to) connect to|fetch failed|java\\.net\\.ConnectException\\s*$"
                            + "|Failed to establish a new connection|Max retries exceeded"
                            + "|No matching distribution found"));

    /** What has such words in it and is none of the sandbox's. */
    private static final Pattern INNOCENT = Pattern.compile(
            // logs and diffs that were printed
            "^\\s*\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d|^\\[?\\d\\d:\\d\\d:\\d\\d|^[<>+?-] "
                    // a file and a line of it, or a file and a log's line: what a search found
                    // (a compiler gives a column too, or says that it is an error)
                    + "|^[^\\s:]+:\\d+:(?!\\d+:|in [`']|\\s*(?:fatal )?error)|^[^\\s:]+:\\d{4}-\\d\\d-\\d\\d "
                    + "|^[\\w./\\\\-]+\\.\\w+:\\s+\\S.*[;{}]$"
                    // tests that compare texts
                    + "|^\\s*(?:\\S*Assert\\w*(?:Error|Exception)|ComparisonFailure|expected)\\b|^(?:not )?ok \\d+ "
                    // logins, databases, web servers and libraries that decide themselves
                    + "|denied \\((?:publickey|password|keyboard|gssapi|hostbased)|denied, please try again"
                    + "|access denied for user|permission denied for (?:table|schema|database|relation|role|sequence)"
                    + "|springframework\\.security|\\bsudo: ",
            FLAGS);

    private DenialRules() {}

    private static LineRule line(Rule rule, String pattern) {
        return new LineRule(rule, Pattern.compile(pattern, FLAGS));
    }

    /** The name of an error where a program prints it, which is not where a sentence or a source speaks of it. */
    private static String named(String error) {
        return "(?:^|[\\s:(=-])" + error + "(?=\\s*(?:$|[:,)\\]}]))|code: ['\"]" + error + "\\b";
    }

    private static String text(String error) {
        return BEFORE + DenialTexts.alternatives(error) + AFTER;
    }

    /** Whether a line is evidence for {@link Rule#UNEXPLAINED_WRITE} although it names no place. */
    static boolean isWriteWithoutPlace(String line) {
        return NO_PLACE.matcher(line).find();
    }

    /** The rule that takes a line for evidence. */
    static Optional<Rule> of(String line) {
        if (INNOCENT.matcher(line).find()) {
            return Optional.empty();
        }
        return LINES.stream()
                .filter(rule -> rule.pattern.matcher(line).find())
                .map(LineRule::rule)
                .findFirst();
    }

    /** Of an exit code. */
    static Optional<Rule> of(int exitCode) {
        return switch (exitCode) {
            case 0xC0000022 -> Optional.of(Rule.STATUS_ACCESS_DENIED);
            case 128 + 31 -> Optional.of(Rule.SIGSYS); // SIGSYS on x86 and ARM
            default -> Optional.empty();
        };
    }
}

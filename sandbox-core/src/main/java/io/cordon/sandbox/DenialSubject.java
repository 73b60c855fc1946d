package io.cordon.sandbox;

import com.google.common.collect.Lists;
import com.google.common.net.HostAndPort;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a line of output says was denied: a path, a host, writing, the network. */
final class DenialSubject {
    private static final String END = "(?=$|[\\s'\"`\u2018\u2019\u201D\u00BB,;)\\]>]|:(?:\\s|$))";

    /** An absolute path in quotes may have blanks in it, another one not. */
    private static final Pattern PATH =
            Pattern.compile("(?:'((?:/|[A-Za-z]:\\\\)[^'\"]+)'|\"((?:/|[A-Za-z]:\\\\)[^'\"]+)\""
                    + "|(?<![\\w/.:-])((?:/(?!/)|[A-Za-z]:\\\\)[^\\s'\"`\u2018\u2019\u201D\u00BB,;()\\[\\]<>:]+))"
                    + END);

    private static final Pattern HOST = Pattern.compile("(?:https?|ftp|ssh|git)://(?:[^\\s/@]*@)?([\\w.-]+(?::\\d+)?)"
            + "|(?:resolve (?:host|hostname|host address)(?: name)?:?|UnknownHostException:|(?:ENOTFOUND|EAI_AGAIN)"
            + "|connect(?:ion)? to|lookup|refused) [\u2018'\"]?([\\w-]+(?:\\.[\\w-]+)*(?::\\d+)?)(?: port (\\d+))?");

    private static final Pattern NETWORK = Pattern.compile(
            "\\b(?:socket|connect\\w*|bind|listen|getaddrinfo|urlopen|urllib\\w*|fetch|curl|wget|ssh|sock_?open|TCPSocket"
                    + "|Verbind\\w*|Connexion)\\b|/dev/tcp/|https?://|Socket(?:Exception)?\\b|ConnectException|\\bNet[.:]"
                    + "|fsockopen",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern WRITE = Pattern.compile(
            "\\b(?:writ\\w*|creat\\w*|mkdir\\w*|touch|remov\\w*|delet\\w*|unlink\\w*|rename\\w*|mov(?:e|ing)|link|mkfifo"
                    + "|truncate|output|redirect|save|append\\w*|copy(?:ing)?|mkstemp|lock|temporary|rmdir|modif\\w*"
                    + "|FileOutputStream|createDirectory|readonly database)\\b|Read-only file system|\\bEROFS\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern READ = Pattern.compile(
            "\\b(?:read\\w*|cat|head|tail|less|more|ls|reading|opendir|scandir|FileInputStream)\\b(?!-only)",
            Pattern.CASE_INSENSITIVE);

    private DenialSubject() {}

    /** A shell begins with its own name. */
    private static final Pattern SHELL = Pattern.compile("^\\S*/\\w*sh: ");

    /** Where a program was when it failed is not what it failed at. */
    private static final Pattern FRAME = Pattern.compile("^\\s*(?:at |from |File \")|^\\S+:\\d+:in ");

    /** The programs that only read: where a policy does not limit reading, it is not the sandbox that denies them. */
    private static final Pattern READER = Pattern.compile(
            "^(?:\\S*/)?(?:cat|head|tail|less|more|ls|grep|wc|diff|du|stat|file|md5sum|sha\\d+sum|od|xxd): ");

    /** The last absolute path of a line: of a move, it is the target that is denied more often. */
    static Optional<Path> path(String line) {
        Optional<Path> last = Optional.empty();
        Matcher matcher = PATH.matcher(SHELL.matcher(line).replaceFirst(""));
        while (matcher.find()) {
            for (int group = 1; group <= 3; group++) {
                if (matcher.group(group) != null) {
                    Optional<Path> found = absolute(matcher.group(group));
                    last = found.isPresent() ? found : last;
                }
            }
        }
        return last;
    }

    private static Optional<Path> absolute(String text) {
        try {
            return Optional.of(Path.of(text).normalize()).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** A host that the line names as one, with its port if that is there too. */
    static Optional<String> host(String line) {
        Matcher matcher = HOST.matcher(line);
        if (!matcher.find()) {
            return Optional.empty();
        }
        if (matcher.group(1) != null) {
            return Optional.of(matcher.group(1));
        }
        return Optional.of(matcher.group(2) + (matcher.group(3) == null ? "" : ":" + matcher.group(3)));
    }

    /** A path that one of these lines names, the nearest to the end first. */
    static Optional<Path> path(List<String> lines) {
        return Lists.reverse(lines).stream()
                .filter(line -> !FRAME.matcher(line).find())
                .flatMap(line -> path(line).stream())
                .findFirst();
    }

    /** What {@link #host} found, if its port is one. */
    static Optional<HostAndPort> hostAndPort(String host) {
        try {
            return Optional.of(HostAndPort.fromString(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static boolean isOfReader(String line) {
        return READER.matcher(line).find();
    }

    static boolean isNetwork(String text) {
        return NETWORK.matcher(text).find();
    }

    static boolean isWrite(String text) {
        return WRITE.matcher(text).find();
    }

    static boolean isRead(String text) {
        return READ.matcher(text).find();
    }
}

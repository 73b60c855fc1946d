package io.cordon.sandbox;

import com.google.common.base.CharMatcher;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Why a failed command looks as if the sandbox denied it something, and the words that say so. A guess from an exit code
 * and a text, see {@link SandboxResult#denial(SandboxPolicy)}: what the operating system denies, it tells to the program
 * alone. A value: immutable, and safe for use by several threads.
 *
 * @param capability what was denied, if the evidence tells: {@link Capability#FILE_WRITE}, {@link
 *     Capability#FILE_READ_DENY} or {@link Capability#NETWORK}
 * @param rule which rule found it
 * @param source where the evidence is
 * @param line the number of the line in the captured text of its stream, beginning with 1; 0 if the evidence is the exit
 *     code
 * @param text the line, at most 300 characters of it, control characters as question marks; of an exit code the number
 *     in hexadecimal. It is the child that wrote this
 * @param path the absolute path that the line names as denied, if it names one
 * @param host the host that the line names as denied, if it names one, with a colon and a port if it names that too
 */
public record LikelyDenial(
        Optional<Capability> capability,
        Rule rule,
        Source source,
        int line,
        String text,
        Optional<Path> path,
        Optional<String> host) {
    private static final int MAX_TEXT = 300;

    /** Where evidence is found. */
    public enum Source {
        /** The exit code. */
        EXIT_CODE,
        /** The errors. */
        STDERR,
        /** The output. */
        STDOUT
    }

    /** What is taken for evidence. Append-only. */
    public enum Rule {
        /** The exit code is STATUS_ACCESS_DENIED of Windows, 0xC0000022: a program that could not even start. */
        STATUS_ACCESS_DENIED,
        /** The exit code is that of SIGSYS, by which a seccomp filter ends a process. */
        SIGSYS,
        /** EACCES, by its name, number or text in one of 30 languages. */
        EACCES,
        /** EPERM, likewise. */
        EPERM,
        /** EROFS, likewise. */
        EROFS,
        /** Error 5 of Windows, by its number in any language, or by its text. */
        ERROR_ACCESS_DENIED,
        /** A class of exceptions that means a denied access: of Java, .NET, PowerShell. */
        ACCESS_EXCEPTION,
        /** WSAEACCES of Windows: a socket that the process may not have. */
        WSAEACCES,
        /** The network cannot be reached. */
        ENETUNREACH,
        /** No name is resolved. */
        NAME_RESOLUTION,
        /** The proxy of the sandbox refused. */
        PROXY_REFUSAL,
        /**
         * A tool says that it cannot open, create or write, and not why. Counts only for what the policy confines.
         */
        UNEXPLAINED_WRITE,
        /**
         * A server says 403. Counts only where the policy names hosts and the one that was asked is none of them: the
         * proxy of the sandbox says so too.
         */
        UNEXPLAINED_403,
        /** A tool says that it cannot connect, and not why. Counts only where the policy closes the network. */
        UNEXPLAINED_CONNECT
    }

    /** Makes the text fit to be printed: it is the child that chose it. */
    public LikelyDenial {
        String printable = CharMatcher.javaIsoControl().replaceFrom(text, '?');
        text = printable.length() <= MAX_TEXT ? printable : printable.substring(0, MAX_TEXT);
    }

    /** One line, such as {@code FILE_WRITE likely denied (EACCES, STDERR line 1): touch: cannot touch '/x': ...}. */
    @Override
    public String toString() {
        return capability.map(Capability::name).orElse("something")
                + " likely denied ("
                + rule
                + ", "
                + source
                + (source == Source.EXIT_CODE ? "" : " line " + line)
                + "): "
                + text;
    }
}

package io.cordon.sandbox.windows;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A JVM with a sleeping tree: {@code plain|sandbox ROOT halt|crash|return}. Prints the ids of the tree, and when a line
 * is typed, ends as it was told.
 */
public final class TreeMain {
    private TreeMain() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        TwoWays ways = TwoWays.open(Path.of(arguments[1])); // never closed
        ProcessBuilder builder = new ProcessBuilder(Sleepers.nested())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD);
        Process root = arguments[0].equals("plain") ? ways.plain(builder) : ways.confined(builder);
        ImmutableList<Long> descendants = Sleepers.awaitDescendants(root.toHandle(), 2);
        System.out.println(Joiner.on(' ')
                .join(Streams.concat(Stream.of(root.pid()), descendants.stream())
                        .iterator()));
        System.out.flush();

        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)).readLine();
        switch (arguments[2]) {
            case "halt" -> Runtime.getRuntime().halt(3);
            case "crash" -> crash();
            case "return" -> {}
            default -> throw new IllegalArgumentException(arguments[2]);
        }
    }

    /** By a write that the JVM does not survive; JNA would turn it into an exception. */
    private static void crash() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field unsafe = type.getDeclaredField("theUnsafe");
        unsafe.setAccessible(true);
        type.getMethod("putInt", long.class, int.class).invoke(unsafe.get(null), 0L, 1);
    }
}

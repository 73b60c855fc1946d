package io.cordon.sandbox.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The headers of mingw-w64, which declare what those of the Windows SDK declare. Their compiler is asked for values, and
 * nothing is run. Debian's package is gcc-mingw-w64-x86-64-win32, which the enforcing Wine is built with as well.
 */
final class MingwHeaders {
    private static final Path COMPILER = Path.of("/usr/bin/x86_64-w64-mingw32-gcc");

    /** As new as can be: the headers leave out what an older Windows does not have. */
    private static final String PROLOGUE = """
            #define _WIN32_WINNT 0x0A00
            #define NTDDI_VERSION 0x0A00000C
            #include <winsock2.h>
            #include <windows.h>
            #include <accctrl.h>
            #include <stddef.h>
            #include <lm.h>
            #include <ntsecapi.h>
            #include <wincrypt.h>
            #include <shellapi.h>
            #include <fwpmu.h>
            #include <ntstatus.h>
            """
            // Not in the headers of version 10: as its page documents it, where an enumeration is as wide as a DWORD.
            + """
            #ifndef JOB_OBJECT_NET_RATE_CONTROL_MAX_DSCP_TAG
            typedef struct {
              DWORD64 MaxBandwidth;
              DWORD ControlFlags;
              BYTE DscpTag;
            } JOBOBJECT_NET_RATE_CONTROL_INFORMATION;
            #endif
            """;

    private MingwHeaders() {}

    /**
     * The values of C expressions. Skips the test where there is no compiler; fails it where the enforcing Wine is
     * demanded, whose machine has one.
     */
    static ImmutableMap<String, Long> values(ImmutableList<String> expressions, Path directory) throws Exception {
        boolean installed = Files.isExecutable(COMPILER);
        if (System.getProperty("cordon.test.require", "").contains("wine-enforcing")) {
            assertThat(installed).as("the compiler %s is installed", COMPILER).isTrue();
        }
        assumeTrue(installed, "mingw-w64 is not installed");

        StringBuilder source = new StringBuilder(PROLOGUE);
        for (int i = 0; i < expressions.size(); i++) {
            source.append("const long long value%d = (long long) (%s);\n".formatted(i, expressions.get(i)));
        }
        String assembly = compile(Files.writeString(directory.resolve("values.c"), source));

        ImmutableMap.Builder<String, Long> values = ImmutableMap.builder();
        for (int i = 0; i < expressions.size(); i++) {
            // What is zero is not written out, but left as space.
            Matcher value = Pattern.compile("\\nvalue" + i + ":\\s+\\.(quad|space)\\s+(-?\\d+)\\s")
                    .matcher(assembly);
            assertThat(value.find()).as("the value of " + expressions.get(i)).isTrue();
            values.put(expressions.get(i), value.group(1).equals("quad") ? Long.parseLong(value.group(2)) : 0);
        }
        return values.buildOrThrow();
    }

    private static String compile(Path source) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(COMPILER.toString(), "-S", "-o", "-", source.toString())
                .redirectError(source.resolveSibling("messages").toFile())
                .start();
        String assembly = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        int exitCode = process.waitFor();
        assertThat(exitCode)
                .as(Files.readString(source.resolveSibling("messages")))
                .isZero();
        return assembly;
    }
}

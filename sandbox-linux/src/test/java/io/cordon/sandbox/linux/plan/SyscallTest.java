package io.cordon.sandbox.linux.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The numbers against the kernel's headers, where these are installed; what is newer than they are is left out. */
class SyscallTest {
    private static final Pattern DEFINITION = Pattern.compile("#define __NR(?:3264)?_(\\w+)\\s+(\\d+)");

    @Test
    void numbersOfX8664AreThoseOfTheHeader() throws Exception {
        compare(Architecture.X86_64, Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"));
    }

    @Test
    void numbersOfAarch64AreThoseOfTheHeader() throws Exception {
        compare(Architecture.AARCH64, Path.of("/usr/include/asm-generic/unistd.h"));
    }

    private static void compare(Architecture architecture, Path header) throws IOException {
        assumeTrue(Files.exists(header), header + " is not installed (package linux-libc-dev)");
        Map<String, Integer> numbers = new HashMap<>();
        Matcher definitions = DEFINITION.matcher(Files.readString(header));
        while (definitions.find()) {
            numbers.put(definitions.group(1), Integer.valueOf(definitions.group(2)));
        }
        assertThat(numbers).hasSizeGreaterThan(300);
        int newest = numbers.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        for (Syscall call : Syscall.values()) {
            if (call.number(architecture) > newest) {
                continue;
            }
            assertThat(call.number(architecture))
                    .as(call.name())
                    .isEqualTo(numbers.getOrDefault(call.name().toLowerCase(Locale.ROOT), -1));
        }
    }
}

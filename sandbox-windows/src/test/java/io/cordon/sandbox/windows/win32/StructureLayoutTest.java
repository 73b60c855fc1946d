package io.cordon.sandbox.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.sun.jna.Structure;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the structures with layout.txt, which {@code src/test/c/layout.c} printed from the mingw-w64 headers. */
class StructureLayoutTest {
    private static final ImmutableMap<String, Integer> LAYOUT = layout();

    private static ImmutableMap<String, Integer> layout() {
        try (InputStream in = Objects.requireNonNull(StructureLayoutTest.class.getResourceAsStream("layout.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            ImmutableMap.Builder<String, Integer> layout = ImmutableMap.builder();
            for (String line : Splitter.on('\n').omitEmptyStrings().split(text)) {
                List<String> words = Splitter.on(' ').splitToList(line);
                layout.put(words.get(0), Integer.valueOf(words.get(1)));
            }
            return layout.buildOrThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<Class<?>> structures() {
        return Arrays.stream(Structures.class.getDeclaredClasses())
                .filter(type -> type.isAnnotationPresent(Structure.FieldOrder.class));
    }

    @ParameterizedTest
    @MethodSource("structures")
    void aStructureHasTheSizeAndTheOffsetsOfTheHeaders(Class<? extends Structure> type) throws Exception {
        // given
        Constructor<? extends Structure> constructor = type.getDeclaredConstructor();
        LayoutReader structure = new LayoutReader(constructor.newInstance());
        String name = type.getSimpleName();

        // then
        assertThat(structure.size()).as(name).isEqualTo(LAYOUT.get(name));
        for (String field : Objects.requireNonNull(type.getAnnotation(Structure.FieldOrder.class))
                .value()) {
            // TOKEN_MANDATORY_LABEL has its fields in a SID_AND_ATTRIBUTES.
            String inHeader = name + (name.equals("TOKEN_MANDATORY_LABEL") ? ".Label." : ".") + field;
            assertThat(structure.offset(field)).as(inHeader).isEqualTo(LAYOUT.get(inHeader));
        }
    }

    @Test
    void theOffsetsThatAreUsedWithoutAStructureAreThoseOfTheHeaders() {
        assertThat(JnaFileCalls.FILE_BASIC_INFO_SIZE).isEqualTo(LAYOUT.get("FILE_BASIC_INFO"));
        assertThat(JnaFileCalls.FILE_BASIC_INFO_ATTRIBUTES).isEqualTo(LAYOUT.get("FILE_BASIC_INFO.FileAttributes"));
        assertThat(JnaFileCalls.NEXT_ENTRY_OFFSET).isEqualTo(LAYOUT.get("FILE_ID_BOTH_DIR_INFO.NextEntryOffset"));
        assertThat(JnaFileCalls.FILE_NAME_LENGTH).isEqualTo(LAYOUT.get("FILE_ID_BOTH_DIR_INFO.FileNameLength"));
        assertThat(JnaFileCalls.FILE_NAME).isEqualTo(LAYOUT.get("FILE_ID_BOTH_DIR_INFO.FileName"));
    }

    /** Where the compiler is installed, it checks the data without running anything. */
    @Test
    void theDataAgreeWithTheInstalledHeaders(@TempDir Path directory) throws Exception {
        // given
        Path compiler = Path.of("/usr/bin/x86_64-w64-mingw32-gcc");
        Assumptions.assumeTrue(Files.isExecutable(compiler), "mingw-w64 is not installed");
        StringBuilder source =
                new StringBuilder("#define _WIN32_WINNT 0x0A00\n#include <windows.h>\n#include <stddef.h>\n");
        for (Map.Entry<String, Integer> entry : LAYOUT.entrySet()) {
            List<String> names = Splitter.on('.').limit(2).splitToList(entry.getKey());
            String value = names.size() == 1
                    ? "sizeof(" + names.get(0) + ")"
                    : "offsetof(" + names.get(0) + ", " + names.get(1) + ")";
            source.append("_Static_assert(%s == %d, \"%s\");\n".formatted(value, entry.getValue(), entry.getKey()));
        }
        Path file = Files.writeString(directory.resolve("check.c"), source);

        // when
        Process process = new ProcessBuilder(compiler.toString(), "-fsyntax-only", file.toString())
                .redirectErrorStream(true)
                .start();
        String messages = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // then
        assertThat(process.waitFor()).as(messages).isZero();
    }

    /** JNA shows the offsets of fields to subclasses only. */
    private record LayoutReader(Structure structure) {
        int size() {
            return structure.size();
        }

        int offset(String field) throws ReflectiveOperationException {
            structure.size(); // which computes the layout
            var offset = Structure.class.getDeclaredMethod("fieldOffset", String.class);
            offset.setAccessible(true);
            return (int) offset.invoke(structure, field);
        }
    }
}

package io.cordon.sandbox.windows.win32;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.sun.jna.Structure;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the structures with {@code layout.txt}, and that with the headers where they are installed. */
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
        return Stream.of(Structures.class, SetupStructures.class)
                .flatMap(types -> Arrays.stream(types.getDeclaredClasses()))
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
    void theDataAreThoseOfTheInstalledHeaders(@TempDir Path directory) throws Exception {
        ImmutableMap<String, Long> expected = LAYOUT.entrySet().stream()
                .collect(toImmutableMap(entry -> expression(entry.getKey()), entry -> (long) entry.getValue()));
        assertThat(MingwHeaders.values(expected.keySet().asList(), directory)).isEqualTo(expected);
    }

    private static String expression(String name) {
        List<String> names = Splitter.on('.').limit(2).splitToList(name);
        return names.size() == 1 ? "sizeof(" + name + ")" : "offsetof(" + names.get(0) + ", " + names.get(1) + ")";
    }

    @Test
    void theDataHaveNothingElse() {
        assertThat(LAYOUT.keySet().stream()
                        .map(name -> Splitter.on('.').splitToList(name).get(0))
                        .collect(toImmutableSet()))
                .isEqualTo(structures().map(Class::getSimpleName).collect(toImmutableSet()));
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

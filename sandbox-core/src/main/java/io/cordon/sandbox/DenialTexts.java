package io.cordon.sandbox;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What C libraries and Windows print for the errors that mean a denial, in the languages that they speak. */
final class DenialTexts {
    private static final ImmutableSetMultimap<String, String> TEXTS = read();

    private DenialTexts() {}

    private static ImmutableSetMultimap<String, String> read() {
        URL resource = Objects.requireNonNull(DenialTexts.class.getResource("denial-texts.txt"));
        ImmutableSetMultimap.Builder<String, String> texts = ImmutableSetMultimap.builder();
        try {
            for (String line : Resources.readLines(resource, StandardCharsets.UTF_8)) {
                if (!line.startsWith("#")) {
                    List<String> parts = Splitter.on(' ').limit(3).splitToList(line);
                    texts.put(parts.get(0), parts.get(2));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a broken artifact
        }
        return texts.build();
    }

    /** The alternatives of a pattern that finds an error by its texts. */
    static String alternatives(String error) {
        return TEXTS.get(error).stream().map(Pattern::quote).collect(Collectors.joining("|", "(?:", ")"));
    }
}

package io.cordon.sandbox;

import com.google.common.base.Joiner;
import com.google.common.escape.CharEscaperBuilder;
import com.google.common.escape.Escaper;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/** Values as JSON (RFC 8259), in the order in which they come. */
final class JsonText {
    private static final int CONTROLS = 0x20;
    private static final Escaper ESCAPER = escaper();

    private JsonText() {}

    private static Escaper escaper() {
        CharEscaperBuilder builder =
                new CharEscaperBuilder().addEscape('"', "\\\"").addEscape('\\', "\\\\");
        for (char control = 0; control < CONTROLS; control++) {
            builder.addEscape(control, "\\u%04x".formatted((int) control));
        }
        return builder.toEscaper();
    }

    static String string(String text) {
        return '"' + ESCAPER.escape(text) + '"';
    }

    /** Members that are JSON already. */
    static String object(Map<String, String> members) {
        return "{"
                + Joiner.on(',')
                        .join(members.entrySet().stream()
                                .map(member -> string(member.getKey()) + ":" + member.getValue())
                                .toList())
                + "}";
    }

    /** Elements that the function makes JSON of. */
    static <T> String array(Collection<T> elements, Function<T, String> json) {
        return "[" + Joiner.on(',').join(elements.stream().map(json).toList()) + "]";
    }
}

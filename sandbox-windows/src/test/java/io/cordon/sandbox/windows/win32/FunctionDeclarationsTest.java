package io.cordon.sandbox.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The declarations of functions, by the sources: {@link BoundFunctionsTest} tries the functions themselves. */
@Timeout(60)
class FunctionDeclarationsTest {
    @Test
    void everyFunctionIsCalledAndLeadsToItsPage() throws Exception {
        // given
        ImmutableList<String> sources = MainClasses.sources();
        String all = String.join("\n", sources);
        List<String> wrong = new ArrayList<>();
        int functions = 0;

        // when
        for (Class<?> library : MainClasses.functionInterfaces()) {
            String constant = library.getSimpleName().replace("Functions", "").toUpperCase(Locale.ROOT);
            String source = sources.stream()
                    .filter(text -> text.contains("interface " + library.getSimpleName() + " "))
                    .findFirst()
                    .orElseThrow();
            for (Method method : library.getDeclaredMethods()) {
                functions++;
                String name = library.getSimpleName() + "." + method.getName();
                if (!Pattern.compile("\\b" + constant + "\\s*\\." + method.getName() + "\\(")
                        .matcher(all)
                        .find()) {
                    wrong.add(name + " is not called");
                }
                if (!leadsToItsPage(source, method.getName())) {
                    wrong.add(name + " has no link to its page on learn.microsoft.com right before it");
                }
            }
        }

        // then
        assertThat(wrong).isEmpty();
        assertThat(functions).isGreaterThan(40);
    }

    /** In a comment that ends right before the declaration; the page's name ends in W where the function has an A. */
    private static boolean leadsToItsPage(String source, String function) {
        String page = function.toLowerCase(Locale.ROOT);
        return Pattern.compile("\"https://learn\\.microsoft\\.com/windows/\\S*[-/]" + page
                        + "w?\"[^;{]*\\*/\\s+(@Nullable\\s+)?\\w+ " + function + "\\(")
                .matcher(source)
                .find();
    }
}

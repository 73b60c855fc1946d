package io.cordon.sandbox.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.sun.jna.NativeLibrary;
import com.sun.jna.win32.W32APIOptions;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** JNA looks a function up when it is first called; here all of them are looked up. */
@Tag("windows")
@Timeout(60)
class BoundFunctionsTest {
    /** What Debian 12's Wine does not export, with the reason why it is declared all the same. */
    private static final ImmutableMap<String, String> ABSENT_ON_WINE_8 =
            ImmutableMap.of("DeleteProfile", "no account has a profile to delete before it was logged on");

    /** As JNA does with {@link W32APIOptions#UNICODE_OPTIONS}: by its name, else with a W at its end. */
    private static boolean isExported(NativeLibrary library, String function) {
        for (String name : List.of(function, function + "W")) {
            try {
                library.getFunction(name);
                return true;
            } catch (UnsatisfiedLinkError e) {
                // the other one, then
            }
        }
        return false;
    }

    @Test
    void everyFunctionIsExportedByItsLibrary() throws Exception {
        // given
        boolean wine8 = new JnaHostCalls()
                .wineVersion()
                .filter(version -> version.startsWith("8."))
                .isPresent();
        boolean stock = "stock".equals(System.getProperty("cordon.test.wine"));
        List<String> wrong = new ArrayList<>();
        int functions = 0;

        // when
        for (Class<?> type : MainClasses.functionInterfaces()) {
            String name = type.getSimpleName().replace("Functions", "").toLowerCase(Locale.ROOT);
            NativeLibrary library = NativeLibrary.getInstance(name, W32APIOptions.UNICODE_OPTIONS);
            for (Method method : type.getDeclaredMethods()) {
                functions++;
                boolean absent = (wine8 && ABSENT_ON_WINE_8.containsKey(method.getName()))
                        || (stock && type == UserenvFunctions.class); // it has no AppContainers
                if (isExported(library, method.getName()) == absent) {
                    wrong.add(name + "!" + method.getName() + (absent ? " is there after all" : " is not exported"));
                }
            }
        }

        // then
        assertThat(wrong).isEmpty();
        assertThat(functions).isGreaterThan(40);
    }

    /** The positive control of the look-up. */
    @Test
    void whatNoLibraryExportsIsNotFound() {
        NativeLibrary kernel32 = NativeLibrary.getInstance("kernel32", W32APIOptions.UNICODE_OPTIONS);
        assertThat(isExported(kernel32, "NoSuchFunction")).isFalse();
        assertThat(isExported(kernel32, "CreateFile"))
                .as("exported with a W only")
                .isTrue();
    }
}

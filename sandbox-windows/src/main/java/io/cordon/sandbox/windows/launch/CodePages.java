package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.nio.charset.Charset;

/**
 * The charsets of code pages that Windows uses as ANSI or OEM code page.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/intl/code-page-identifiers">Code Page Identifiers</a>
 */
public final class CodePages {
    /** Where a name of Java differs from "IBM" or "windows-" with the number. */
    private static final ImmutableMap<Integer, String> NAMES = ImmutableMap.<Integer, String>builder()
            .put(737, "x-IBM737")
            .put(858, "IBM00858")
            .put(874, "x-windows-874")
            .put(932, "windows-31j")
            .put(936, "x-mswin-936") // not GBK, which lacks the euro sign
            .put(949, "x-windows-949")
            .put(950, "x-windows-950")
            .put(1200, "UTF-16LE")
            .put(1201, "UTF-16BE")
            .put(1361, "x-Johab")
            .put(10000, "x-MacRoman")
            .put(20127, "US-ASCII")
            .put(20866, "KOI8-R")
            .put(20932, "EUC-JP")
            .put(21866, "KOI8-U")
            .put(51932, "EUC-JP")
            .put(51936, "GB2312")
            .put(51949, "EUC-KR")
            .put(54936, "GB18030")
            .put(65001, "UTF-8")
            .buildOrThrow();

    private static final int LATIN_1 = 28591;
    private static final int LATIN_9 = 28605;

    private CodePages() {}

    /**
     * The charset of a code page.
     *
     * @throws SandboxException with {@link SandboxErrorCode#CHARSET_UNAVAILABLE} if this JVM has none
     */
    public static Charset charset(int codePage) throws SandboxException {
        String name = name(codePage);
        if (!Charset.isSupported(name)) {
            throw new SandboxException(
                    SandboxErrorCode.CHARSET_UNAVAILABLE,
                    "code page " + codePage + " (" + name + "): this JVM has no such charset; "
                            + "add the module jdk.charsets, or name a charset with charset(Charset)");
        }
        return Charset.forName(name);
    }

    private static String name(int codePage) {
        String name = NAMES.get(codePage);
        if (name != null) {
            return name;
        }
        if (codePage >= 1250 && codePage <= 1258) {
            return "windows-" + codePage;
        }
        if (codePage >= LATIN_1 && codePage <= LATIN_9) {
            return "ISO-8859-" + (codePage - LATIN_1 + 1);
        }
        return "IBM" + codePage;
    }
}

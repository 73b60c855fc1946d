package io.cordon.sandbox.linux.syscall;

import com.sun.jna.Memory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Text and clear memory for C. */
final class NativeText {
    /**
     * As the JDK encodes file names, so that a path means the same file for both; in the POSIX locale, where the JDK
     * turns every other character into a question mark, UTF-8.
     */
    private static final Charset CHARSET = charset();

    private NativeText() {}

    private static Charset charset() {
        Charset ofFileNames = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        return ofFileNames.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : ofFileNames;
    }

    static byte[] encoded(String text) {
        return text.getBytes(CHARSET);
    }

    static Memory terminated(String text) {
        byte[] bytes = encoded(text);
        Memory memory = cleared(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        return memory;
    }

    static Memory cleared(long size) {
        Memory memory = new Memory(size);
        memory.clear();
        return memory;
    }
}

package io.cordon.sandbox.windows.win32;

import io.cordon.sandbox.windows.security.LabelAce;
import java.util.Optional;

/** What a test does with the files of a {@link FakeWindows}. */
public interface FakeFiles {
    /** Puts a file there, or another content into it. */
    void put(String path, byte[] content);

    /** Puts a directory there. */
    void putDirectory(String path);

    /** Gives a file or directory, which has to be there, another path; it keeps its identity and its descriptor. */
    void move(String from, String to);

    /** The content of a file, if it is there. */
    Optional<byte[]> content(String path);

    /** The label of a file or directory, which has to be there. */
    Optional<LabelAce> label(String path);
}

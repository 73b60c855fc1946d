package io.cordon.sandbox.windows.win32;

import java.io.InputStream;
import java.io.OutputStream;

/** What a fake child does from its first instruction on; it is interrupted when its process is ended. */
@FunctionalInterface
public interface FakeProgram {
    /** Runs, and tells the exit code. */
    int run(Child child) throws Exception;

    /**
     * What a program finds.
     *
     * @param start how it was started
     * @param stdin what it reads; at its end if it inherited nothing
     * @param stdout where its output goes
     * @param stderr where its errors go
     */
    record Child(ProcessCalls.Start start, InputStream stdin, OutputStream stdout, OutputStream stderr) {}
}

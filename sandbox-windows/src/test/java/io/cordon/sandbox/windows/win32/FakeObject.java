package io.cordon.sandbox.windows.win32;

/** What a handle of {@link FakeWindows} stands for, and whoever else holds on to it. Guarded by its FakeWindows. */
abstract class FakeObject {
    private int references;

    final void retain() {
        references++;
    }

    final void release() {
        references--;
        if (references == 0) {
            onLastRelease();
        }
    }

    /** Before a handle is closed; may wait for a change. */
    void beforeClose() {}

    /** The last handle was closed, and no process has inherited one. */
    void onLastRelease() {}

    /** What it is, for messages: "a job". */
    abstract String kind();
}

package io.cordon.sandbox.windows.win32;

/**
 * A pseudo console that hands on what is typed and shown as it is. It has copies of both pipes. Like that of Windows before
 * build 26100 it is not closed before all that it shows was read, or its reader is gone.
 */
final class FakeTerminal extends FakeObject {
    private final FakeWindows windows;
    private final FakeStream input;
    private final FakeStream output;

    FakeTerminal(FakeWindows windows, FakeStream input, FakeStream output) {
        this.windows = windows;
        this.input = input;
        this.output = output;
        input.retain();
        output.retain();
    }

    FakeStream input() {
        return input;
    }

    FakeStream output() {
        return output;
    }

    @Override
    void beforeClose() {
        while (output.hasUnread()) {
            windows.awaitChange();
        }
    }

    @Override
    void onLastRelease() {
        input.release();
        output.release();
    }

    @Override
    String kind() {
        return "a pseudo console";
    }
}

package io.cordon.sandbox.windows.win32;

/** A pseudo console that hands on what is typed and shown as it is. It has copies of both pipes. */
final class FakeTerminal extends FakeObject {
    private final FakeStream input;
    private final FakeStream output;

    FakeTerminal(FakeStream input, FakeStream output) {
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
    void onLastRelease() {
        input.release();
        output.release();
    }

    @Override
    String kind() {
        return "a pseudo console";
    }
}
